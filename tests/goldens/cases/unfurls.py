"""Previews of links."""

from scrm_bot.views.unfurls import preview
from tests.builders import LATER, a_post, accounts
from tests.goldens import Cases

CASES: Cases = {
    "unfurls.preview": preview(a_post(), accounts=accounts()),
    "unfurls.preview.scheduled": preview(
        a_post(status="scheduled", scheduled_at=LATER, media_ids=("m1", "m2")), accounts=accounts()
    ),
    "unfurls.preview.empty": preview(a_post(body=" ", account_ids=()), accounts=()),
}
