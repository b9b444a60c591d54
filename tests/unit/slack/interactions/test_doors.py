"""Buttons that stand for a verb, App Home, shortcuts, and menus that ask for their entries."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scrm_bot.domain.brands import Brand, Brands
from scrm_bot.domain.errors import (
    NotConnectedError,
    ScrmError,
    SlackRefusedError,
    StoreUnavailableError,
    UnauthorizedError,
    UsageError,
)
from scrm_bot.domain.insights import Account
from scrm_bot.domain.limits import BudgetState, Limits
from scrm_bot.domain.workspaces import Person
from scrm_bot.ports import Lane, OnWait, Workspace
from scrm_bot.slack.command import HomeOpened, Shortcut, Suggestion
from scrm_bot.slack.interactions import home, menus, shortcuts
from scrm_bot.slack.reply import PublishHome
from tests.builders import ADMIN, EDITOR, a_post, accounts, some_settings
from tests.fakes.clock import START
from tests.fakes.people import FakePeople
from tests.fakes.workspace import Fakes, some_fakes
from tests.unit.slack.deeds import (
    a_caller,
    a_modal,
    a_reply,
    choose_shortcut,
    click,
    labels,
    said,
    say,
    state_of,
    told,
    value_of,
)


class OneTeam:
    """Workspaces with one in it."""

    def __init__(self, fakes: Fakes) -> None:
        self.fakes = fakes

    def open(
        self,
        team_id: str,
        *,
        brand: str = "",
        lane: Lane = Lane.PEOPLE,
        on_wait: OnWait | None = None,
        deed: str = "",
    ) -> Workspace:
        assert (team_id, lane) == (self.fakes.workspace.team_id, Lane.PEOPLE)
        return self.fakes.workspace


@pytest.mark.parametrize(
    ("action", "shown"),
    [
        ("new_post", "New social post"),
        ("show_approvals", "Nothing"),
        ("show_posts", "Launch day is here."),
        ("show_scheduled", "Posts: scheduled"),
        ("show_stats", "Account stats"),
        ("show_help", "What /scrm can do"),
    ],
)
async def test_a_button_stands_for_its_verb(fakes: Fakes, action: str, shown: str) -> None:
    assert shown in said(await click(fakes, action))


async def test_the_digests_button_mutes_as_long_as_it_says(fakes: Fakes) -> None:
    await say(fakes, "digest on 09:00")

    named = await click(fakes, "mute_digest", "CSOCIAL")
    unnamed = await click(fakes, "mute_digest")

    assert fakes.schedules.schedules["CSOCIAL"].muted_until == START + timedelta(days=3)
    assert "muted until" in said(named)
    assert said(named) == said(unnamed)


async def test_a_digest_that_is_off_cannot_be_muted(fakes: Fakes) -> None:
    with pytest.raises(UsageError, match="no digest"):
        await click(fakes, "mute_digest", "CSOCIAL")


async def shown_home(fakes: Fakes, by: str = "UEDITOR") -> PublishHome:
    answer = await home.run(HomeOpened(a_caller(by, channel="")), fakes.workspace)
    assert isinstance(answer, PublishHome)
    return answer


async def test_home_shows_what_needs_me_what_failed_and_what_comes(fakes: Fakes) -> None:
    await say(fakes, "publish post_123")
    for number, post in enumerate(
        [
            a_post(body="Failed one.", status="failed"),
            a_post(body="In two days.", status="scheduled", scheduled_at=START + timedelta(days=2)),
            a_post(body="Tomorrow.", status="scheduled", scheduled_at=START + timedelta(days=1)),
            a_post(body="Next month.", status="scheduled", scheduled_at=START + timedelta(days=30)),
        ]
    ):
        post_id = f"post_{number}"
        fakes.socialcrm.posts[post_id] = post
        fakes.socialcrm.change(post_id, id=post_id)

    answer = await shown_home(fakes, "UAPPROVER")

    shown = said(answer)
    assert answer.user_id == "UAPPROVER"
    assert "Approve" in labels(answer.view)
    assert "Failed one." in shown
    assert shown.index("Tomorrow.") < shown.index("In two days.")
    assert "Next month." not in shown
    assert "Settings" not in labels(answer.view)


async def test_home_shows_what_is_used_and_refused(fakes: Fakes) -> None:
    fakes.limits.stands = Limits(BudgetState(used=123, people=2), {"POST /ai/rewrite": START})

    shown = said(await shown_home(fakes))

    assert "used 123/600" in shown
    assert "2 people" in shown
    assert "POST /ai/rewrite" in shown


async def test_home_without_limits_names_them_among_the_missing(fakes: Fakes) -> None:
    fakes.limits.raises = StoreUnavailableError("gone")

    assert "requests and quota" in said(await shown_home(fakes))


async def test_home_gives_admins_the_settings(fakes: Fakes) -> None:
    assert "Settings" in labels((await shown_home(fakes, "UADMIN")).view)


async def test_home_without_a_key_says_what_this_is() -> None:
    fakes = some_fakes()

    assert labels((await shown_home(fakes)).view) == ["Connect"]
    assert fakes.socialcrm.calls == []


class SilentPeople(FakePeople):
    """Slack tells no more than who installed the bot."""

    async def get(self, user_id: str) -> Person:
        raise SlackRefusedError("ratelimited", method="users.info")

    async def is_admin(self, user_id: str) -> bool:
        return user_id == "UAPPROVER"


async def test_home_shows_what_it_can_and_names_the_rest(fakes: Fakes) -> None:
    await say(fakes, "publish post_123")
    fakes.socialcrm.refuse("list_posts", UnauthorizedError())
    blind = replace(fakes.workspace, people=SilentPeople())

    answer = await home.run(HomeOpened(a_caller("UAPPROVER")), blind)

    assert isinstance(answer, PublishHome)
    assert "posts" in said(answer)
    assert "your time zone" in said(answer)
    assert "Approve" in labels(answer.view)


async def test_the_shortcuts_do_what_their_verbs_do(fakes: Fakes) -> None:
    new = a_modal(await choose_shortcut(fakes, "new_social_post"))
    waiting = a_reply(await choose_shortcut(fakes, "my_approvals"))

    assert new.view["title"]["text"] == "New social post"
    assert "Nothing" in said(waiting)


async def test_a_message_becomes_a_draft_in_its_own_words(fakes: Fakes) -> None:
    opened = a_modal(
        await choose_shortcut(fakes, "draft_from_message", "We &amp; <#C1|social> love <https://a.example>")
    )

    assert state_of(opened.view)["text"] == "We & #social love https://a.example"


async def test_where_a_message_was_said_is_noted_for_the_reviewer(fakes: Fakes) -> None:
    shortcut = Shortcut(
        a_caller(), "draft_from_message", "Hello", link="https://acme.slack.com/archives/C1/p12"
    )

    opened = a_modal(await shortcuts.draft_from_message(shortcut, fakes.workspace))

    assert state_of(opened.view)["note"] == "Based on https://acme.slack.com/archives/C1/p12"


async def test_free_text_is_composed_only_after_a_click(fakes: Fakes) -> None:
    asked = await told(fakes, "Our new Blend is out &amp; we love it")
    assert fakes.socialcrm.count("compose") == 0

    answer = await click(fakes, "compose_this", value_of(asked, "Compose this"))

    assert "Our new Blend is out &amp; we love it" in said(answer)
    assert fakes.socialcrm.count("compose") == 1


async def test_two_words_that_are_no_verb_are_no_prompt(fakes: Fakes) -> None:
    assert "Compose this" not in labels(await told(fakes, "aprove post_1"))


async def test_a_text_longer_than_a_button_carries_is_sent_to_its_window(fakes: Fakes) -> None:
    asked = await told(fakes, "once upon a time " * 150)

    assert "Compose this" not in labels(asked)
    assert "/scrm compose" in said(asked)


async def test_a_message_too_long_for_a_field_is_kept_whole(fakes: Fakes) -> None:
    opened = a_modal(await choose_shortcut(fakes, "draft_from_message", "word " * 700))

    assert "3,500 characters" in said(opened.view)
    assert "text" not in state_of(opened.view)


async def test_without_a_key_no_shortcut_opens_a_modal() -> None:
    with pytest.raises(NotConnectedError):
        await choose_shortcut(some_fakes(), "new_social_post")


async def suggestions(
    fakes: Fakes, action_id: str, typed: str, *, by: str = EDITOR, brand: str = ""
) -> list[tuple[str, str]]:
    suggest = menus.suggester(OneTeam(fakes))
    options = await suggest(Suggestion(replace(a_caller(by), brand=brand), action_id, typed))
    return [(str(option["text"]["text"]), str(option["value"])) for option in options]


async def test_accounts_are_suggested_by_what_is_typed(fakes: Fakes) -> None:
    fakes.socialcrm.accounts = list(accounts())

    assert await suggestions(fakes, "accounts", "acme-inc") == [("LinkedIn @acme-inc", "acct_2")]
    assert len(await suggestions(fakes, "accounts", "")) == 3


async def test_at_most_a_hundred_accounts_are_suggested(fakes: Fakes) -> None:
    fakes.socialcrm.accounts = [Account(f"acct_{number}", "x", f"acme{number}") for number in range(120)]

    assert len(await suggestions(fakes, "accounts", "")) == 100


@pytest.mark.parametrize("typed", ["", "launch", "POST_12"])
async def test_posts_are_suggested_by_text_and_id(fakes: Fakes, typed: str) -> None:
    assert await suggestions(fakes, "post", typed) == [("Launch day is here.", "post_123")]


async def test_user_groups_are_suggested_by_name(fakes: Fakes) -> None:
    fakes.people.members = {"S1": frozenset(), "S2": frozenset()}

    assert await suggestions(fakes, "approver_groups", "group s2", by=ADMIN) == [("Group S2", "S2")]
    assert await suggestions(fakes, "approver_groups", "group s2") == []


async def test_who_has_no_role_is_offered_nothing(fakes: Fakes) -> None:
    fakes.people.set("UGUEST", is_guest=True)
    await say(fakes, "publish post_123")

    for menu in ("accounts", "post", "request"):
        assert await suggestions(fakes, menu, "") != []
        assert await suggestions(fakes, menu, "", by="UGUEST") == []


async def test_a_brand_that_was_removed_offers_nothing(fakes: Fakes) -> None:
    fakes.settings.settings = some_settings(brands=Brands((Brand("", "Acme"), Brand("b1", "Beta"))))

    assert await suggestions(fakes, "post", "", brand="b1") != []
    assert await suggestions(fakes, "post", "", brand="gone") == []


async def test_a_menu_nobody_knows_has_no_entries(fakes: Fakes) -> None:
    assert await suggestions(fakes, "nosuch", "") == []


@pytest.mark.parametrize("error", [UnauthorizedError(), NotConnectedError()])
async def test_what_cannot_be_asked_has_no_entries(fakes: Fakes, error: ScrmError) -> None:
    fakes.socialcrm.refuse("list_posts", error)

    assert await suggestions(fakes, "post", "") == []
