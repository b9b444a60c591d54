"""The modals of the key, and what an admin is told of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from scrm_bot.domain.workspaces import Connection
from scrm_bot.views import ids, inputs, windows
from scrm_bot.views.blocks import (
    Block,
    Message,
    View,
    actions,
    bold,
    button,
    code,
    context,
    line,
    message,
    section,
)
from scrm_bot.views.inputs import field
from scrm_bot.views.windows import window
from scrm_bot.views.words import mention, moment


@dataclass(frozen=True, slots=True)
class Naming:
    """The names a key can be given beside others. `asks_first`: the one that is there has none yet."""

    name: str = ""
    first: str = ""
    asks_first: bool = False


def connect(
    connection: Connection | None = None,
    *,
    naming: Naming | None = None,
    problem: str = "",
    metadata: str = "",
) -> View:
    """Asks for the key. A typed key is never put back into the field."""
    hint = "It starts with sk_live_. It is tried with one read and stored encrypted; nobody sees it again."
    key = field("API key", inputs.text(ids.Action.API_KEY, placeholder="sk_live_…"), hint=hint)
    where = (
        "Create a key in SocialCRM under *Settings → API keys*. The bot acts with it for everyone in this "
        "workspace, within its scopes and plan."
    )
    blocks = [*windows.problem(problem), section(where), *_connected(connection), key, *_names(naming)]
    return window(
        ids.Callback.CONNECT, "Connect SocialCRM", blocks, submit="Connect", close="Cancel", metadata=metadata
    )


def _names(naming: Naming | None) -> list[Block]:
    if naming is None:
        return []
    hint = "The key replaces this brand's. A new name keeps the others beside it."
    first: list[Block] = []
    if naming.asks_first:
        hint = "Only for several brands: a name keeps both keys. Left empty, the new one replaces the other."
        field_of_first = inputs.text(ids.Action.FIRST_BRAND, initial=naming.first, placeholder="Acme")
        first = [
            field(
                "Name of the brand that is connected now",
                field_of_first,
                optional=True,
                hint="Needed beside a second one.",
            )
        ]
    name = inputs.text(ids.Action.BRAND, initial=naming.name, placeholder="Globex")
    return [field("Brand", name, optional=True, hint=hint), *first]


def checking() -> View:
    """Shown at once while the key is tried."""
    told = "⏳ *Checking the key…*\nIt is stored only if SocialCRM accepts it."
    return window(ids.Callback.NOTICE, "Connect SocialCRM", [section(told)])


def connected(
    connection: Connection,
    *,
    account_names: Sequence[str] = (),
    missing: Sequence[str] = (),
    brand: str = "",
) -> View:
    """The key was accepted. `missing` are scopes it was seen to lack, `brand` is a name among several."""
    whose = f" {bold(brand, 40)}" if brand else ""
    told = f"✅ *Connected*{whose} with the key ending in {code(connection.last4, 4)}."
    blocks = [section(told)]
    if account_names:
        names = ", ".join(line(name, 60) for name in account_names[:20])
        blocks.append(section(f"*Accounts:* {names}"))
    if missing:
        lacking = ", ".join(code(scope, 40) for scope in missing[:10])
        blocks.append(section(f"⚠️ The key lacks {lacking}: what needs it will not work."))
    blocks.append(
        context("Next: `/scrm settings` for approvers and the approvals channel, then `/scrm draft`.")
    )
    return window(ids.Callback.NOTICE, "Connected", blocks)


def disconnect(connection: Connection, *, metadata: str = "") -> View:
    told = (
        "*Disconnect SocialCRM?* The stored key is erased. Drafts, approvals, publishing and digests stop "
        "until a key is connected again.\nWhat SocialCRM already holds a time for still goes out. "
        "To stop the key itself, revoke it in SocialCRM."
    )
    blocks = [section(told), *_connected(connection)]
    return window(
        ids.Callback.DISCONNECT, "Disconnect", blocks, submit="Disconnect", close="Keep it", metadata=metadata
    )


def key_refused(connection: Connection) -> Message:
    """Told to one admin, once for each key: nothing goes to SocialCRM any more, and the way out."""
    by, since = mention(connection.connected_by), moment(connection.connected_at)
    told = (
        f"🔑 *SocialCRM refused the key ending in* {code(connection.last4, 4)} (connected by {by}, {since}): "
        "it was revoked or is not valid any more. Nothing is read, published or scheduled with it. Drafts "
        "and requests are kept. Create a new key in SocialCRM (Settings, API keys), then "
        "connect it with `/scrm connect`."
    )
    return message(section(told), actions(button("Connect", ids.Action.CONNECT, style="primary")))


def _connected(connection: Connection | None) -> list[Block]:
    if connection is None:
        return []
    since = moment(connection.connected_at)
    by = mention(connection.connected_by)
    return [context(f"Connected now: the key ending in {code(connection.last4, 4)}, by {by}, {since}.")]
