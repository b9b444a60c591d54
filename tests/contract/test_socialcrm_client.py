"""The client against the sandbox over real HTTP: every method, for every variant of the answers."""

import dataclasses
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from scrm_bot.demo.socialcrm.config import SandboxConfig, Variants, every_variant
from scrm_bot.demo.socialcrm.server import RunningSandbox, serve
from scrm_bot.domain.errors import (
    ForbiddenScopeError,
    InvalidRequestError,
    NotFoundError,
    PaymentRequiredError,
    QuotaExceededError,
    RateLimitedError,
    UnauthorizedError,
    UsageError,
)
from scrm_bot.domain.posts import PostChanges
from scrm_bot.domain.workspaces import Secret
from scrm_bot.ports import Lane, SocialCRM
from scrm_bot.socialcrm.client import SocialCRMClient
from scrm_bot.socialcrm.http import Http, KeyHeader
from tests.fakes.budget import FakeBudget
from tests.fakes.clock import FixedClock

VARIANTS = dict(every_variant())
TEXT = "Cold brew is back on tap. Bring a jar and save 50 cents, all week long, in both of our cafés."


WALKED = {"default", "envelope", "nulls"}


def across(*fields: str) -> pytest.MarkDecorator:
    """Run a test for every answer to these open questions, and to those that concern every answer."""
    names = [name for name in VARIANTS if name.partition("=")[0] in {"default", "envelope", "nulls", *fields}]
    WALKED.update(fields)
    return pytest.mark.parametrize("config", names, indirect=True)


@pytest.fixture
def config(request: pytest.FixtureRequest) -> SandboxConfig:
    return SandboxConfig(variants=VARIANTS[request.param])


@pytest.fixture
async def sandbox(config: SandboxConfig) -> AsyncIterator[RunningSandbox]:
    running = await serve(config=config)
    yield running
    await running.close()


def signed(http: Http, key: str, lane: Lane = Lane.PEOPLE) -> SocialCRMClient:
    async def reveal() -> tuple[Secret, str]:
        return Secret(key), "fingerprint"

    return SocialCRMClient(http, reveal, lane)


@pytest.fixture
async def http(sandbox: RunningSandbox) -> AsyncIterator[Http]:
    http = Http(sandbox.base_url, budget=FakeBudget(), clock=FixedClock())
    yield http
    await http.close()


@pytest.fixture
def client(http: Http, sandbox: RunningSandbox) -> SocialCRM:
    return signed(http, sandbox.sandbox.create_key())


@across("created", "patch", "delete")
async def test_a_draft_lives_from_its_first_word_to_its_deletion(client: SocialCRM) -> None:
    draft = await client.create_draft("First words", account_ids=["acct_2", "acct_1"])
    edited = await client.update_post(draft.id, PostChanges(body="Better words"))
    read = await client.get_post(draft.id)
    await client.delete_post(draft.id)

    assert (draft.status, draft.body, draft.account_ids) == ("draft", "First words", ("acct_2", "acct_1"))
    assert edited == read
    assert (read.body, set(read.account_ids), read.media_ids) == ("Better words", {"acct_1", "acct_2"}, ())
    assert read.created_at
    assert read.created_at.tzinfo is UTC
    with pytest.raises(NotFoundError):
        await client.get_post(draft.id)


@across()
async def test_what_is_scheduled_is_read_back_at_its_time(client: SocialCRM) -> None:
    draft = await client.create_draft("Later", account_ids=["acct_1"])
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)

    answered = await client.schedule_post(draft.id, at=at)
    read = await client.get_post(draft.id)

    assert (answered.status, answered.scheduled_at) == ("scheduled", at)
    assert (read.status, read.scheduled_at, read.published_at) == ("scheduled", at, None)


@across("publish")
async def test_what_is_published_says_so_or_that_it_is_on_its_way(client: SocialCRM) -> None:
    draft = await client.create_draft("Now", account_ids=["acct_1"])

    published = await client.publish_post(draft.id)

    assert published.status in {"published", "publishing"}
    assert (published.status == "published") == (published.published_at is not None)


@across()
async def test_the_list_and_the_walk_tell_the_same_posts(client: SocialCRM) -> None:
    first = await client.list_posts(limit=5)
    second = await client.list_posts(limit=5, offset=5)
    walked = [post async for post in client.walk_posts()]

    assert [*first, *second] == walked[:10]
    assert len({post.id for post in walked}) == len(walked) == 14
    assert {post.status for post in walked} == {"draft", "scheduled", "published"}


@across("post_analytics", "account_analytics")
async def test_numbers_come_as_rows_of_named_metrics(client: SocialCRM) -> None:
    published = next(post for post in await client.list_posts(limit=50) if post.status == "published")

    of_post = await client.get_post_analytics(published.id)
    of_accounts = await client.get_account_analytics()

    assert all((row.get("impressions") or 0) > 0 for row in of_post)
    assert all((row.get("followers") or 0) > 1000 for row in of_accounts)
    assert all(not name.endswith("id") for row in (*of_post, *of_accounts) for name, _ in row.values)
    if len(of_accounts) > 1:
        assert [row.account_id for row in of_accounts] == ["acct_1", "acct_2", "acct_3", "acct_4"]


@across("network", "handle", "trending", "trending_weight")
async def test_accounts_persona_and_trends_are_understood(client: SocialCRM) -> None:
    accounts = await client.list_accounts()
    persona = await client.get_persona()
    trends = await client.list_trending(limit=3)

    assert [account.id for account in accounts] == ["acct_1", "acct_2", "acct_3", "acct_4"]
    assert [account.label for account in accounts][:2] == ["Instagram @fernhillcoffee", "X @fernhill"]
    assert "Fernhill Coffee" in dict(persona.traits)["brand"]
    assert len(dict(persona.traits)["tone"]) == 3
    assert len(trends) == 3
    assert all(trend.topic for trend in trends)


