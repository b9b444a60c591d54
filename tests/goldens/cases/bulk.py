"""Several requests decided in one window."""

from scrm_bot.domain.approvals import State
from scrm_bot.domain.bulk import Choice, Outcome, Wish
from scrm_bot.domain.errors import AlreadyDecidedError, ApprovalNotFoundError, OutdatedViewError
from scrm_bot.views import bulk
from scrm_bot.views.bulk import Item, Sheet
from tests.builders import (
    EDITOR,
    LATER,
    NOW,
    SECOND_APPROVER,
    a_decision,
    a_pause,
    a_policy,
    accounts,
    an_approval,
    an_approved,
)
from tests.goldens import Cases

ACCOUNTS = accounts()
META = '{"bulk":"k_1","page":1,"chosen":"a-","channel":"CSOCIAL"}'
ONE = an_approval(note="For the launch", body="Doors open at nine.", at=LATER)
TWO = an_approval(id="apr_2", post_id="post_124", requested_by=SECOND_APPROVER)
LONG = an_approval(id="apr_3", post_id="post_125", body="word " * 2000)
GONE = Wish("apr_9", Choice.HOLD, "s")
HALF = an_approval(decisions=(a_decision(),), policy=a_policy(needed=2))


def a_wish(choice: Choice = Choice.APPROVE) -> Wish:
    return Wish("apr_1", choice, "s")


CASES: Cases = {
    "bulk.sheet": bulk.sheet(
        Sheet([Item(1, ONE, Choice.APPROVE), Item(2, TWO)], total=2),
        accounts=ACCOUNTS,
        now=NOW,
        metadata=META,
    ),
    "bulk.sheet.paged": bulk.sheet(
        Sheet(
            [Item(7, ONE, Choice.REJECT), Item(8, TWO, moved=True), Item(9, None)],
            page=2,
            pages=3,
            total=15,
            left=1,
            chosen=2,
            reason="The price is wrong",
        ),
        accounts=ACCOUNTS,
        paused=a_pause(),
    ),
    "bulk.sheet.too_long": bulk.sheet(Sheet([Item(1, LONG, Choice.APPROVE)], total=1), accounts=ACCOUNTS),
    "bulk.nothing": bulk.nothing(),
    "bulk.expired": bulk.expired(),
    "bulk.results": bulk.results(
        [
            Outcome(a_wish(), an_approved()),
            Outcome(a_wish(), HALF),
            Outcome(a_wish(Choice.REJECT), an_approval(state=State.REJECTED, detail="No", body="")),
            Outcome(a_wish(), TWO, OutdatedViewError()),
            Outcome(a_wish(), ONE, AlreadyDecidedError("approve", state="withdrawn", by=EDITOR)),
            Outcome(GONE, None, ApprovalNotFoundError()),
        ]
    ),
    "bulk.results.all_done": bulk.results([Outcome(a_wish(Choice.HOLD), an_approval(state=State.ON_HOLD))]),
    "bulk.results.none_done": bulk.results([Outcome(a_wish(), ONE, OutdatedViewError())]),
    "bulk.results.not_told": bulk.results([Outcome(a_wish(), None)]),
}
