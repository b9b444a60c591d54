"""One file per thing a person touches; their tables together."""

from scrm_bot.slack.interactions import (
    admin,
    bulk,
    calendar,
    cards,
    console,
    drafting,
    media,
    posts,
    requests,
    settings,
    shortcuts,
    team,
)

BUTTONS = (
    *cards.BUTTONS,
    *requests.BUTTONS,
    *bulk.BUTTONS,
    *calendar.BUTTONS,
    *drafting.BUTTONS,
    *media.BUTTONS,
    *posts.BUTTONS,
    *admin.BUTTONS,
    *settings.BUTTONS,
    *console.BUTTONS,
    *team.BUTTONS,
)
MODALS = (
    *cards.MODALS,
    *requests.MODALS,
    *bulk.MODALS,
    *drafting.MODALS,
    *media.MODALS,
    *posts.MODALS,
    *admin.MODALS,
    *settings.MODALS,
    *team.MODALS,
)
SHORTCUTS = shortcuts.SHORTCUTS
