"""Telling a person's page what is on top of its screen."""

from scrm_bot.demo.slack import shapes
from scrm_bot.demo.slack.views import View
from scrm_bot.demo.slack.workspace import Workspace


def tell(space: Workspace, user: str, kind: str, view: View) -> None:
    """Publish a change of one view, and the whole stack with it."""
    audience = frozenset({user})
    space.hub.publish(kind, audience, view=view.to_api(space.world))
    if kind != "home":
        tell_stack(space, user)


def tell_stack(space: Workspace, user: str) -> None:
    space.hub.publish("views", frozenset({user}), stack=shapes.stack(space, user))
