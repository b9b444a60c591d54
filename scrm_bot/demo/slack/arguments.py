"""Arguments of a Web API call, merged from query string, form and JSON, whatever the method."""

from dataclasses import dataclass

from aiohttp import web

from scrm_bot.demo.slack.errors import RefusalError
from scrm_bot.demo.slack.wire import Json, parse

TRUE = {"1", "true", "True"}
BEARER = "Bearer "


@dataclass(frozen=True, slots=True)
class Arguments:
    values: Json

    def text(self, name: str) -> str:
        """The argument as text, empty when absent."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def need(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise RefusalError("invalid_arguments", messages=[f"[ERROR] missing required field: {name}"])
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.values.get(name)
        return default if value is None else str(value) in TRUE

    def number(self, name: str, *, default: int) -> int:
        try:
            return int(self.text(name) or default)
        except ValueError as error:
            message = f"[ERROR] must be an integer [json-pointer:/{name}]"
            raise RefusalError("invalid_arguments", messages=[message]) from error

    def names(self, name: str) -> list[str]:
        """A list given as JSON or separated by commas."""
        value = self.values.get(name)
        if isinstance(value, list):
            return [str(each) for each in value]
        return [each.strip() for each in self.text(name).split(",") if each.strip()]

    def json(self, name: str) -> object:
        """A value that may have come as JSON in a form field."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return parse(value) if value else None
        except ValueError as error:
            message = f"[ERROR] must be valid JSON [json-pointer:/{name}]"
            raise RefusalError("invalid_arguments", messages=[message]) from error


async def read(request: web.Request) -> tuple[Arguments, str, list[str]]:
    """The merged arguments, the token, and warnings about how they were sent."""
    merged: Json = dict(request.query)
    warnings: list[str] = []
    if request.content_type == "application/json":
        body = await _json_body(request)
        if request.charset is None and body:
            warnings.append("missing_charset")
        body.pop("token", None)
        merged |= body
    elif request.method == "POST":
        form = await request.post()
        merged |= {key: value for key, value in form.items() if isinstance(value, str)}
    header = request.headers.get("Authorization", "")
    carried = str(merged.pop("token", ""))
    token = header[len(BEARER) :] if header.startswith(BEARER) else carried
    return Arguments(merged), token, warnings


async def _json_body(request: web.Request) -> Json:
    raw = await request.read()
    if not raw:
        return {}
    try:
        body = parse(raw)
    except ValueError as error:
        raise RefusalError("invalid_json") from error
    if not isinstance(body, dict):
        raise RefusalError("json_not_object")
    return {key: value for key, value in body.items() if value is not None}
