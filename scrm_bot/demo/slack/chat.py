"""What a person says in the page, and where they look."""

from collections.abc import Sequence

from scrm_bot.demo.slack import posting, shapes, typed
from scrm_bot.demo.slack.errors import UnknownThingError
from scrm_bot.demo.slack.messages import Content, Message
from scrm_bot.demo.slack.workspace import Workspace
from scrm_bot.demo.slack.world import Person


def say(
    space: Workspace,
    person: Person,
    *,
    channel: str,
    text: str,
    thread_ts: str = "",
    files: Sequence[str] = (),
) -> Message:
    """A message as a person posts it."""
    room = space.room_seen_by(person, channel)
    if room.is_archived or person.id not in room.members:
        raise UnknownThingError(f"{person.name} cannot post in #{room.name}")
    if thread_ts and room.find(thread_ts) is None:
        raise UnknownThingError(f"there is no thread {thread_ts}")
    told = [space.files.get(each).to_api(space.world, space.base_url) for each in files]
    message = Message(
        ts=space.mint.ts(),
        user=person.id,
        content=Content(text=typed.in_message(space, text)),
        thread_ts=thread_ts,
        files=told,
        subtype="file_share" if told else "",
    )
    posting.say(space, room, message)
    return message


def read_up(space: Workspace, person: Person, channel: str) -> None:
    """The person has seen everything in the channel."""
    room = space.room_seen_by(person, channel)
    room.unread[person.id] = 0
    told = shapes.channel(space, room, person.id)
    space.hub.publish("channel", frozenset({person.id}), channel=told)


def open_home(space: Workspace, person: Person, tab: str) -> None:
    """The person opens the app's Home or Messages tab."""
    event: dict[str, object] = {"type": "app_home_opened", "user": person.id}
    event |= {"channel": space.dm(person.id).id, "event_ts": space.mint.ts()}
    event["tab"] = "messages" if tab == "messages" else "home"
    shown = space.views.homes.get(person.id)
    if shown is not None and event["tab"] == "home":
        event["view"] = shown.to_api(space.world)
    space.announce("app_home_opened", event)
