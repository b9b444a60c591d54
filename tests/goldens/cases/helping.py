"""The console and help."""

from dataclasses import dataclass

from scrm_bot.views import help as page
from scrm_bot.views.blocks import actions, button
from tests.goldens import Cases


@dataclass(frozen=True, slots=True)
class AVerb:
    verb: str
    usage: str = ""
    summary: str = ""
    aliases: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    admin_only: bool = False


OPTIMISE = AVerb(
    "optimise", "POST|TEXT", "Optimise a post for reach", ("optimize",), ("/scrm optimise last",)
)
CONNECT = AVerb("connect", "", "Connect a SocialCRM key", admin_only=True)
VERBS = [OPTIMISE, CONNECT, *[AVerb(f"verb{n}", "[POST]", f"Does thing {n}") for n in range(14)]]

CASES: Cases = {
    "help.console": page.console(waiting=2),
    "help.console.with_menu": page.console(waiting=2, verbs=VERBS),
    "help.sure": page.sure(CONNECT),
    "help.console.not_counted": page.console(),
    "help.console.not_connected": page.console(connected=False),
    "help.welcome": page.welcome(),
    "help.overview": page.overview(VERBS),
    "help.one": page.one(OPTIMISE),
    "help.one.admin": page.one(CONNECT),
    "help.one.plain": page.one(VERBS[-1]),
    "help.unknown": page.unknown("optimice", OPTIMISE, VERBS[:2]),
    "help.unknown.free_text": page.unknown("our", None, VERBS[:2], words="Our new blend & <more>"),
    "help.unknown.long_text": page.unknown("our", None, VERBS[:2], words="our " * 600),
    "help.unknown.with_its_text": page.unknown(
        "darft",
        OPTIMISE,
        VERBS[:2],
        words="Darft Launch day is <here>",
        rest="Launch day is <here>",
        instead="/scrm draft Launch day is <here> --to instagram",
        offered=[actions(button("Run /scrm draft", "do_verb", "draft"))],
    ),
    "help.unknown.missing": page.unknown(
        "unpublish", None, VERBS[:2], words="unpublish last right now", missing="SocialCRM has no unpublish."
    ),
    "help.unknown.far_off": page.unknown("xyz", None, VERBS[:2]),
}
