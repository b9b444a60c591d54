"""The Web API: one door for every method, with tokens, scopes, rates and Slack's answers."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from email.utils import formatdate

from aiohttp import web

from scrm_bot.demo.slack import arguments
from scrm_bot.demo.slack.arguments import Arguments
from scrm_bot.demo.slack.errors import RefusalError
from scrm_bot.demo.slack.tokens import Token, TokenKind
from scrm_bot.demo.slack.wire import Json
from scrm_bot.demo.slack.workspace import Call, Workspace

SECRETS = {"client_secret", "token", "refresh_token"}


@dataclass(frozen=True, slots=True)
class Ask:
    """One call, ready to be answered."""

    space: Workspace
    args: Arguments
    token: Token
    request: web.Request


@dataclass(frozen=True, slots=True)
class Method:
    """How a method is answered, which kind of token it takes, and the scopes of which it needs one."""

    run: Callable[[Ask], Awaitable[Json]]
    scopes: tuple[str, ...] = ()
    takes: TokenKind = "bot"


NOBODY = Token("", "none", frozenset())


@dataclass(frozen=True, slots=True)
class WebApi:
    space: Workspace
    methods: Mapping[str, Method]

    async def handle(self, request: web.Request) -> web.Response:
        name = request.match_info["method"]
        args, warnings = Arguments(dict(request.query)), list[str]()
        headers: dict[str, str] = {}
        try:
            args, secret, warnings = await arguments.read(request)
            answer = await self._answer(name, args, secret, request)
            status = 200
        except RefusalError as error:
            answer = error.to_answer()
            status, headers = _status(error)
        answer = _with_warnings(answer, warnings)
        self._record(name, args, answer)
        headers |= {"Date": formatdate(self.space.world.clock(), usegmt=True), **self._scope_headers(name)}
        return web.json_response(answer, status=status, headers=headers)

    async def _answer(self, name: str, args: Arguments, secret: str, request: web.Request) -> Json:
        method = self.methods.get(name)
        if method is None:
            raise RefusalError("unknown_method", req_method=name)
        token = NOBODY if method.takes == "none" else self.space.keys.check(secret)
        if token.kind != method.takes:
            raise RefusalError("not_allowed_token_type")
        token.need(*method.scopes)
        self.space.rates.count(name)
        return {"ok": True, **await method.run(Ask(self.space, args, token, request))}

    def _record(self, name: str, args: Arguments, answer: Json) -> None:
        told = {key: "…" if key in SECRETS else value for key, value in args.values.items()}
        self.space.calls.append(Call(name, told, answer))
        self.space.hub.publish("call", frozenset(), method=name)

    def _scope_headers(self, name: str) -> dict[str, str]:
        method, token = self.methods.get(name), self.space.keys.bot
        if method is None or token is None:
            return {}
        accepted = ",".join(method.scopes)
        return {"X-OAuth-Scopes": ",".join(sorted(token.scopes)), "X-Accepted-OAuth-Scopes": accepted}


def _status(error: RefusalError) -> tuple[int, dict[str, str]]:
    if error.retry_after is None:
        return 200, {}
    return 429, {"Retry-After": str(error.retry_after)}


def _with_warnings(answer: Json, warnings: list[str]) -> Json:
    """Warnings in both places where Slack puts them."""
    metadata = dict(answer.get("response_metadata", {}))
    every = [*metadata.get("warnings", []), *warnings]
    if not every:
        return answer
    return {**answer, "warning": ",".join(every), "response_metadata": {**metadata, "warnings": every}}
