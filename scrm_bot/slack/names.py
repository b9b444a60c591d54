"""What Slack may say as an id, before it becomes part of a key in Redis, of an address, of a job's name."""

import hashlib
import re
import secrets

from scrm_bot.slack.command import Caller

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PLAIN = re.compile(r"[!-~]{1,300}")
_MOST_SAID = 2_000


def check_caller(caller: Caller) -> None:
    """Raises `TypeError` or `ValueError` for a caller whom Slack cannot have told of."""
    check_id(caller.team_id)
    for name in (caller.user_id, caller.channel, caller.enterprise_id):
        if name != "":  # whatever else holds nothing is no id either
            check_id(name)
    for said in (caller.thread_ts, caller.message_ts, caller.response_url, caller.trigger_id):
        if not isinstance(said, str) or len(said) > _MOST_SAID:
            raise TypeError("not a text of Slack's")


def check_id(name: str) -> None:
    """Raises `TypeError` or `ValueError` for anything but one of Slack's ids."""
    if not _ID.fullmatch(name):
        raise ValueError("not an id of Slack's")


def once(kind: str, trigger_id: str | None, *more: str | None) -> str:
    """Equal for every delivery of one deed. Slack gives each a trigger_id; without one it stands alone."""
    return short(":".join([kind, trigger_id or secrets.token_hex(8), *(each or "" for each in more)]))


def short(name: str) -> str:
    """The name as it is, or what stands for one that should not become part of a key."""
    if _PLAIN.fullmatch(name):
        return name
    return f"{name[:1]}:{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()}"
