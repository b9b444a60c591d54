"""Every environment variable, typed. Read by the composition root, the command line and the demo only."""

import re
from typing import Annotated, Any, Literal, Self
from urllib.parse import unquote, urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from scrm_bot import addresses
from scrm_bot.store import address, ring_keys

LEAST_SETTLE = 90.0  # seconds; twice as long as one call to SocialCRM may take
_SECURE = (
    "https://, as secrets go there; http:// only to this machine, a private address or a name without dots"
)
_VISIBLE = re.compile(r"[!-~]*", re.ASCII)
_DOMAIN = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.ASCII)
_SLACK_VARIABLES = "SLACK_SIGNING_SECRET (HTTP mode) or SLACK_APP_TOKEN (Socket Mode)"


class SettingsError(ValueError):
    """The environment cannot be used as it is; the message is one line a person can act on."""


def _named(variable: str) -> Any:
    return AliasChoices(variable)


class Settings(BaseSettings):
    """One frozen object for a whole process. Secrets show themselves only on `get_secret_value()`.

    Made by `load`, from its variables alone: HOST or PORT of some other program is not read.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    slack_signing_secret: SecretStr | None = Field(None, validation_alias=_named("SLACK_SIGNING_SECRET"))
    slack_bot_token: SecretStr | None = Field(None, validation_alias=_named("SLACK_BOT_TOKEN"))
    slack_client_id: str | None = Field(None, validation_alias=_named("SLACK_CLIENT_ID"))
    slack_client_secret: SecretStr | None = Field(None, validation_alias=_named("SLACK_CLIENT_SECRET"))
    slack_app_token: SecretStr | None = Field(None, validation_alias=_named("SLACK_APP_TOKEN"))
    slack_api_url: str = Field("https://slack.com/api/", validation_alias=_named("SLACK_API_URL"))
    socialcrm_api_url: str = Field(
        "https://api.socialcrm.org/v1", validation_alias=_named("SOCIALCRM_API_URL")
    )
    redis_url: str = Field("redis://127.0.0.1:6379/0", validation_alias=_named("REDIS_URL"))
    encryption_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        (), validation_alias=_named("SCRM_ENCRYPTION_KEYS")
    )
    host: str = Field("127.0.0.1", validation_alias=_named("SCRM_HOST"))
    port: int = Field(3000, ge=0, le=65_535, validation_alias=_named("SCRM_PORT"))
    log: Literal["text", "json"] = Field("text", validation_alias=_named("SCRM_LOG"))
    log_level: Literal["debug", "info", "warning"] = Field("info", validation_alias=_named("SCRM_LOG_LEVEL"))
    metrics_port: int | None = Field(None, ge=0, le=65_535, validation_alias=_named("SCRM_METRICS_PORT"))
    otlp_endpoint: str = Field("", validation_alias=_named("OTEL_EXPORTER_OTLP_ENDPOINT"))
    rate_limit: int = Field(600, ge=1, le=100_000, validation_alias=_named("SCRM_RATE_LIMIT"))
    rate_window: float = Field(60.0, gt=0, le=86_400, validation_alias=_named("SCRM_RATE_WINDOW"))
    undo_seconds: float = Field(10.0, ge=0, le=3_600, validation_alias=_named("SCRM_UNDO_SECONDS"))
    settle_seconds: float = Field(90.0, ge=0, le=3_600, validation_alias=_named("SCRM_SETTLE_SECONDS"))
    watch_seconds: float = Field(40.0, gt=0, le=3_600, validation_alias=_named("SCRM_WATCH_SECONDS"))
    stats_hours: Annotated[tuple[float, ...], NoDecode] = Field(
        (1.0, 24.0), validation_alias=_named("SCRM_STATS_HOURS")
    )
    lease_seconds: float = Field(15.0, ge=0.5, le=600, validation_alias=_named("SCRM_LEASE_SECONDS"))
    key_header: Literal["bearer", "x-api-key"] = Field("bearer", validation_alias=_named("SCRM_KEY_HEADER"))
    public_url: str = Field("", validation_alias=_named("SCRM_PUBLIC_URL"))
    keep_audit_days: int = Field(30, ge=0, le=3_650, validation_alias=_named("SCRM_KEEP_AUDIT_DAYS"))
    link_domain: str = Field("", validation_alias=_named("SCRM_LINK_DOMAIN"))

    @field_validator(
        "slack_signing_secret",
        "slack_bot_token",
        "slack_client_id",
        "slack_client_secret",
        "slack_app_token",
        mode="before",
    )
    @classmethod
    def _check_visible(cls, value: object) -> object:
        """What was pasted with a line's end: it would break the header that it goes into."""
        given = value.get_secret_value() if isinstance(value, SecretStr) else value
        if not isinstance(given, str):
            return value
        if not _VISIBLE.fullmatch(given.strip()):
            raise ValueError("one word of visible characters: copy it again, without spaces and line ends")
        return given.strip() or None

    @field_validator("stats_hours", mode="after")
    @classmethod
    def _check_hours(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if not all(0 < hours <= 8_760 for hours in value) or list(value) != sorted(set(value)):
            raise ValueError("hours after publication, each later than the one before, separated by commas")
        return value

    @field_validator("encryption_keys", "stats_hours", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return (
            tuple(part.strip() for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("encryption_keys")
    @classmethod
    def _check_keys(cls, value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        seen: list[bytes] = []
        for number, key in enumerate(value, start=1):
            raw = ring_keys.decoded(key.get_secret_value())
            if raw is None:
                raise ValueError(
                    f"keys from `scrm-bot keys new`, separated by commas; number {number} is not one"
                )
            if raw in seen:
                raise ValueError(
                    f"different keys, newest first; number {number} is number {seen.index(raw) + 1} again"
                )
            seen.append(raw)
        return value

    @field_validator("slack_api_url", "socialcrm_api_url", "public_url", "otlp_endpoint")
    @classmethod
    def _check_url(cls, value: str) -> str:
        return addresses.usable(value)

    @field_validator("slack_api_url", "socialcrm_api_url", "public_url")
    @classmethod
    def _check_base(cls, value: str) -> str:
        return addresses.base(value)

    @field_validator("host")
    @classmethod
    def _check_host(cls, value: str) -> str:
        return addresses.host(value)

    @field_validator("slack_api_url", "socialcrm_api_url")
    @classmethod
    def _check_secure(cls, value: str) -> str:
        if not value.lower().startswith("https:") and not addresses.is_near(value):
            raise ValueError(_SECURE)
        return value

    @field_validator("link_domain")
    @classmethod
    def _check_domain(cls, value: str) -> str:
        domain = value.strip().lower()
        if domain and not _DOMAIN.fullmatch(domain):
            raise ValueError("a domain alone, such as app.socialcrm.org, without https:// and path")
        return domain

    @field_validator("redis_url")
    @classmethod
    def _check_redis(cls, value: str) -> str:
        address.parse(value)
        return value

    @model_validator(mode="after")
    def _check_oauth(self) -> Self:
        if bool(self.slack_client_id) != bool(self.slack_client_secret):
            missing = "SLACK_CLIENT_SECRET" if self.slack_client_id else "SLACK_CLIENT_ID"
            raise ValueError(f"{missing}: missing, it goes with the other of the two")
        return self

    @property
    def ring(self) -> tuple[str, ...]:
        """The encryption keys, newest first, as text."""
        return tuple(key.get_secret_value() for key in self.encryption_keys)

    @property
    def secrets(self) -> tuple[str, ...]:
        """All that must never be seen in a line, a metric or a span."""
        values = [getattr(self, name) for name in type(self).model_fields]
        found = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        redis = address.parse(self.redis_url)
        collector = unquote(urlsplit(self.otlp_endpoint).password or "")
        passwords = [redis.password.reveal(), redis.sentinel_password.reveal(), collector]
        return (*self.ring, *found, *filter(None, passwords))

    @property
    def concerns(self) -> tuple[str, ...]:
        """What can be started, and does less than was meant: a line each."""
        if not (self.slack_bot_token and self.slack_client_id):
            return ()
        told = "with it the bot serves that one workspace, and none that installs it"
        return (f"SLACK_BOT_TOKEN: should be empty beside SLACK_CLIENT_ID: {told}",)

    def require_slack(self) -> Self:
        """This object, or `SettingsError` when Slack could not be reached or could not reach the bot."""
        if not self.slack_app_token and not self.slack_signing_secret:
            raise SettingsError(f"{_SLACK_VARIABLES}: missing, copy it from api.slack.com/apps")
        if not self.slack_bot_token and not self.slack_client_id:
            raise SettingsError(
                "SLACK_BOT_TOKEN (one workspace) or SLACK_CLIENT_ID with SLACK_CLIENT_SECRET (many): missing"
            )
        if self.slack_client_id and not self.public_url and not addresses.is_near(self.slack_api_url):
            raise SettingsError(
                "SCRM_PUBLIC_URL: missing, the address that Slack sends people back to after an installation"
            )
        return self

    def require_keys(self) -> Self:
        """This object, or `SettingsError` when nothing could be sealed."""
        if not self.encryption_keys:
            raise SettingsError("SCRM_ENCRYPTION_KEYS: missing, make one with `scrm-bot keys new`")
        return self

    def require_settle(self) -> Self:
        """This object, or `SettingsError` when a call could still arrive after it was made again.

        A SocialCRM of one's own, such as the sandbox, answers at once: there a test need not wait.
        """
        if self.settle_seconds < LEAST_SETTLE and not addresses.is_near(self.socialcrm_api_url):
            raise SettingsError(
                f"SCRM_SETTLE_SECONDS: should be at least {LEAST_SETTLE:g}, twice the longest call: "
                "with less, a post whose answer was lost could be published twice"
            )
        return self


def load(**overrides: Any) -> Settings:
    """Settings from the environment, or one line per variable that cannot be used.

    `overrides` go before it, by the name of the field or of the variable. Raises `SettingsError`; the message
    never repeats a secret's value.
    """
    try:
        return Settings(**{_VARIABLES.get(name, name): value for name, value in overrides.items()})
    except ValidationError as error:
        raise SettingsError("\n".join(_line(problem) for problem in error.errors())) from None


_VARIABLES = {
    name: str(field.validation_alias.choices[0])
    for name, field in Settings.model_fields.items()
    if isinstance(field.validation_alias, AliasChoices)
}


def _line(problem: Any) -> str:
    reason = str(problem["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    name = problem["loc"][0] if problem["loc"] else ""
    return f"{name}: should be {reason.partition(', unable')[0]}" if name else reason
