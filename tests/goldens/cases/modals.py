"""The modals people fill."""

from scrm_bot.domain.errors import NotConnectedError
from scrm_bot.domain.versions import Versions
from scrm_bot.views import draft_window, modals, problems
from scrm_bot.views.blocks import Option
from scrm_bot.views.draft_window import ASK, DraftForm
from scrm_bot.views.tones import OWN
from tests.builders import a_post, accounts
from tests.goldens import Cases

FULL = DraftForm(
    text="Launch day is here.",
    revision=2,
    accounts=accounts(),
    when="tomorrow 09:00",
    note="For the launch",
    tone="playful",
    then=ASK,
    zone="Europe/Berlin",
    media=1,
)
META = '{"id":"m1"}'

CASES: Cases = {
    "draft_window.draft": draft_window.draft(DraftForm(), metadata=META),
    "draft_window.draft.full": draft_window.draft(FULL, metadata=META),
    "draft_window.draft.problem": draft_window.draft(
        DraftForm(text="Hello", problem="That time has passed.")
    ),
    **{
        f"draft_window.draft.problem.{name}": draft_window.draft(
            DraftForm(text="Hello", problem="SocialCRM did not accept this.", problem_at=name)
        )
        for name in ("text", "accounts", "when", "media", "tone")
    },
    "draft_window.draft.also": draft_window.draft(
        DraftForm(text="Hello", also=(Option("a.png", "F1"), Option("b.mp4", "F2")), ticked=("F2",))
    ),
    "draft_window.draft.versions": draft_window.draft(
        DraftForm("Buy today.", revision=1, versions=Versions(("buy now", "Buy today.", "Come by."), 1)),
        metadata=META,
    ),
    "draft_window.draft.first_version": draft_window.draft(
        DraftForm("buy now", revision=2, versions=Versions(("buy now", "Buy today."), 0))
    ),
    "draft_window.draft.own_tone": draft_window.draft(
        DraftForm("buy now", tone=OWN, own_tone="drier", voice="Your brand's voice: Warm, Plain")
    ),
    "modals.pick_post.attach": modals.pick_post("attach"),
    "modals.uploading": modals.uploading("Saving", "a <b>.png", number=1, of=2),
    "draft_window.edit": draft_window.edit(a_post(), DraftForm(text="Launch day is here."), metadata=META),
    "draft_window.edit.voids": draft_window.edit(
        a_post(), DraftForm(text="Launch day is here.", voids=True), metadata=META
    ),
    "draft_window.edit.ask": draft_window.edit(a_post(), FULL, metadata=META),
    "draft_window.edit.too_long": draft_window.edit(
        a_post(body="word " * 700), DraftForm(text="word " * 700)
    ),
    "modals.attach": modals.attach(a_post(body=""), metadata=META),
    "modals.schedule": modals.schedule(a_post(), zone="Europe/Berlin", metadata=META),
    "modals.schedule.planned": modals.schedule(
        a_post(), zone="Europe/Berlin", when="2026-12-01 09:00 Europe/Berlin", note="Mind the pun"
    ),
    "modals.schedule.problem": modals.schedule(
        a_post(), zone="", when="yesterday", problem="That has passed."
    ),
    "modals.pick_post": modals.pick_post(
        "publish", [modals.post_option(a_post()), modals.post_option(a_post(body=""))]
    ),
    "modals.pick_post.while_typing": modals.pick_post("show", metadata=META),
    "modals.compose": modals.compose(),
    "modals.compose.filled": modals.compose(prompt="Spring sale", tone="witty", metadata=META),
    "modals.notice": modals.notice("Not connected", problems.explain(NotConnectedError())),
    "modals.working": modals.working("New social post", "Saving…", metadata=META),
}
