"""Clicks and choices in messages, modals and the App Home, and the options selects ask for."""

from dataclasses import dataclass, replace

from scrm_bot.demo.slack import blockkit, forms, payloads
from scrm_bot.demo.slack.commands import send
from scrm_bot.demo.slack.delivery import Parcel
from scrm_bot.demo.slack.errors import DeliveryError, UnknownThingError
from scrm_bot.demo.slack.forms import SHAPES, Field
from scrm_bot.demo.slack.messages import Content, Message
from scrm_bot.demo.slack.outcomes import Outcome
from scrm_bot.demo.slack.rooms import Room
from scrm_bot.demo.slack.views import View
from scrm_bot.demo.slack.wire import Block, Json, Values, as_object
from scrm_bot.demo.slack.workspace import Workspace
from scrm_bot.demo.slack.world import Person

ECHOED = ("text", "value", "url", "style", "placeholder", "confirm", "accessibility_label")
BUTTONS = {"button", "icon_button"}


@dataclass(frozen=True, slots=True)
class Place:
    """What a person is looking at: a message in a room, as it is or as it was a moment ago, or a view."""

    room: Room | None = None
    message: Message | None = None
    seen: Content | None = None
    view: View | None = None

    @property
    def blocks(self) -> list[Block]:
        if self.view is not None:
            return self.view.blocks
        return self.seen.all_blocks if self.seen else []

    def field(self, block_id: str, action_id: str) -> Field:
        for each in forms.fields(self.blocks):
            if (each.block_id, each.action_id) == (block_id, action_id):
                return each
        raise UnknownThingError(f"there is nothing with block_id {block_id!r} and action_id {action_id!r}")

    def as_seen(self, action: Json) -> "Place":
        """The newest version that has what was acted on: Slack lets the bot say that it came too late."""
        versions = self.message.versions if self.message else []
        places = (replace(self, seen=content) for content in versions)
        return next((place for place in places if place.has(action)), self)

    def has(self, action: Json) -> bool:
        try:
            found = self.field(str(action.get("block_id")), str(action.get("action_id")))
        except UnknownThingError:
            return False
        if found.kind in BUTTONS:
            return action.get("value", found.element.get("value")) == found.element.get("value")
        return _foreign(found, action) is None


def find_place(space: Workspace, person: Person, container: Json) -> Place:
    if container.get("type") == "view":
        return Place(view=own_view(space, person, str(container.get("view_id"))))
    room = space.room_seen_by(person, str(container.get("channel_id")))
    message = room.find(str(container.get("message_ts")), reader=person.id)
    if message is None:
        raise UnknownThingError("that message is gone")
    return Place(room=room, message=message, seen=message.content)


def own_view(space: Workspace, person: Person, view_id: str) -> View:
    mine = [*space.views.stacks[person.id], space.views.homes.get(person.id)]
    for view in mine:
        if view is not None and view.id == view_id:
            return view
    raise UnknownThingError("that view is not open any more")


async def act(space: Workspace, person: Person, *, container: Json, action: Json, sent: Values) -> Outcome:
    """One click or choice. Inputs say nothing to the bot unless they asked to dispatch."""
    place = find_place(space, person, container).as_seen(action)
    field = place.field(str(action.get("block_id")), str(action.get("action_id")))
    chosen = _chosen(field, action)
    if field.keeps_state:
        sent = {**sent, field.block_id: {**sent.get(field.block_id, {}), field.action_id: chosen}}
    if place.view is not None:
        place = Place(view=space.views.remember(place.view, sent))
    if field.is_input and not field.block.get("dispatch_action"):
        return Outcome()
    if field.kind == "workflow_button":
        return Outcome()
    return await send(space, _payload(space, person, place, _told(space, field, chosen), sent))


def _chosen(field: Field, action: Json) -> Json:
    """What was chosen, in the element's own terms."""
    key = _key(field)
    if not key:
        return {"type": field.kind}
    if (foreign := _foreign(field, action)) is not None:
        raise UnknownThingError(f"there is no option {foreign.get('value')!r}")
    chosen = {"type": field.kind, key: action.get(key)}
    return chosen | ({"timezone": action["timezone"]} if action.get("timezone") else {})


def _key(field: Field) -> str:
    """Where an action says what was chosen in such an element; "" where it is only clicked."""
    if field.kind == "overflow":
        return "selected_option"
    return SHAPES[field.kind][0] if field.keeps_state else ""


def _foreign(field: Field, action: Json) -> Json | None:
    """The first option that was chosen and is none of the element's."""
    held, offered = action.get(_key(field)), _offered(field.element)
    chosen = [option for option in (held if isinstance(held, list) else [held]) if isinstance(option, dict)]
    return next((option for option in chosen if offered and option.get("value") not in offered), None)


def _offered(element: Json) -> list[object]:
    """The values of the element's own options; none for those that are asked for."""
    groups = element.get("option_groups") or [element]
    return [option.get("value") for group in groups for option in group.get("options") or []]


def _told(space: Workspace, field: Field, chosen: Json) -> Json:
    told: Json = {"type": field.kind, "action_id": field.action_id, "block_id": field.block_id}
    told |= {key: field.element[key] for key in ECHOED if key in field.element}
    if field.keeps_state:
        initial = SHAPES[field.kind][1]
        told |= {initial: field.element[initial]} if initial in field.element else {}
    return told | chosen | {"action_ts": space.mint.ts()}


def _payload(space: Workspace, person: Person, place: Place, told: Json, sent: Values) -> Json:
    if place.view is not None:
        modal = place.view.kind == "modal"
        trigger_id = space.triggers.give(person.id, view_id=place.view.id if modal else "")
        return payloads.view_action(space, person, place.view, trigger_id=trigger_id, actions=[told])
    room, message = _on(place)
    return payloads.message_action(
        space,
        person,
        room,
        message,
        trigger_id=space.triggers.give(person.id),
        response_url=space.links.give(space.world.team_id, person.id, room, message),
        state={"values": forms.complete(place.blocks, sent=sent, kept={})},
        actions=[told],
    )


def _on(place: Place) -> tuple[Room, Message]:
    if place.room is None or place.message is None:
        raise UnknownThingError("that message is gone")
    return place.room, place.message


async def suggest(
    space: Workspace, person: Person, *, container: Json, block_id: str, action_id: str, value: str
) -> Json:
    """The options the bot offers for what was typed into an external select."""
    named: Json = {"action_id": action_id, "block_id": block_id}
    place = find_place(space, person, container).as_seen(named)
    place.field(block_id, action_id)
    asked: Json = {**named, "value": value}
    if place.view is not None:
        payload = payloads.view_suggestion(space, person, place.view, **asked)
    else:
        room, message = _on(place)
        payload = payloads.message_suggestion(space, person, room, message, **asked)
    try:
        reply = await space.post.deliver(Parcel("interactive", payload))
        answer = reply.json() if reply.status == 200 else {}
    except (DeliveryError, ValueError, TypeError) as error:
        space.fault(f"options for {action_id} did not come: {error}")
        return {"options": []}
    return _sound_options(space, action_id, as_object(answer))


def _sound_options(space: Workspace, action_id: str, answer: Json) -> Json:
    found = blockkit.option_problems(answer)
    if found:
        space.fault(f"options for {action_id} are not sound: {found[0]}")
        return {"options": []}
    return {key: answer[key] for key in ("options", "option_groups") if key in answer}
