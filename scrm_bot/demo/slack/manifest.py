"""The parts of an app manifest that change how Slack treats the app."""

from collections.abc import Mapping
from dataclasses import dataclass

from scrm_bot.demo.slack.functions import Function
from scrm_bot.demo.slack.wire import Json, as_list, as_object, as_text

DEFAULT_SCOPES = (
    "app_mentions:read assistant:write channels:history channels:read chat:write commands files:read "
    "files:write groups:history groups:read im:history im:read im:write links:read links:write "
    "team:read usergroups:read users:read"
)
DEFAULT_EVENTS = (
    "app_home_opened app_mention app_uninstalled function_executed link_shared message.channels "
    "message.groups message.im tokens_revoked"
)
DEFAULT: Json = {
    "display_information": {"name": "SocialCRM"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "socialcrm"},
        "slash_commands": [
            {"command": "/scrm", "description": "Social posts", "usage_hint": "VERB", "should_escape": True}
        ],
        "shortcuts": [
            {
                "type": "global",
                "name": "New social post",
                "callback_id": "new_social_post",
                "description": "Draft a post",
            },
            {
                "type": "message",
                "name": "Draft a post from this",
                "callback_id": "draft_from_message",
                "description": "Draft a post",
            },
        ],
        "unfurl_domains": ["socialcrm.example"],
    },
    "oauth_config": {"scopes": {"bot": DEFAULT_SCOPES.split()}},
    "settings": {"event_subscriptions": {"bot_events": DEFAULT_EVENTS.split()}},
}


@dataclass(frozen=True, slots=True)
class SlashCommand:
    command: str
    description: str
    usage_hint: str
    should_escape: bool


@dataclass(frozen=True, slots=True)
class Shortcut:
    type: str
    name: str
    callback_id: str
    description: str


@dataclass(frozen=True, slots=True)
class Manifest:
    name: str
    handle: str
    commands: tuple[SlashCommand, ...]
    shortcuts: tuple[Shortcut, ...]
    scopes: frozenset[str]
    events: frozenset[str]
    functions: Mapping[str, Function]
    unfurl_domains: tuple[str, ...]
    redirect_urls: tuple[str, ...]
    home_tab: bool
    messages_tab: bool

    @classmethod
    def read(cls, document: Mapping[str, object] | None = None) -> "Manifest":
        """The manifest in `document`; without one, an app that may do everything."""
        source = dict(DEFAULT if document is None else document)
        features = as_object(source.get("features"))
        oauth = as_object(source.get("oauth_config"))
        subscriptions = as_object(as_object(source.get("settings")).get("event_subscriptions"))
        scopes = as_object(oauth.get("scopes"))
        home = as_object(features.get("app_home"))
        name = as_text(as_object(source.get("display_information")).get("name")) or "App"
        return cls(
            name=name,
            handle=as_text(as_object(features.get("bot_user")).get("display_name")) or name.lower(),
            commands=tuple(_command(each) for each in as_list(features.get("slash_commands"))),
            shortcuts=tuple(_shortcut(each) for each in as_list(features.get("shortcuts"))),
            scopes=frozenset(as_list(scopes.get("bot")) + as_list(scopes.get("bot_optional"))),
            events=frozenset(as_list(subscriptions.get("bot_events"))),
            functions={
                name: Function.read(declared) for name, declared in as_object(source.get("functions")).items()
            },
            unfurl_domains=tuple(as_list(features.get("unfurl_domains"))),
            redirect_urls=tuple(as_list(oauth.get("redirect_urls"))),
            home_tab=bool(home.get("home_tab_enabled", False)),
            messages_tab=bool(home.get("messages_tab_enabled", True)),
        )

    def command(self, name: str) -> SlashCommand | None:
        return next((each for each in self.commands if each.command == name), None)


def _command(entry: Json) -> SlashCommand:
    return SlashCommand(
        command=as_text(entry.get("command")),
        description=as_text(entry.get("description")),
        usage_hint=as_text(entry.get("usage_hint")),
        should_escape=bool(entry.get("should_escape", False)),
    )


def _shortcut(entry: Json) -> Shortcut:
    return Shortcut(
        type=as_text(entry.get("type")),
        name=as_text(entry.get("name")),
        callback_id=as_text(entry.get("callback_id")),
        description=as_text(entry.get("description")),
    )
