"""Refusals of the Web API, in Slack's shape."""

from collections.abc import Sequence

from scrm_bot.demo.slack.wire import Json


class RefusalError(Exception):
    """A call that Slack refuses: `{"ok": false, "error": code, ...}`."""

    def __init__(
        self,
        code: str,
        *,
        messages: Sequence[str] = (),
        errors: Sequence[str] = (),
        retry_after: int | None = None,
        **extra: str,
    ) -> None:
        super().__init__(code, *messages)
        self.code = code
        self.retry_after = retry_after
        self._messages = list(messages)
        self._errors = list(errors)
        self._extra = extra

    def to_answer(self) -> Json:
        answer: Json = {"ok": False, "error": self.code, **self._extra}
        if self._errors:
            answer["errors"] = self._errors
        if self._messages:
            answer["response_metadata"] = {"messages": self._messages}
        return answer


class DeliveryError(Exception):
    """A delivery to the bot that did not get through, by Slack's word for the reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UnknownThingError(LookupError):
    """A person named something the workspace does not have."""
