"""The workspace a sandbox starts with: a small coffee roaster, its accounts, posts and voice."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from scrm_bot.demo.socialcrm.insights import Account
from scrm_bot.demo.socialcrm.posts import Post, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    brand: str
    about: str
    voice: str
    tone: tuple[str, ...]
    audience: str
    values: tuple[str, ...]
    do: tuple[str, ...]
    avoid: tuple[str, ...]
    emoji: str
    hashtags: tuple[str, ...]


PERSONA: Final = Persona(
    brand="Fernhill Coffee",
    about="A small roaster with two cafés, a weekly market stall and a subscription.",
    voice="A neighbour who knows coffee: warm, plain, a little playful, never pushy.",
    tone=("friendly", "down to earth", "curious"),
    audience="People who brew at home, and the streets around the cafés.",
    values=("fair prices for growers", "less waste", "coffee for everyone"),
    do=("speak as we", "name the people behind the coffee", "end with an easy next step"),
    avoid=("jargon", "pressure", "capital letters for effect"),
    emoji="At most one, at the end.",
    hashtags=("#FernhillCoffee",),
)

ACCOUNTS: Final = (
    Account(
        id="acct_1",
        network="instagram",
        handle="@fernhillcoffee",
        name="Fernhill Coffee",
        followers=8_420,
        daily_impressions=5_200,
        daily_followers=6.4,
    ),
    Account(
        id="acct_2",
        network="x",
        handle="@fernhill",
        name="Fernhill",
        followers=3_150,
        daily_impressions=2_300,
        daily_followers=1.9,
    ),
    Account(
        id="acct_3",
        network="linkedin",
        handle="fernhill-coffee",
        name="Fernhill Coffee Roasters",
        followers=1_240,
        daily_impressions=940,
        daily_followers=1.3,
    ),
    Account(
        id="acct_4",
        network="facebook",
        handle="fernhillcoffee",
        name="Fernhill Coffee",
        followers=5_060,
        daily_impressions=1_750,
        daily_followers=0.8,
    ),
)

TOPICS: Final = (
    "#CoffeeAtHome",
    "#SlowMornings",
    "#SmallBusiness",
    "#ColdBrewSeason",
    "#ZeroWaste",
    "#FarmersMarket",
    "#LatteArt",
    "#FairTrade",
    "#WeekendPlans",
    "#BehindTheScenes",
    "#LocalMakers",
    "#MondayMood",
    "#PourOver",
    "#CoffeeScience",
    "#WorkFromCafe",
    "#NewMenu",
    "#ShopLocal",
    "#EspressoMartini",
    "#DogsInCafes",
    "#BookClub",
    "#RainyDay",
    "#BrunchIdeas",
    "#ThankYouThursday",
    "#PlantMilk",
)

# body, accounts, hours from the start: published when below 0, scheduled when above, a draft when None
_POSTS: Final = (
    ("Our Kenyan lot from Gichathaini is back. Blackcurrant, brown sugar, gone by Friday.", "1 2 4", -310),
    ("Behind the roaster this week: Amara, who tastes every batch before you do.", "1 3", -264),
    ("Market day! Find us by the fountain from nine until the rain wins.", "1 4", -214),
    ("What is the first thing you brewed with? We started with a moka pot and a lot of hope.", "2", -190),
    ("We paid 31% above the fair-trade price this season. Here is who it went to.", "1 2 3 4", -143),
    ("Cold brew is on tap in both cafés. Bring a jar, save 50 cents.", "1 4", -118),
    ("Hiring: a weekend barista who likes people more than latte art.", "3 4", -95),
    ("Three ways to rescue a bitter cup: coarser, cooler, shorter.", "1 2", -50),
    ("Thank you for 8,000 jars returned. That is a lot of plastic that never was.", "1 2 3", -21),
    ("Tomorrow only: bring a friend, the second flat white is on us.", "1 4", 3),
    ("Subscription boxes ship on Thursday. Order by noon tomorrow to be in this one.", "1 2", 26),
    ("How we choose a grower, in five photos.", "1 3", 74),
    ("Idea: a quiz about roast levels, with a bag for the winner.", "2", None),
    ("Winter blend teaser. Needs a photo and a date.", "1 4", None),
)
_FIRST_NUMBER: Final = 101


def seed_posts(now: datetime) -> tuple[Post, ...]:
    start = now.replace(minute=0, second=0, microsecond=0)
    return tuple(
        _post(f"post_{number}", body, accounts, hours, start)
        for number, (body, accounts, hours) in enumerate(_POSTS, _FIRST_NUMBER)
    )


def _post(post_id: str, body: str, accounts: str, hours: int | None, start: datetime) -> Post:
    number = int(post_id.removeprefix("post_"))
    out_at = None if hours is None else start + timedelta(hours=hours)
    # written in the order of the ids, and always before it went out
    written = start - timedelta(hours=(_FIRST_NUMBER + len(_POSTS) - number) * 25)
    return Post(
        id=post_id,
        body=body,
        account_ids=tuple(f"acct_{each}" for each in accounts.split()),
        status=_status(hours),
        created_at=written,
        updated_at=written,
        scheduled_at=out_at,
        published_at=out_at if hours is not None and hours < 0 else None,
    )


def _status(hours: int | None) -> Status:
    if hours is None:
        return Status.DRAFT
    return Status.PUBLISHED if hours < 0 else Status.SCHEDULED
