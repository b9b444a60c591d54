"""Numbers, accounts, trends and persona."""

from scrm_bot.domain.insights import Account, Metrics, Persona
from scrm_bot.views import insights
from tests.builders import a_persona, a_post, a_trend, accounts, an_account, metrics
from tests.goldens import Cases

ACCOUNTS = accounts()
MANY = [Account(f"acct_{n}", "mastodon", f"acme{n}") for n in range(23)]
NUMBERS = [metrics("acct_1"), metrics("acct_3", engagement_rate=0.0425, dark_posts=3.0)]

CASES: Cases = {
    "insights.post_stats": insights.post_stats(a_post(status="published"), NUMBERS, accounts=ACCOUNTS),
    "insights.post_stats.in_all": insights.post_stats(a_post(), [metrics("")], accounts=ACCOUNTS),
    "insights.post_stats.none": insights.post_stats(a_post(body=""), [Metrics()], accounts=ACCOUNTS),
    "insights.account_stats": insights.account_stats(NUMBERS, accounts=ACCOUNTS),
    "insights.account_stats.together": insights.account_stats(
        [metrics("", likes=91.0)], accounts=ACCOUNTS, apart=False
    ),
    "insights.account_stats.many": insights.account_stats(
        [metrics(f"acct_{n}") for n in range(12)], accounts=MANY
    ),
    "insights.accounts": insights.accounts(
        [*ACCOUNTS, an_account(id="acct_9", handle="", network="", status="")]
    ),
    "insights.accounts.many": insights.accounts(MANY),
    "insights.accounts.none": insights.accounts([]),
    "insights.trending": insights.trending([a_trend(), a_trend("Rain", None), a_trend("Tea & <cake>", 0.5)]),
    "insights.trending.none": insights.trending([]),
    "insights.persona": insights.persona(a_persona(traits=(*a_persona().traits, ("never_says", ())))),
    "insights.persona.none": insights.persona(Persona()),
}
