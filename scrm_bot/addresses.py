"""Addresses as people give them in the environment: refused here, where they could not be used later."""

from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx

_EXPECTED = "an address that starts with https:// (or http:// on this machine)"
_HERE = (".internal", ".local", ".localhost")  # names that lead nowhere outside


def usable(value: str) -> str:
    """An address of the web without what stood around it. Raises ValueError with what it should be.

    The HTTP client tries it: what it refuses now it would refuse again at every call.
    """
    value = value.strip()
    if not value.isprintable() or any(sign.isspace() for sign in value):
        raise ValueError("an address without spaces and line ends in it: copy it again")
    try:
        parts = urlsplit(value)
        readable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:  # a bracket that is never closed, a port that is no number
        readable = False
    if value and not readable:
        raise ValueError(_EXPECTED)
    try:
        httpx.URL(value).host.encode("idna")
    except (ValueError, httpx.InvalidURL):
        raise ValueError("an address whose host name can be used: is it spelled right?") from None
    return value


def base(value: str) -> str:
    """An address that paths are put behind: nothing may stand after its own."""
    if "?" in value or "#" in value or "@" in urlsplit(value).netloc:
        raise ValueError("an address alone: without a name and password before the host, without ? and #")
    return value


def host(value: str) -> str:
    """Where to listen: a name or an IP address, IPv6 with brackets or without."""
    value = value.strip().removeprefix("[").removesuffix("]")
    try:
        value.encode("idna")
    except UnicodeError:
        raise ValueError("an IP address or a name of this machine") from None
    return value


def is_near(url: str) -> bool:
    """Whether this is a machine of one's own: by its address, or by a name without a domain."""
    name = urlsplit(url).hostname or ""
    try:
        return ip_address(name).is_private
    except ValueError:
        return "." not in name or name.endswith(_HERE)
