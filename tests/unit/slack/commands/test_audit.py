"""/scrm audit"""

import pytest

from scrm_bot.domain.audit import Deed, Entry
from scrm_bot.domain.errors import NotPermittedError
from tests.builders import ADMIN, APPROVER, EDITOR
from tests.fakes.clock import START
from tests.fakes.workspace import Fakes
from tests.unit.slack.deeds import said, told


@pytest.fixture(autouse=True)
async def log(fakes: Fakes) -> None:
    await fakes.audit.append(
        Entry(START, EDITOR, Deed.EDITED, "post_1"), Entry(START, "", Deed.PUBLISHED, "post_2")
    )


async def test_the_log_is_shown_to_who_asks_newest_first(fakes: Fakes) -> None:
    reply = await told(fakes, "audit", by=ADMIN)

    assert not reply.shared
    assert said(reply).index("*published*") < said(reply).index("*edited*")


async def test_the_log_is_narrowed_down(fakes: Fakes) -> None:
    shown = said(await told(fakes, f"audit <@{EDITOR}|edda> 7d post_1", by=APPROVER))

    assert "*edited*" in shown
    assert "*published*" not in shown


async def test_the_log_comes_as_csv(fakes: Fakes) -> None:
    shown = said(await told(fakes, "audit post_2 --csv", by=ADMIN))

    assert "at,who,what,post_id" in shown
    assert ",bot,published,post_2," in shown
    assert "edited" not in shown


async def test_the_log_can_be_shared(fakes: Fakes) -> None:
    assert (await told(fakes, "audit --share", by=ADMIN)).shared
    assert (await told(fakes, "audit --csv --share", by=ADMIN)).shared


async def test_editors_do_not_read_the_log(fakes: Fakes) -> None:
    with pytest.raises(NotPermittedError):
        await told(fakes, "audit", by=EDITOR)
