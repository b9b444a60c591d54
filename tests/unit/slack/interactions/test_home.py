"""Home drawn again while it is open."""

import pytest

from scrm_bot.domain.errors import SlackRefusedError
from scrm_bot.slack.command import HomeOpened
from scrm_bot.slack.interactions import home
from scrm_bot.slack.reply import PublishHome
from scrm_bot.views.blocks import View
from tests.builders import ADMIN, APPROVER, EDITOR
from tests.fakes.workspace import Fakes, some_fakes
from tests.unit.slack.deeds import a_caller, labels, said, say


class Published:
    """What everybody sees; one person's Home may be out of reach."""

    def __init__(self, refused: str = "") -> None:
        self.views: dict[str, View] = {}
        self.refused = refused

    async def __call__(self, user_id: str, view: View) -> None:
        if user_id == self.refused:
            raise SlackRefusedError("not_enabled", method="views.publish")
        self.views[user_id] = view


async def look(fakes: Fakes, *people: str) -> None:
    for by in people:
        await home.run(HomeOpened(a_caller(by, channel="")), fakes.workspace)


async def test_everybody_who_looks_gets_their_own_from_one_reading(fakes: Fakes) -> None:
    await say(fakes, "publish post_123")
    await look(fakes, EDITOR, APPROVER)
    fakes.socialcrm.calls.clear()
    published = Published()

    await home.refresh(fakes.workspace, published)

    assert {"Approve", "Reject"} <= {*labels(published.views[APPROVER])}
    assert set(published.views) == {EDITOR, APPROVER}
    assert fakes.socialcrm.count("list_posts") == 1


async def test_an_author_is_offered_no_word_of_their_own(fakes: Fakes) -> None:
    await say(fakes, "publish post_123")

    answer = await home.run(HomeOpened(a_caller(EDITOR, channel="")), fakes.workspace)

    assert isinstance(answer, PublishHome)
    assert "Nothing waits for you." in said(answer)
    assert "Waiting for others" in said(answer)
    assert not {"Approve", "Request changes", "Reject"} & {*labels(answer.view)}
    assert {"Show", "Withdraw"} <= {*labels(answer.view)}


async def test_where_nobody_looks_nothing_is_read(fakes: Fakes) -> None:
    await home.refresh(fakes.workspace, Published())

    assert fakes.socialcrm.calls == []


async def test_one_home_out_of_reach_keeps_no_other_waiting(fakes: Fakes) -> None:
    await look(fakes, EDITOR, APPROVER)
    published = Published(refused=APPROVER)

    await home.refresh(fakes.workspace, published)

    assert set(published.views) == {EDITOR}


@pytest.mark.parametrize(("by", "shown"), [(ADMIN, "You can do this"), (EDITOR, "An admin does this")])
async def test_without_a_key_home_says_how_it_begins(by: str, shown: str) -> None:
    fakes, published = some_fakes(), Published()
    await look(fakes, by)

    await home.refresh(fakes.workspace, published)

    assert shown in said(published.views[by])


async def test_the_first_visit_is_welcomed(fakes: Fakes) -> None:
    answer = await home.run(HomeOpened(a_caller(EDITOR, channel="")), fakes.workspace)

    assert "Good to see you" in said(answer)


async def test_guests_see_that_they_have_no_role(fakes: Fakes) -> None:
    fakes.people.set("UGUEST", is_guest=True)
    published = Published()

    await look(fakes, "UGUEST")
    await home.refresh(fakes.workspace, published)

    assert "You have no role" in said(published.views["UGUEST"])
    assert labels(published.views["UGUEST"]) == []


async def test_while_slack_does_not_say_who_somebody_is_home_shows_nothing(
    fakes: Fakes, monkeypatch: pytest.MonkeyPatch
) -> None:
    await say(fakes, "publish post_123")
    await look(fakes, EDITOR, APPROVER)
    before = fakes.people.is_admin

    async def away(user_id: str) -> bool:
        if user_id == EDITOR:
            raise SlackRefusedError("unreachable", method="users.info")
        return await before(user_id)

    monkeypatch.setattr(fakes.people, "is_admin", away)
    opened, published = HomeOpened(a_caller(EDITOR, channel="")), Published()
    answer = await home.run(opened, fakes.workspace)
    await home.refresh(fakes.workspace, published)

    assert "cannot check who you are" in said(answer)
    assert "Launch day" not in said(answer)
    assert isinstance(answer, PublishHome)
    assert labels(answer.view) == []
    assert set(published.views) == {APPROVER}  # the other one stays as it was
