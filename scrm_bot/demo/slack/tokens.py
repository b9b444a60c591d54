"""Which tokens are good, and what each may do."""

from dataclasses import dataclass, field
from typing import Literal

from scrm_bot.demo.slack import mint
from scrm_bot.demo.slack.errors import RefusalError
from scrm_bot.demo.slack.world import World

TokenKind = Literal["bot", "app", "none"]


@dataclass(frozen=True, slots=True)
class Token:
    secret: str = field(repr=False)
    kind: TokenKind
    scopes: frozenset[str]

    def need(self, *any_of: str) -> None:
        """Refuse unless the token has one of the scopes."""
        if any_of and not self.scopes.intersection(any_of):
            raise RefusalError("missing_scope", needed=any_of[0], provided=",".join(sorted(self.scopes)))


@dataclass(slots=True)
class Keyring:
    world: World
    _tokens: dict[str, Token] = field(default_factory=dict)
    _revoked: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        app = self.world.app
        self._tokens[app.app_token] = Token(app.app_token, "app", frozenset({"connections:write"}))
        if self.world.installed:
            self._tokens[app.bot_token] = Token(app.bot_token, "bot", self.world.read_manifest().scopes)

    @property
    def bot(self) -> Token | None:
        """The token of the one installation, while there is one."""
        return next((token for token in self._tokens.values() if token.kind == "bot"), None)

    def install(self, scopes: frozenset[str]) -> Token:
        """Install or reinstall: the same token with more scopes, or a new one after a revocation."""
        old = self.bot
        secret = old.secret if old else self.world.app.bot_token
        if secret in self._revoked:
            secret = mint.bot_token()
        granted = scopes | (old.scopes if old else frozenset())
        self._tokens[secret] = Token(secret, "bot", granted)
        return self._tokens[secret]

    def revoke(self, token: Token) -> None:
        self._tokens.pop(token.secret, None)
        self._revoked.add(token.secret)

    def check(self, secret: str) -> Token:
        if not secret:
            raise RefusalError("not_authed")
        if secret in self._revoked:
            raise RefusalError("token_revoked")
        if secret not in self._tokens:
            raise RefusalError("invalid_auth")
        return self._tokens[secret]
