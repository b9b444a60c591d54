"""How a person's click ended, in the words their page shows."""

from dataclasses import dataclass, field

from scrm_bot.demo.slack.wire import Json

TROUBLE = "We had some trouble connecting. Try again?"


@dataclass(frozen=True, slots=True)
class Outcome:
    ok: bool = True
    error: str = ""
    message: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    def to_ui(self) -> Json:
        told: Json = {"ok": self.ok}
        for key in ("error", "message", "errors"):
            if value := getattr(self, key):
                told[key] = value
        return told


def failed(error: str, message: str = TROUBLE) -> Outcome:
    return Outcome(ok=False, error=error, message=message)
