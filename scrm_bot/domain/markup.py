"""Slack's markup in what people type, and what they see of it."""

import re

from scrm_bot.domain.emoji import spelled_out

_SCHEME = re.compile(r"https?://|mailto:", re.IGNORECASE)
# People, channels, groups and dates, links; all else in angle brackets is somebody's own text.
_REFERENCE = re.compile(
    r"<(@[A-Z][A-Z0-9]*|#[A-Z][A-Z0-9]*|![a-z]+(?:\^[^<>|]*)?|[A-Za-z][A-Za-z0-9+.-]+:[^<>\s|:][^<>\s|]*)"
    r"(?:\|([^<>]*))?>"
)


def as_seen(text: str) -> str:
    """Names for ids, labels with their addresses, and emoji for their names, but in an address."""
    pieces, end = [], 0
    for match in _REFERENCE.finditer(text):
        pieces += [spelled_out(text[end : match.start()]), _named(match[1], match[2] or "")]
        end = match.end()
    return "".join([*pieces, spelled_out(text[end:])])


def _named(target: str, label: str) -> str:
    if target[0] in "@#":
        return target[0] + (label or target[1:]).removeprefix(target[0])
    if target[0] == "!":
        return label or "@" + target[1:].partition("^")[0]
    address = target.removeprefix("mailto:")
    if not label or _bare(label) == _bare(target):
        return label or address
    return f"{spelled_out(label)} ({address})"


def _bare(address: str) -> str:
    """An address as people write it: without what goes without saying."""
    return _SCHEME.sub("", address.strip(), count=1).removesuffix("/")
