"""Composition objects: texts, options, confirmations."""

from scrm_bot.demo.slack.blockkit_schema import (
    Check,
    Problem,
    Problems,
    Walk,
    anything,
    boolean,
    choice,
    kinds,
    listing,
    record,
    string,
    url,
)
from scrm_bot.demo.slack.wire import Json, as_list, as_object

OPTIONS = 100
GROUPS = 100
VALUE = 150


def plain(most: int) -> Check:
    """A text object that may only be plain_text."""
    return kinds({"plain_text": record({"text": string(most)}, {"emoji": boolean})})


def text(most: int) -> Check:
    """A text object, plain_text or mrkdwn."""
    table = {
        "plain_text": record({"text": string(most)}, {"emoji": boolean}),
        "mrkdwn": record({"text": string(most)}, {"verbatim": boolean}),
    }
    return kinds(table)


action_id = string(255)
placeholder = plain(150)
confirm = record(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": choice("primary", "danger")},
    typed=False,
)
dispatch_action_config = record(
    optional={"trigger_actions_on": listing(choice("on_enter_pressed", "on_character_entered"), most=2)},
    typed=False,
)


def _one_of_id_and_url(value: object, at: str, _walk: Walk) -> Problems:
    if len(as_object(value)) != 1:
        yield Problem(at, "must define either `id` or `url`")


slack_file = record(optional={"id": string(255), "url": url()}, typed=False, then=_one_of_id_and_url)
conversation_filter = record(
    optional={
        "include": listing(choice("im", "mpim", "private", "public"), most=4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
    typed=False,
)
workflow = record(
    {"trigger": record({"url": url()}, {"customizable_input_parameters": anything}, typed=False)}, typed=False
)

option = record({"text": plain(75), "value": string(VALUE)}, {"description": plain(75)}, typed=False)
rich_option = record({"text": text(75), "value": string(VALUE)}, {"description": text(75)}, typed=False)
overflow_option = record(
    {"text": plain(75), "value": string(VALUE)}, {"description": plain(75), "url": url()}, typed=False
)
option_group = record({"label": plain(75), "options": listing(option, most=OPTIONS)}, typed=False)

offers = {
    "options": listing(option, most=OPTIONS),
    "option_groups": listing(option_group, most=GROUPS),
}
# what a bot answers when it is asked for options: none is an answer too
suggestions = {
    "options": listing(option, least=0, most=OPTIONS),
    "option_groups": listing(option_group, least=0, most=GROUPS),
}


def has_offers(value: object, at: str, _walk: Walk) -> Problems:
    """Options or groups of options, not both, not neither."""
    given = [name for name in ("options", "option_groups") if name in as_object(value)]
    if not given:
        yield Problem(at, "missing required field: options")
    elif len(given) > 1:
        yield Problem(at, "must define either `options` or `option_groups`")


def offered(element: Json) -> list[Json]:
    """The element's own options, those in groups included."""
    groups = as_list(element.get("option_groups")) or [element]
    return [each for group in groups for each in as_list(as_object(group).get("options"))]


def starts_with_an_offer(value: object, at: str, _walk: Walk) -> Problems:
    """initial_option(s) are among the options."""
    element = as_object(value)
    values = [each.get("value") for each in offered(element) if isinstance(each, dict)]
    chosen = [("initial_option", element["initial_option"])] if "initial_option" in element else []
    chosen += [
        (f"initial_options/{n}", each) for n, each in enumerate(as_list(element.get("initial_options")))
    ]
    for name, each in chosen:
        if as_object(each).get("value") not in values:
            yield Problem(f"{at}/{name}", "must be one of the options")


def counts_fit(value: object, at: str, _walk: Walk) -> Problems:
    """No more chosen at first than may be chosen."""
    element = as_object(value)
    most = element.get("max_selected_items")
    for name in ("initial_options", "initial_users", "initial_conversations", "initial_channels"):
        if isinstance(most, int) and len(as_list(element.get(name))) > most:
            yield Problem(f"{at}/{name}", f"no more than {most} items allowed")
