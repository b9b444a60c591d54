"""Every verb of `/scrm`, in the order help shows them."""

from scrm_bot.slack.command import Command

COMMANDS: tuple[Command, ...] = ()
