"""What a deed is called in the log: the surface it came through, and the name of its part there."""

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
