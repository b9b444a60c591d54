"""/scrm audit"""

import pytest

from scrm_bot.domain.audit import Deed, Entry, Filter
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


async def test_the_log_comes_as_a_file_to_who_asks(fakes: Fakes) -> None:
    reply = await told(fakes, "audit post_2 --csv", by=ADMIN)

    ((found, wanted, to, thread_ts),) = fakes.exports.sent
    assert [entry.what for entry in found.entries] == ["published"]
    assert (wanted, to, thread_ts) == (Filter("post_2"), ADMIN, "")
    assert not reply.shared
    assert "in your direct messages with me, as `audit-log.csv`: 1 entry." in said(reply)


async def test_a_shared_file_goes_to_where_it_was_asked_for(fakes: Fakes) -> None:
    reply = await told(fakes, "audit --csv --share", by=ADMIN, channel="C1", thread_ts="1.5")

    assert [sent[2:] for sent in fakes.exports.sent] == [("C1", "1.5")]
    assert not reply.shared
    assert "in this channel" in said(reply)


@pytest.mark.parametrize(
    ("code", "way_out"),
    [("missing_scope", "`files:write`"), ("ratelimited", "The same command tries the file again.")],
)
async def test_where_slack_takes_no_file_the_log_comes_as_text(fakes: Fakes, code: str, way_out: str) -> None:
    fakes.exports.refusal = code

    shown = said(await told(fakes, "audit post_2 --csv", by=ADMIN))

    assert way_out in shown
    assert "at,who,what,post_id" in shown
    assert ",bot,published,post_2," in shown
    assert "edited" not in shown


async def test_the_log_can_be_shared(fakes: Fakes) -> None:
    assert (await told(fakes, "audit --share", by=ADMIN)).shared
    fakes.exports.refusal = "not_in_channel"
    assert (await told(fakes, "audit --csv --share", by=ADMIN)).shared


async def test_editors_do_not_read_the_log(fakes: Fakes) -> None:
    with pytest.raises(NotPermittedError):
        await told(fakes, "audit", by=EDITOR)
