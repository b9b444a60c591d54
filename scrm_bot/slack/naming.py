"""What a deed is called: in the log, by the surface and the part it came through; and for itself."""

import hashlib

from scrm_bot.slack.command import (
    Click,
    Deed,
    HomeOpened,
    Invocation,
    KeySpotted,
    LinksShared,
    Shortcut,
    StepRun,
    Submission,
)

_UNASKED = {HomeOpened: ("Home", "opened"), LinksShared: ("link", "shared"), KeySpotted: ("message", "key")}


def named(deed: Deed) -> tuple[str, str]:
    """Names only: nothing that somebody typed, but a verb."""
    match deed:
        case Invocation():
            return ("mention" if deed.caller.message_ts else "slash command"), deed.line.verb[:20]
        case Click():
            at_home = deed.view_id and not deed.view_callback
            return ("Home" if at_home else "button"), deed.action_id.partition(":")[0]
        case Submission() | Shortcut():
            return ("modal" if isinstance(deed, Submission) else "shortcut"), deed.callback_id
        case StepRun():
            return "workflow step", deed.callback_id
        case _:
            return _UNASKED[type(deed)]


def id_of(deed: Deed) -> str:
    """The same when it is done again from its record, and no other deed's. "" where Slack gave it no name."""
    caller = deed.caller
    said = caller.trigger_id
    if not said and isinstance(deed, Invocation) and caller.message_ts:
        said = f"{caller.channel}:{caller.message_ts}"
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16] if said else ""
