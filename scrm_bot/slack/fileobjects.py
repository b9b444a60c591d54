"""Slack's file objects: read from payloads and answers, and kept in records as plain JSON."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from typing import Any

from scrm_bot.domain.media import SlackFile

_GONE = frozenset({"tombstone", "hidden_by_limit"})  # deleted, or older than the plan shows
_FIELDS = frozenset(each.name for each in fields(SlackFile))


def read(found: Mapping[str, Any]) -> SlackFile:
    """A file object (docs: reference/objects/file-object). One to look up by its id has no address."""
    return SlackFile(
        id=str(found["id"]),
        name=str(found.get("name") or found.get("title") or ""),
        mimetype=str(found.get("mimetype") or "").partition(";")[0].strip().lower(),
        size=int(found.get("size") or 0),
        url=str(found.get("url_private_download") or found.get("url_private") or ""),
    )


def of_message(message: Mapping[str, Any]) -> tuple[SlackFile, ...]:
    """The files in a message that are still there."""
    return tuple(read(found) for found in message.get("files") or () if found.get("mode") not in _GONE)


def plain(file: SlackFile) -> dict[str, Any]:
    """As it is kept in a state or a record."""
    return asdict(file)


def kept(values: Iterable[Any]) -> tuple[SlackFile, ...]:
    """The files that `plain` made something of; an id alone stands for a file to look up."""
    return tuple(
        SlackFile(**{name: each[name] for name in _FIELDS & each.keys()})
        if isinstance(each, Mapping)
        else SlackFile(str(each))
        for each in values
    )
