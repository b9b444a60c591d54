"""What a delivery of Slack's can mean to the bot."""

from dataclasses import dataclass

from scrm_bot.slack.command import Deed, Suggestion

MOST_TEXT = 12_000  # of one message, or one input of a step: to read more at once would hold up everybody


@dataclass(frozen=True, slots=True)
class Reading:
    """What somebody did, ready to be recorded.

    `dedupe` is equal for every delivery of the same thing. `leaked` says that an API key was masked in it,
    `cut` that it holds only the beginning of a text that was too long, which nothing may be done with.
    """

    deed: Deed
    dedupe: str
    leaked: bool = False
    cut: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether nothing has to be said about it besides the answer."""
        return not (self.leaked or self.cut)


@dataclass(frozen=True, slots=True)
class Uninstalled:
    """The bot was removed from a workspace, or its token revoked (docs: app_uninstalled, tokens_revoked)."""

    team_id: str
    at: int = 0  # seconds since 1970, 0 where Slack did not say


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing to do."""


Received = Reading | Suggestion | Uninstalled | Ignored
IGNORED = Ignored()
