"""From what somebody typed or touched to what runs: tables, made once."""

from collections.abc import Iterable
from dataclasses import replace

from scrm_bot.domain.grammar import Line
from scrm_bot.slack.command import Button, Command, Modal, ShortcutHandler
from scrm_bot.slack.flags import checked
from scrm_bot.slack.synonyms import meant

HELP = "help"


class Router:
    """The one place that knows which handler a name stands for."""

    def __init__(
        self,
        commands: Iterable[Command],
        *,
        buttons: Iterable[Button] = (),
        modals: Iterable[Modal] = (),
        shortcuts: Iterable[ShortcutHandler] = (),
    ) -> None:
        listed = tuple(commands)
        self._commands = {name: command for command in listed for name in (command.verb, *command.aliases)}
        self._verbs = [command.verb for command in listed if command.verb]
        self._buttons = {button.action_id: button for button in buttons}
        self._modals = {modal.callback_id: modal for modal in modals}
        self._shortcuts = {shortcut.callback_id: shortcut for shortcut in shortcuts}

    def command(self, line: Line) -> tuple[Command, Line] | None:
        """The command for a line, and the line it shall run with.

        A verb that does not exist gets `help`, with the typed word as the flag `unknown`, the verb that was
        most likely meant as the flag `nearest`, and everything typed as the flag `words`. None where there is
        no help. Where flags were typed that the verb does not take, it only says so.
        """
        found = self._commands.get(line.verb.lower())
        if found:
            return checked(found, line), line
        fallback = self._commands.get(HELP)
        if fallback is None:
            return None
        if not line.verb:
            return fallback, replace(line, verb=HELP)
        guess = meant(line.verb, self._verbs)
        flags = {**line.flags, "unknown": line.verb, **({"nearest": guess} if guess else {})}
        return fallback, Line(HELP, "", flags | {"words": line.words})

    def button(self, action_id: str) -> Button | None:
        """By the whole action_id, else by what stands before its first colon (`page:2` → `page`)."""
        return self._buttons.get(action_id) or self._buttons.get(action_id.partition(":")[0])

    def modal(self, callback_id: str) -> Modal | None:
        return self._modals.get(callback_id)

    def shortcut(self, callback_id: str) -> ShortcutHandler | None:
        return self._shortcuts.get(callback_id)
