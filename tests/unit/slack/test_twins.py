"""No verb is out of reach where slash commands do not work: each has a button, menu, shortcut, mention."""

import pytest

from scrm_bot.domain.errors import NotPermittedError, ScrmError
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.commands import COMMANDS
from scrm_bot.slack.interactions import BUTTONS, SHORTCUTS
from scrm_bot.slack.payloads import Kind, read
from scrm_bot.slack.readings import Reading
from scrm_bot.views.ids import Action, Callback, CardEntry
from tests.builders import TEAM
from tests.unit.slack.deeds import ROUTER, a_reply, click, connected, labels, said, told, value_of

VERBS = [command for command in COMMANDS if command.verb]
# A verb's twins of its own; all of them are in the menu of the console as well.
TWINS: dict[str, tuple[Action | Callback | CardEntry, ...]] = {
    "draft": (Action.NEW_POST, Callback.NEW_POST, Callback.DRAFT_FROM_MESSAGE, Action.DRAFT_THIS),
    "compose": (Action.COMPOSE_THIS,),
    "rewrite": (Action.REWRITE,),
    "optimise": (Action.OPTIMISE,),
    "hashtags": (Action.HASHTAGS,),
    "thread": (Action.THREAD,),
    "posts": (Action.SHOW_POSTS, Action.SHOW_SCHEDULED),
    "show": (Action.SHOW_POST,),
    "edit": (Action.EDIT_POST, CardEntry.EDIT),
    "delete": (Action.DELETE_POST,),
    "attach": (Action.ATTACH,),
    "schedule": (Action.ASK_APPROVAL,),
    "publish": (Action.ASK_APPROVAL,),
    "approvals": (Action.SHOW_APPROVALS, Callback.MY_APPROVALS),
    "approve": (Action.APPROVE,),
    "reject": (Action.REJECT,),
    "changes": (Action.REQUEST_CHANGES,),
    "hold": (Action.HOLD, CardEntry.HOLD),
    "resume": (Action.RESUME,),
    "withdraw": (Action.WITHDRAW, CardEntry.WITHDRAW),
    "reassign": (CardEntry.REASSIGN,),
    "stats": (Action.SHOW_STATS, Action.POST_STATS),
    "connect": (Action.CONNECT,),
    "settings": (Action.SHOW_SETTINGS,),
    "help": (Action.SHOW_HELP,),
}
BY_MENU = {
    "ideas", "calendar", "trending", "accounts", "persona", "digest", "disconnect", "brands", "status",
    "team", "pause", "unpause", "audit", "api",
}  # fmt: skip


def test_every_verb_has_twins_of_its_own_or_is_known_to_have_only_the_menu() -> None:
    assert {command.verb for command in VERBS} == TWINS.keys() | BY_MENU
    assert not TWINS.keys() & BY_MENU


@pytest.mark.parametrize("verb", TWINS)
def test_a_twin_is_handled(verb: str) -> None:
    handled = {button.action_id for button in BUTTONS} | {shortcut.callback_id for shortcut in SHORTCUTS}
    for twin in TWINS[verb]:
        assert isinstance(twin, CardEntry) or twin in handled


async def test_the_console_has_a_menu_of_every_verb() -> None:
    shown = await told(connected(), "")

    elements = [each for block in shown.message.blocks for each in block.get("elements", ())]
    (menu,) = [each for each in elements if each.get("action_id") == Action.DO_VERB]
    assert [option["value"] for option in menu["options"]] == [command.verb for command in VERBS]


@pytest.mark.parametrize("command", VERBS, ids=lambda command: command.verb)
async def test_a_verb_of_the_menu_answers_or_says_what_it_needs(command: Command) -> None:
    fakes = connected()
    try:
        answer = await click(fakes, Action.DO_VERB, command.verb, by="UADMIN")
    except ScrmError:  # is told as it is for the typed verb
        return
    assert said(answer)


@pytest.mark.parametrize("command", VERBS, ids=lambda command: command.verb)
@pytest.mark.parametrize("thread_ts", ["", "1.0"])
def test_a_mention_reaches_the_verb_in_a_thread_too(command: Command, thread_ts: str) -> None:
    said_so = {"type": "app_mention", "user": "U1", "channel": "C1", "ts": "3.0", "thread_ts": thread_ts}
    event = {"type": "event_callback", "team_id": TEAM, "event_id": "Ev1"}
    heard = read(Kind.EVENT, event | {"event": said_so | {"text": f"<@UBOT> {command.verb} 1"}})

    assert isinstance(heard, Reading)
    assert isinstance(heard.deed, Invocation)
    found = ROUTER.command(heard.deed.line)
    assert found
    assert found[0] is command
    assert heard.deed.caller.thread_ts == thread_ts


async def test_a_pause_from_the_menu_is_asked_back() -> None:
    fakes = connected()
    asked = a_reply(await click(fakes, Action.DO_VERB, "pause", by="UADMIN"))
    assert fakes.settings.settings.pause is None
    assert labels(asked) == ["Pause"]

    await click(fakes, f"{Action.DO_VERB}:sure", value_of(asked, "Pause"), by="UADMIN")

    assert fakes.settings.settings.pause


async def test_the_menu_gives_nobody_more_than_their_role() -> None:
    fakes = connected()
    with pytest.raises(NotPermittedError):
        await click(fakes, Action.DO_VERB, "pause")
    assert "cannot be used any more" in said(await click(fakes, Action.DO_VERB, "nosuch"))