@across(
    "compose", "hashtags", "hash_sign", "thread", "thread_part", "ideas", "idea", "optimise", "suggestions"
)
async def test_each_ai_call_is_understood(client: SocialCRM) -> None:
    rewritten = await client.rewrite(TEXT, tone="friendly")
    composed = await client.compose("a new cold brew", tone="friendly")
    tags = await client.suggest_hashtags(TEXT)
    thread = await client.expand_into_thread(" ".join([TEXT] * 8))
    ideas = await client.generate_ideas("cold brew", count=3)
    optimised = await client.optimise(TEXT)

    assert rewritten.strip()
    assert composed.strip()
    assert tags
    assert all(tag.startswith("#") and not tag.startswith("##") for tag in tags)
    assert len(thread) > 1
    assert len(ideas) == 3
    assert all(idea.title for idea in ideas)
    assert optimised.text.strip()


@across("media_id", "upload_url", "upload_method", "upload_headers", "confirm", "created")
async def test_a_file_is_uploaded_confirmed_and_attached(client: SocialCRM) -> None:
    image = b"\x89PNG\r\n\x1a\n" + bytes(2000)

    async def parts() -> AsyncIterator[bytes]:
        yield image[:1000]
        yield image[1000:]

    upload = await client.request_upload("menu.png", content_type="image/png", size=len(image))
    await client.send_bytes(upload, parts(), size=len(image))
    media = await client.confirm_upload(upload.media_id)
    draft = await client.create_draft("With a menu", account_ids=["acct_1"], media_ids=[media.id])

    assert media.id == upload.media_id
    assert draft.media_ids == (media.id,)
    assert (await client.get_post(draft.id)).media_ids == (media.id,)


@across()
async def test_a_typed_path_is_answered_as_it_came(client: SocialCRM) -> None:
    listed = await client.read("/v1/posts?limit=2", {"offset": "1"})
    post = await client.read("posts/post_101", {})

    assert len(listed["data"]) == 2
    assert post.get("data", post)["id"] == "post_101"
    with pytest.raises(UsageError):
        await client.read("/v1/posts/post_101/publish", {})


class TestRefusals:
    """The seven documented codes; two of them share a status."""

    @pytest.fixture
    def config(self) -> SandboxConfig:
        return SandboxConfig(ai_calls_per_month=0)

    async def test_a_key_that_nobody_made_is_unauthorized(self, http: Http) -> None:
        with pytest.raises(UnauthorizedError):
            await signed(http, "sk_live_" + "x" * 32).list_posts()

    async def test_a_missing_scope_is_named(self, http: Http, sandbox: RunningSandbox) -> None:
        client = signed(http, sandbox.sandbox.create_key(scopes=["posts:read"]))

        with pytest.raises(ForbiddenScopeError) as caught:
            await client.publish_post("post_113")
        assert (caught.value.scope, caught.value.endpoint) == ("posts:publish", "POST /posts/{id}/publish")

    async def test_a_free_plan_and_a_used_up_quota_are_told_apart(
        self, http: Http, sandbox: RunningSandbox
    ) -> None:
        free = signed(http, sandbox.sandbox.create_key(plan="free"))
        paid = signed(http, sandbox.sandbox.create_key())

        with pytest.raises(PaymentRequiredError):
            await free.rewrite(TEXT, tone="")
        with pytest.raises(QuotaExceededError):
            await paid.rewrite(TEXT, tone="friendly")

    async def test_a_request_that_is_not_valid_brings_the_reason(self, client: SocialCRM) -> None:
        with pytest.raises(InvalidRequestError, match="limit"):
            await client.list_posts(limit=51)

    @pytest.mark.parametrize("post_id", ["nope", "a/b", "a b?c=d#e", "ä", "%2e%2e", "..", "", "\ud800", "\0"])
    async def test_an_id_that_nobody_has_is_not_found(
        self, client: SocialCRM, sandbox: RunningSandbox, post_id: str
    ) -> None:
        with pytest.raises(NotFoundError):
            await client.get_post(post_id)
        assert all(call.path.startswith("/v1/posts/") for call in sandbox.sandbox.calls)


async def test_both_key_headers_are_accepted() -> None:
    running = await serve()
    key = running.sandbox.create_key()
    headers: tuple[KeyHeader, ...] = ("bearer", "x-api-key")
    answers = []
    for header in headers:
        http = Http(running.base_url, budget=FakeBudget(), clock=FixedClock(), key_header=header)
        answers.append(await signed(http, key).list_posts(limit=1))
        await http.close()
    await running.close()

    assert answers[0] == answers[1]
    assert len(answers[0]) == 1


@across("retry_after")
async def test_past_the_limit_the_answer_names_the_wait_or_it_is_the_window(config: SandboxConfig) -> None:
    running = await serve(config=dataclasses.replace(config, requests_per_minute=1, window="bucket"))
    budget = FakeBudget()
    http = Http(running.base_url, budget=budget, clock=FixedClock())
    client = signed(http, running.sandbox.create_key())
    await client.list_posts()

    with pytest.raises(RateLimitedError) as caught:
        await client.list_posts()
    await http.close()
    await running.close()

    assert 3 < caught.value.retry_in <= 60
    assert caught.value.retry_in == 60 or config.variants.retry_after == "seconds"
    assert budget.refusals == [("fingerprint", caught.value.retry_in)]
    assert len(budget.turns) == 2


def test_every_open_question_is_walked_through() -> None:
    assert {"default", *(field.name for field in dataclasses.fields(Variants))} == WALKED
