"""Where the answer to a click is seen."""

from dataclasses import replace as changed

from scrm_bot.slack.command import Click
from scrm_bot.slack.reply import OpenModal, Reply, UpdateModal
from scrm_bot.views import modals
from scrm_bot.views.blocks import Message
from scrm_bot.views.ids import Callback


def in_modal(click: Click) -> bool:
    """Whether the click was in a modal: App Home is a view, too, but it has no callback_id."""
    return bool(click.view_callback)


def opened(click: Click, modal: OpenModal) -> OpenModal | UpdateModal:
    """On top of the modal that the click was in; a notice makes way, for Slack piles up three at the most."""
    if click.view_callback == Callback.NOTICE:
        return UpdateModal(modal.view, click.view_id, fill=modal.fill)
    return changed(modal, push=in_modal(click))


def told(click: Click, title: str, message: Message, *, replace: bool = False) -> Reply | UpdateModal:
    """In the modal itself, which covers everything else; else where the click was."""
    if in_modal(click):
        return UpdateModal(modals.notice(title, message), click.view_id)
    return Reply(message, replace=replace and not click.view_id)
