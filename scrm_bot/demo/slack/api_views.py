"""views.*: modals and App Homes."""

from scrm_bot.demo.slack import stage
from scrm_bot.demo.slack.api import Ask, Method
from scrm_bot.demo.slack.documents import read_view
from scrm_bot.demo.slack.errors import RefusalError
from scrm_bot.demo.slack.tickets import Trigger
from scrm_bot.demo.slack.views import View
from scrm_bot.demo.slack.wire import Json


def _trigger(ask: Ask) -> Trigger:
    """The trigger to be spent; both names are taken, as Slack takes them."""
    given = ask.args.text("trigger_id") or ask.args.text("interactivity_pointer")
    if not given:
        raise RefusalError("invalid_arguments", messages=["[ERROR] missing required field: trigger_id"])
    return ask.space.triggers.check(given)


async def open_(ask: Ask) -> Json:
    document = read_view(ask.args.values.get("view"), "modal")
    trigger = _trigger(ask)
    view = ask.space.views.open(trigger.user, document)
    trigger.used = True
    stage.tell(ask.space, view.user, "view_opened", view)
    return _answer(ask, view)


async def push(ask: Ask) -> Json:
    document = read_view(ask.args.values.get("view"), "modal")
    trigger = _trigger(ask)
    if not trigger.view_id:
        raise RefusalError("invalid_trigger_id")
    view = ask.space.views.push(trigger.user, document)
    trigger.used = True
    stage.tell(ask.space, view.user, "view_opened", view)
    return _answer(ask, view)


async def update(ask: Ask) -> Json:
    view_id, external_id = ask.args.text("view_id"), ask.args.text("external_id")
    if not (view_id or external_id):
        raise RefusalError("invalid_arguments", messages=["[ERROR] missing required field: view_id"])
    current = ask.space.views.find(view_id=view_id, external_id=external_id)
    document = read_view(ask.args.values.get("view"), "home" if current.kind == "home" else "modal")
    view = ask.space.views.update(current, document, given_hash=ask.args.text("hash"))
    stage.tell(ask.space, view.user, "home" if view.kind == "home" else "view_updated", view)
    return _answer(ask, view)


async def publish(ask: Ask) -> Json:
    user = ask.args.need("user_id")
    document = read_view(ask.args.values.get("view"), "home")
    if not ask.space.manifest.home_tab:
        raise RefusalError("not_enabled")
    if user not in ask.space.people:
        raise RefusalError("invalid_arguments", messages=["[ERROR] invalid user_id [json-pointer:/user_id]"])
    view = ask.space.views.publish(user, document, given_hash=ask.args.text("hash"))
    stage.tell(ask.space, user, "home", view)
    return _answer(ask, view)


def _answer(ask: Ask, view: View) -> Json:
    return {"view": view.to_api(ask.space.world)}


METHODS = {
    "views.open": Method(open_),
    "views.push": Method(push),
    "views.update": Method(update),
    "views.publish": Method(publish),
}
