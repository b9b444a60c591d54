"""Reading a view the bot sends, and refusing what Slack would refuse."""

from scrm_bot.demo.slack import blockkit
from scrm_bot.demo.slack.blockkit_schema import Surface
from scrm_bot.demo.slack.errors import RefusalError
from scrm_bot.demo.slack.wire import Json, compact, parse

VIEW_BYTES = 250_000


def read_view(value: object, surface: Surface) -> Json:
    """The view in an argument, checked."""
    if value in (None, ""):
        raise RefusalError("invalid_arguments", messages=["[ERROR] missing required field: view"])
    document = _decoded(value)
    if len(compact(document).encode()) > VIEW_BYTES:
        raise RefusalError("view_too_large")
    found = [str(problem) for problem in blockkit.problems(document, surface)]
    if found:
        raise RefusalError("invalid_arguments", messages=[f"[ERROR] {each}" for each in found])
    return document


def _decoded(value: object) -> Json:
    try:
        document = parse(value) if isinstance(value, str) else value
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise RefusalError(
            "invalid_arguments", messages=["[ERROR] must provide an object [json-pointer:/view]"]
        )
    return document
