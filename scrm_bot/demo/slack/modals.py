"""Submitting and closing modals, and what the bot's acknowledgement does to the stack."""

from scrm_bot.demo.slack import documents, forms, payloads, stage
from scrm_bot.demo.slack.actions import own_view
from scrm_bot.demo.slack.commands import acknowledged
from scrm_bot.demo.slack.delivery import Parcel, Reply
from scrm_bot.demo.slack.errors import DeliveryError, RefusalError, UnknownThingError
from scrm_bot.demo.slack.outcomes import Outcome, failed
from scrm_bot.demo.slack.views import View
from scrm_bot.demo.slack.wire import Json, Values, as_object
from scrm_bot.demo.slack.workspace import Workspace
from scrm_bot.demo.slack.world import Person

RESPONDING = {"conversations_select": "selected_conversation", "channels_select": "selected_channel"}


async def submit(space: Workspace, person: Person, *, view_id: str, sent: Values) -> Outcome:
    """The person presses the modal's submit button."""
    view = space.views.remember(own_view(space, person, view_id), sent)
    if space.views.stacks[person.id][-1].id != view.id:
        raise UnknownThingError("another modal lies on top of that one")
    missing = forms.shortfalls(view.blocks, view.values)
    if missing:
        return Outcome(errors=missing)
    trigger_id = space.triggers.give(person.id, view_id=view.id)
    urls = _response_urls(space, person, view)
    payload = payloads.view_submission(space, person, view, trigger_id=trigger_id, urls=urls)
    reply = await acknowledged(space, payload)
    return reply if isinstance(reply, Outcome) else _apply(space, person, view, reply)


def _response_urls(space: Workspace, person: Person, view: View) -> list[Json]:
    """A URL for each conversation chosen where the select asked for one."""
    found: list[Json] = []
    for field in forms.fields(view.blocks):
        key = RESPONDING.get(field.kind)
        if key is None or not field.element.get("response_url_enabled"):
            continue
        channel = view.values[field.block_id][field.action_id].get(key)
        if channel in space.rooms:
            url = space.links.give(space.world.team_id, person.id, space.rooms[channel])
            place = {"block_id": field.block_id, "action_id": field.action_id, "channel_id": channel}
            found.append({**place, "response_url": url})
    return found


def _apply(space: Workspace, person: Person, view: View, reply: Reply) -> Outcome:
    try:
        answer = reply.json() if reply.body.strip() else {}
        outcome = _respond(space, person, view, answer)
    except (ValueError, TypeError, RefusalError) as error:
        detail = error.to_answer() if isinstance(error, RefusalError) else error
        space.fault(f"view_submission was answered with a body Slack does not take: {detail}")
        return failed("invalid_response")
    stage.tell_stack(space, person.id)
    return outcome


def _respond(space: Workspace, person: Person, view: View, answer: Json) -> Outcome:
    """Do what the acknowledgement asks for: nothing said closes the view."""
    still_open = [each for each in space.views.stacks[person.id] if each.id == view.id]
    current = still_open[0] if still_open else None
    match answer.get("response_action"):
        case None if not answer:
            if current:
                space.views.close(current)
        case "errors":
            return Outcome(errors=_field_errors(view, as_object(answer.get("errors"))))
        case "clear":
            space.views.clear(person.id)
        case "update":
            document = documents.read_view(answer.get("view"), "modal")
            if current:
                space.views.update(current, document)
        case "push":
            space.views.push(person.id, documents.read_view(answer.get("view"), "modal"))
        case other:
            raise TypeError(f"response_action {other!r}")
    return Outcome()


def _field_errors(view: View, errors: Json) -> dict[str, str]:
    inputs = {field.block_id for field in forms.fields(view.blocks) if field.is_input}
    if not errors or not set(errors) <= inputs:
        raise TypeError(f"errors under {sorted(errors)}, but the inputs are {sorted(inputs)}")
    if not all(isinstance(sentence, str) and sentence for sentence in errors.values()):
        raise TypeError("an error is not a sentence")
    return dict(errors)


async def close(space: Workspace, person: Person, *, view_id: str, clear: bool) -> Outcome:
    """Cancel closes one view, the cross the whole modal; the bot hears of it if it asked to."""
    view = own_view(space, person, view_id)
    stack = list(space.views.stacks[person.id])
    clear = clear or bool(view.document.get("clear_on_close"))
    told = stack[0] if clear else view
    if clear:
        space.views.clear(person.id)
    else:
        space.views.close(view)
    stage.tell_stack(space, person.id)
    space.hub.publish("view_closed", frozenset({person.id}), view_id=view.id)
    if told.notifies:
        await _tell_closed(space, person, told, is_cleared=clear)
    return Outcome()


async def _tell_closed(space: Workspace, person: Person, view: View, *, is_cleared: bool) -> None:
    payload = payloads.view_closed(space, person, view, is_cleared=is_cleared)
    try:
        await space.post.deliver(Parcel("interactive", payload))
    except DeliveryError as error:
        space.fault(f"view_closed was not acknowledged: {error.reason}")
