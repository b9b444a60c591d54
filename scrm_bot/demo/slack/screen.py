"""What is on a person's screen: channels, messages and views to look at and click in."""

from collections.abc import Mapping
from dataclasses import dataclass

from scrm_bot.demo.slack import labels
from scrm_bot.demo.slack.wire import Block, Json


class NotSeenError(AssertionError):
    """What was waited for did not come; the message quotes what was there."""


class RefusedError(AssertionError):
    """Slack told the person that something failed."""


class FormRefusedError(RefusedError):
    """The modal stayed open, with these sentences under its fields."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(f"the form was refused: {dict(errors)}")
        self.errors = dict(errors)


@dataclass(frozen=True, slots=True)
class Spot:
    """Blocks on the screen, and how to say where they are."""

    container: Json
    blocks: list[Block]


def channel_in(state: Json, channel: str) -> Json:
    wanted = channel.lstrip("#")
    for each in state["channels"]:
        if wanted in {each["id"], each["name"]} or (wanted == "dm" and each["is_im"]):
            return dict(each)
    names = [each["name"] for each in state["channels"]]
    raise NotSeenError(f"{state['me']['name']} sees no channel {channel!r}, only {names}")


def newest(state: Json, channel: str = "") -> list[tuple[Json, Json]]:
    """Messages with their channels, the newest first."""
    rooms = [channel_in(state, channel)] if channel else state["channels"]
    pairs = [(room, message) for room in rooms for message in room["messages"]]
    return sorted(pairs, key=lambda pair: float(pair[1]["ts"]), reverse=True)


def spots(state: Json, *, containing: str, channel: str, home: bool) -> list[Spot]:
    """Where to look, the likeliest first."""
    if home:
        shown = [state["home"]] if state["home"] else []
        return [view_spot(view) for view in shown if labels.says(view, containing)]
    if state["views"] and not channel and labels.says(state["views"][-1], containing):
        return [view_spot(state["views"][-1])]
    return [
        Spot(
            {
                "type": "message",
                "channel_id": room["id"],
                "message_ts": message["ts"],
                "is_ephemeral": message["ephemeral"],
            },
            _blocks(message),
        )
        for room, message in newest(state, channel)
        if labels.says(message, containing)
    ]


def view_spot(view: Json) -> Spot:
    return Spot({"type": "view", "view_id": view["id"]}, view["blocks"])


def _blocks(message: Json) -> list[Block]:
    inner = [block for part in message.get("attachments") or [] for block in part.get("blocks") or []]
    return [*(message.get("blocks") or []), *inner]
