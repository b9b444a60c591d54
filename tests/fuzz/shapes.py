"""Deliveries as Slack sends them, one of each shape and of every handler: what the mutations begin with."""

import json
from collections.abc import Sequence
from random import Random
from urllib.parse import urlencode

from scrm_bot.slack.commands import COMMANDS
from scrm_bot.slack.interactions import BUTTONS, MODALS, SHORTCUTS
from scrm_bot.views.ids import Action
from tests.unit.slack.rig import Json, a_click, a_command, a_submission, a_view

_EVENTS: Sequence[Json] = (
    {"type": "app_mention", "user": "UANN", "channel": "C1", "ts": "1.1", "text": "<@UBOT> posts"},
    {"type": "message", "user": "UANN", "channel": "C1", "ts": "1.1", "text": "sk_live_" + "a" * 32},
    {"type": "app_home_opened", "user": "UANN", "tab": "home", "channel": "D1"},
    {
        "type": "function_executed",
        "function": {"callback_id": "create_draft"},
        "function_execution_id": "Fx1",
        "inputs": {"user": "UANN", "text": "Hello"},
    },
    {
        "type": "link_shared",
        "user": "UANN",
        "channel": "C1",
        "message_ts": "1.1",
        "links": [{"url": "https://app.example.org/posts/post_1", "domain": "example.org"}],
    },
    {"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}},
    {"type": "app_uninstalled"},
)


class Shapes:
    """Draws one after the other, the same ones for the same seed. Each is a deed of its own."""

    def __init__(self, random: Random, *, teams: Sequence[str], response_url: str) -> None:
        self._random = random
        self._teams = teams
        self._response_url = response_url
        self._drawn = 0
        self._kinds = (
            self._command,
            self._button,
            self._in_view,
            self._modal,
            self._shortcut,
            self._menu,
            self._event,
        )

    def draw(self) -> Json:
        self._drawn += 1
        return self._random.choice(self._kinds)()

    def _team(self) -> str:
        return self._random.choice(self._teams)

    def _whose(self) -> Json:
        """One team throughout, and ids that were never used."""
        team = self._team()
        return {"team": {"id": team, "domain": "x"}, "trigger_id": f"{self._drawn}.9"}

    def _command(self) -> Json:
        verb = self._random.choice(COMMANDS)
        text = f"{verb.verb} {self._random.choice(('', 'post_1', 'Hello there', 'last --to all'))}"
        where = {"response_url": self._response_url, "trigger_id": f"{self._drawn}.8"}
        return a_command(text, team_id=self._team(), **where)

    def _button(self) -> Json:
        button = self._random.choice(BUTTONS)
        return a_click({"action_id": button.action_id, "value": "post_1"}, **self._whose()) | {
            "response_url": self._response_url
        }

    def _in_view(self) -> Json:
        button = self._random.choice(BUTTONS)
        about = {"type": "view", "view_id": "V9"}
        clicked = a_click({"action_id": button.action_id, "value": "1"}, container=about, **self._whose())
        del clicked["message"], clicked["channel"]
        return clicked | {"view": a_view("draft")}

    def _modal(self) -> Json:
        modal = self._random.choice(MODALS)
        kind = self._random.choice(("view_submission", "view_submission", "view_closed"))
        return a_submission(modal.callback_id, **self._whose()) | {"type": kind}

    def _shortcut(self) -> Json:
        shortcut = self._random.choice(SHORTCUTS)
        told = a_click({}, **self._whose()) | {"callback_id": shortcut.callback_id, "action_ts": "1.1"}
        del told["actions"]
        return told | {"type": self._random.choice(("shortcut", "message_action"))}

    def _menu(self) -> Json:
        told = a_click({}, **self._whose()) | {"type": "block_suggestion", "value": "a"}
        return told | {"action_id": self._random.choice((Action.ACCOUNTS, Action.POST, Action.ADMIN_GROUPS))}

    def _event(self) -> Json:
        event = dict(self._random.choice(_EVENTS))
        whole: Json = {"type": "event_callback", "team_id": self._team(), "event_id": f"Ev{self._drawn}"}
        return whole | {"event": event, "event_time": 1_700_000_000, "authorizations": [{"team_id": "T1"}]}


def written(delivery: Json) -> bytes:
    """As Slack puts it on the wire: a form for a command, a form with JSON, JSON."""
    if "command" in delivery and "type" not in delivery:
        words = {_word(name): _word(value) for name, value in delivery.items()}
        return urlencode(words, errors="surrogatepass").encode()
    text = json.dumps(delivery)
    if delivery.get("type") == "event_callback":
        return text.encode()
    return urlencode({"payload": text}).encode()


def _word(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
