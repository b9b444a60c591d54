"""What SocialCRM allows, as a test says."""

from typing import TYPE_CHECKING

from scrm_bot.domain.limits import BudgetState, Limits

if TYPE_CHECKING:
    from scrm_bot.domain.errors import ScrmError


class FakeLimits:
    """Answers with `stands`, or raises `raises`."""

    def __init__(self) -> None:
        self.stands = Limits(BudgetState())
        self.raises: ScrmError | None = None

    async def state(self) -> Limits:
        if self.raises:
            raise self.raises
        return self.stands
