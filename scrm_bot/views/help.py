"""The console of a bare `/scrm`, and help."""

from collections.abc import Sequence
from typing import Protocol

from scrm_bot.views import ids
from scrm_bot.views.blocks import (
    MOST_VALUE,
    Block,
    Message,
    Option,
    actions,
    body,
    bold,
    button,
    code,
    context,
    header,
    line,
    message,
    section,
    size,
)
from scrm_bot.views.inputs import select

_MOST_SECTION_ROWS = 12
_FEWEST_WORDS = 3
_SURE = "sure"


class Verb(Protocol):
    """One verb as help shows it."""

    @property
    def verb(self) -> str: ...
    @property
    def usage(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def aliases(self) -> tuple[str, ...]: ...
    @property
    def examples(self) -> tuple[str, ...]: ...
    @property
    def admin_only(self) -> bool: ...


def console(*, waiting: int | None = None, connected: bool = True, verbs: Sequence[Verb] = ()) -> Message:
    """The person's own card. `waiting` is how many requests wait for them, None when not known."""
    if not connected:
        return welcome()
    count = "" if waiting is None else f" ({waiting})"
    buttons = [
        button("New post", ids.Action.NEW_POST, style="primary"),
        button(f"Approvals{count}", ids.Action.SHOW_APPROVALS),
        button("Scheduled", ids.Action.SHOW_SCHEDULED),
        button("Stats", ids.Action.SHOW_STATS),
        button("Settings", ids.Action.SHOW_SETTINGS),
        *([_menu(verbs)] if verbs else []),
    ]
    hint = context("`/scrm help` lists everything. Nothing goes out before somebody approves it.")
    return message(section("*What would you like to do?*"), actions(*buttons), hint)


def _menu(verbs: Sequence[Verb]) -> Block:
    """Everything else that can be done, to choose from."""
    entries = [Option(f"{verb.verb.capitalize()}", verb.verb, hint=verb.summary) for verb in verbs]
    return select(ids.Action.DO_VERB, entries, placeholder="More…")


def sure(verb: Verb) -> Message:
    """Asked back where one choice in a menu would stop everybody's work."""
    told = f"{_usage(verb)}\n{line(verb.summary, 300)}"
    yes = button(verb.verb.capitalize(), f"{ids.Action.DO_VERB}:{_SURE}", verb.verb, style="danger")
    return message(section(told), actions(yes))


def welcome() -> Message:
    """What the bot does, for a workspace without a key."""
    told = (
        "*SocialCRM in Slack*\nDraft posts with an assistant at hand, get them approved in a channel, "
        "schedule and publish them, and read a digest every morning.\n"
        "To begin, an admin connects a SocialCRM key."
    )
    connect = button("Connect", ids.Action.CONNECT, style="primary")
    return message(section(told), actions(connect))


def overview(verbs: Sequence[Verb]) -> Message:
    """Every verb in one line each."""
    rows = [_row(verb) for verb in verbs]
    groups = [rows[start : start + _MOST_SECTION_ROWS] for start in range(0, len(rows), _MOST_SECTION_ROWS)]
    hint = context(
        "`/scrm help VERB` tells more. POST is an id, `last`, or a number from your latest list. "
        "In threads, where Slack takes no commands, mention the bot instead."
    )
    return message(header("What /scrm can do"), *[section("\n".join(group)) for group in groups], hint)


def one(verb: Verb) -> Message:
    """A single verb with its arguments and examples."""
    shown = [section(f"{_usage(verb)}\n{line(verb.summary, 300)}")]
    if verb.examples:
        examples = "\n".join(code(example, 200) for example in verb.examples[:10])
        shown.append(section(f"*For example*\n{examples}"))
    also = [f"Also: {', '.join(code(alias, 30) for alias in verb.aliases)}."] if verb.aliases else []
    admin = ["Only admins can use it."] if verb.admin_only else []
    return message(*shown, *([context(*also, *admin)] if also or admin else []))


def unknown(
    typed: str,
    nearest: Verb | None,
    verbs: Sequence[Verb],
    *,
    words: str = "",
    rest: str = "",
    instead: str = "",
    offered: Sequence[Block] = (),
    missing: str = "",
) -> Message:
    """A verb nobody knows: the person's own text, and the help of the one that was meant; else the list.

    `words` is the whole line, `rest` what stood behind the verb, `instead` the line that was meant, with the
    button in `offered`. Where it reads like free text, the assistant gets it after a click. `missing` says of
    something that SocialCRM cannot do what can be done.
    """
    meant = code(instead if offered else f"/scrm {nearest.verb}", 300) if nearest else ""
    guess = f" {missing}" if missing else f" Did you mean {meant}?" if meant else ""
    first = section(f"There is no {bold(typed, 60)} here.{guess}")
    is_free = len(words.split()) >= _FEWEST_WORDS and not missing
    text = rest if nearest else words if is_free else ""
    own = [context("*Your text, unchanged*"), *body(text)] if text.strip() else []
    free = _free_text(words) if is_free else []
    others = context("`/scrm help` lists the rest.")
    listed = [*one(nearest).blocks, others] if nearest else overview(verbs).blocks
    return message(first, *offered, *free, *own, *listed)


def _free_text(words: str) -> list[Block]:
    if size(words) > MOST_VALUE:  # a button would carry half of it
        return [
            context("A long text goes into `/scrm compose` or `/scrm draft`, which open a window for it.")
        ]
    compose = button("Compose this", ids.Action.COMPOSE_THIS, words, says="Let the assistant write from this")
    return [section("Is it what a post should be about? The assistant can write one."), actions(compose)]


def _usage(verb: Verb) -> str:
    return code(f"/scrm {verb.verb} {verb.usage}", 300)


def _row(verb: Verb) -> str:
    return f"{_usage(verb)}  {line(verb.summary, 150)}"
