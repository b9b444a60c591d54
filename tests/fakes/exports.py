"""The files that would be in Slack."""

from scrm_bot.domain.audit import Filter, Found
from scrm_bot.domain.errors import SlackRefusedError


class FakeExports:
    """`sent` is every log with its filter and its place. `refusal` is Slack's word instead of taking one."""

    def __init__(self) -> None:
        self.sent: list[tuple[Found, Filter, str, str]] = []
        self.refusal = ""

    async def audit_log(self, found: Found, wanted: Filter, *, to: str, thread_ts: str = "") -> None:
        if self.refusal:
            raise SlackRefusedError(self.refusal, method="files.getUploadURLExternal")
        self.sent.append((found, wanted, to, thread_ts))
