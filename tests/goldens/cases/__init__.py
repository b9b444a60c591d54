"""All cases by name: `module.function.state`."""

from tests.goldens import Cases
from tests.goldens.cases import (
    admin,
    after,
    answers,
    approvals,
    assist,
    brands,
    bulk,
    calendar,
    digests,
    helping,
    home,
    insights,
    modals,
    posts,
    problems,
    team,
    unfurls,
)

CASES: Cases = {
    **admin.CASES,
    **after.CASES,
    **answers.CASES,
    **approvals.CASES,
    **assist.CASES,
    **brands.CASES,
    **bulk.CASES,
    **calendar.CASES,
    **digests.CASES,
    **helping.CASES,
    **home.CASES,
    **insights.CASES,
    **modals.CASES,
    **posts.CASES,
    **problems.CASES,
    **team.CASES,
    **unfurls.CASES,
}
