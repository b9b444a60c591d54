"""Which brand something is about, and the list of brands."""

from collections.abc import Sequence

from scrm_bot.domain.brands import Brand
from scrm_bot.domain.workspaces import ListedBrand
from scrm_bot.views.blocks import (
    MOST_MESSAGE_BLOCKS,
    MOST_TEXT,
    MOST_VIEW_BLOCKS,
    Block,
    Message,
    View,
    bold,
    clip,
    code,
    context,
    header,
    line,
    message,
    section,
)
from scrm_bot.views.words import channel, mention, moment

_MOST_ROWS = 45
_MOST_CHANNELS = 20


def labelled(said: Message, name: str) -> Message:
    """The message with its brand's name on top; in the text alone where one more block is too many."""
    text = clip(f"{line(name, 40)}: {said.text}", MOST_TEXT)
    if not said.blocks:
        return Message(text)
    first = (_label(name),) if len(said.blocks) < MOST_MESSAGE_BLOCKS else ()
    return Message(text, (*first, *said.blocks))


def labelled_view(view: View, name: str) -> View:
    """The same for a modal or Home."""
    blocks = view["blocks"]
    return view | {"blocks": [_label(name), *blocks]} if len(blocks) < MOST_VIEW_BLOCKS else view


def brands(listed: Sequence[ListedBrand]) -> Message:
    """The answer to `/scrm brands`."""
    if not listed:
        told = (
            "*One brand.* A second SocialCRM key with a name of its own, connected with `/scrm connect`, "
            "makes this a workspace with several: each channel is then about one of them, and `--brand NAME` "
            "on any verb chooses another."
        )
        return message(section(told))
    rows = [section(_row(each)) for each in listed[:_MOST_ROWS]]
    hint = context(
        "`/scrm brands #channel NAME` says which brand a channel is about, `/scrm brands default NAME` which "
        "one counts elsewhere. `--brand NAME` on any verb goes before both."
    )
    return message(header("Brands"), *rows, hint)


def mapped(channel_id: str, brand: Brand | None) -> Message:
    """After a channel was given a brand, or none (`brand` is None)."""
    if brand is None:
        return message(section(f"✅ {channel(channel_id)} is about the default brand again."))
    return message(section(f"✅ {channel(channel_id)} is about {bold(brand.name, 40)} from now on."))


def made_default(brand: Brand) -> Message:
    told = f"✅ {bold(brand.name, 40)} counts from now on where neither the channel nor `--brand` says which."
    return message(section(told))


def renamed(brand: Brand, before: str) -> Message:
    return message(section(f"✅ {bold(before, 40)} is called {bold(brand.name, 40)} from now on."))


def removed(brand: Brand) -> Message:
    return message(section(f"✅ {bold(brand.name, 40)} is no longer among the brands."))


def _label(name: str) -> Block:
    return context(f"🏷️ {bold(name, 40)}")


def _row(listed: ListedBrand) -> str:
    name = bold(listed.brand.name, 40) + (" (default)" if listed.is_default else "")
    found = listed.connection
    if found is None:
        key = f"🔌 Not connected: `/scrm connect --brand {line(listed.brand.name, 40)}`"
    else:
        by, since = mention(found.connected_by), moment(found.connected_at)
        key = f"🔑 The key ending in {code(found.last4, 4)}, by {by}, {since}"
    here = [channel(each) for each in listed.brand.channels[:_MOST_CHANNELS]]
    left = len(listed.brand.channels) - len(here)
    more = [f"{left} more"] if left > 0 else []
    where = "\nChannels: " + ", ".join([*here, *more]) if here else ""
    return f"{name}\n{key}{where}"
