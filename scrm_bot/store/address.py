"""Where Redis is: the four kinds of REDIS_URL, read."""

from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from scrm_bot.domain.workspaces import Secret

_EXPECTED = "a redis://, rediss://, redis+sentinel:// or redis+cluster:// address"
_OPTIONS = frozenset({"ca_certs", "sentinel_username", "sentinel_password"})


class Kind(StrEnum):
    SERVER = "redis"
    SENTINEL = "sentinel"
    CLUSTER = "cluster"


_SCHEMES = {
    "redis": (Kind.SERVER, False),
    "rediss": (Kind.SERVER, True),
    "redis+sentinel": (Kind.SENTINEL, False),
    "rediss+sentinel": (Kind.SENTINEL, True),
    "redis+cluster": (Kind.CLUSTER, False),
    "rediss+cluster": (Kind.CLUSTER, True),
}


@dataclass(frozen=True, slots=True)
class Address:
    """One Redis, however it is run. `service` is the name a sentinel knows the primary by."""

    kind: Kind
    hosts: tuple[tuple[str, int], ...]
    tls: bool = False
    db: int = 0
    username: str = ""
    password: Secret = field(default_factory=lambda: Secret(""))
    service: str = ""
    ca_certs: str = ""
    sentinel_username: str = ""
    sentinel_password: Secret = field(default_factory=lambda: Secret(""))

    @property
    def shown(self) -> str:
        """The address for people: without names and passwords."""
        hosts = ",".join(place(host, port) for host, port in self.hosts)
        return f"{self.kind} {hosts}{'/' + self.service if self.service else ''} db {self.db}"


def place(host: str, port: int) -> str:
    """A host and its port as one word: IPv6 has brackets there."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def parse(url: str) -> Address:
    """Read `url`, or raise ValueError with what it should be; that repeats no password.

    - `redis://[user:password@]host[:6379][/db]`, with TLS as `rediss://`
    - `redis+sentinel://[user:password@]host[:26379],host/service[/db]`
    - `redis+cluster://[user:password@]host[:6379],host`

    Options after `?`: `ca_certs` (a file), `sentinel_username`, `sentinel_password`. Nothing is taken that
    would be passed over.
    """
    parts = _split(url)
    kind, tls = _SCHEMES[parts.scheme]
    credentials, _, hosts = parts.netloc.rpartition("@")
    username, _, password = credentials.partition(":")
    service, db = _path(parts, kind)
    options = _options(parts, kind, tls=tls)
    return Address(
        kind,
        _hosts(hosts, kind),
        tls=tls,
        db=db,
        username=unquote(username),
        password=Secret(unquote(password)),
        service=service,
        ca_certs=options.get("ca_certs", ""),
        sentinel_username=options.get("sentinel_username", ""),
        sentinel_password=Secret(options.get("sentinel_password", "")),
    )


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
    except ValueError:  # a bracket that is never closed
        raise ValueError(_EXPECTED) from None
    if parts.scheme not in _SCHEMES or not parts.netloc:  # "redis://" alone
        raise ValueError(_EXPECTED)
    if "#" in url:
        raise ValueError("an address without #: in a password it is written as %23")
    return parts


def _hosts(text: str, kind: Kind) -> tuple[tuple[str, int], ...]:
    found = tuple(_host(host, 26379 if kind is Kind.SENTINEL else 6379) for host in text.split(","))
    if len(found) > 1 and kind is Kind.SERVER:
        raise ValueError("an address with one host: several are for redis+sentinel:// and redis+cluster://")
    return found


def _host(text: str, port: int) -> tuple[str, int]:
    try:
        parts = urlsplit(f"//{text}")
        host, named = parts.hostname, parts.port
    except ValueError:
        host, named = None, None
    if not host:
        raise ValueError("an address whose hosts and ports can be read")
    return host, named or port


def _path(parts: SplitResult, kind: Kind) -> tuple[str, int]:
    """The sentinel's service, and the number of the database."""
    pieces = [unquote(piece) for piece in parts.path.split("/") if piece]
    service = pieces.pop(0) if kind is Kind.SENTINEL and pieces else ""
    if kind is Kind.SENTINEL and not service:
        raise ValueError("redis+sentinel://host/service: the service's name is missing")
    if len(pieces) > 1 or not all(piece.isascii() and piece.isdigit() for piece in pieces):
        raise ValueError("an address that ends with the number of a database, or nothing")
    db = int(pieces[0]) if pieces else 0
    if db and kind is Kind.CLUSTER:
        raise ValueError("an address without a database: a cluster has only number 0")
    return service, db


def _options(parts: SplitResult, kind: Kind, *, tls: bool) -> dict[str, str]:
    options = dict(parse_qsl(parts.query))
    unknown = sorted(set(options) - _OPTIONS)
    if unknown:
        raise ValueError(f"an address without the unknown option {unknown[0]}")
    if "ca_certs" in options and not tls:
        raise ValueError(f"{parts.scheme.replace('redis', 'rediss')}://, as ca_certs is for TLS alone")
    others = sorted(option for option in options if option.startswith("sentinel_"))
    if others and kind is not Kind.SENTINEL:
        raise ValueError(f"an address without {others[0]}, which is for redis+sentinel:// alone")
    return options
