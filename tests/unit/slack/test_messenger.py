"""What the bot sends: paced, patient with Slack's refusals, and never with the wrong token."""

import asyncio
from math import inf

import aiohttp
import pytest
from aiohttp import web

from scrm_bot.domain.errors import SlackRefusedError
from scrm_bot.domain.workspaces import Installation, Secret
from scrm_bot.ports import Lane
from scrm_bot.slack.installed import Installations, NotInstalledError
from scrm_bot.slack.messenger import Messenger
from scrm_bot.slack.pace import Pace
from scrm_bot.slack.webapi import open_session
from scrm_bot.views.blocks import Message
from tests.unit.slack.rig import TEAM, Parts, a_rig

HELLO = Message("Hello", ({"type": "divider"},))


async def test_a_message_is_posted_with_its_blocks_and_the_teams_own_token() -> None:
    async with a_rig() as rig:
        ts = await rig.messenger.post(TEAM, "C1", HELLO, thread_ts="1.0")

        (posted,) = rig.slack.of("chat.postMessage")
        assert ts == "1.0"
        assert (posted["text"], posted["blocks"], posted["thread_ts"]) == (
            "Hello",
            [{"type": "divider"}],
            "1.0",
        )
        assert posted["token"] == "Bearer xoxb-1"


async def test_a_channel_gets_one_message_a_second_and_others_do_not_wait() -> None:
    async with a_rig() as rig:
        for channel in ("C1", "C1", "C2", "C1"):
            await rig.messenger.post(TEAM, channel, HELLO)

        assert rig.slept == [1.0, 2.0]


async def test_of_updates_that_wait_only_the_newest_is_sent() -> None:
    free = asyncio.Event()

    async def until_free(_: float) -> None:
        await free.wait()

    pace = Pace(sleep=until_free, monotonic=lambda: 0.0)
    sent: list[str] = []

    async def send(message: Message) -> None:
        sent.append(message.text)

    await pace.turn("T1", "C1")
    waiting = [asyncio.create_task(pace.newest("T1", "C1", "1.0", Message(str(n)), send)) for n in range(3)]
    await asyncio.sleep(0)
    free.set()
    await asyncio.gather(*waiting)

    assert sent == ["2"]


async def test_everyone_who_waits_for_an_update_learns_that_it_was_refused() -> None:
    free = asyncio.Event()

    async def until_free(_: float) -> None:
        await free.wait()

    async def refuse(_: Message) -> None:
        raise SlackRefusedError("message_not_found", method="chat.update")

    pace = Pace(sleep=until_free, monotonic=lambda: 0.0)
    await pace.turn("T1", "C1")
    waiting = [asyncio.create_task(pace.newest("T1", "C1", "1.0", HELLO, refuse)) for _ in range(2)]
    await asyncio.sleep(0)
    free.set()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)

    assert [type(each) for each in outcomes] == [SlackRefusedError, SlackRefusedError]


async def test_slacks_request_to_wait_is_followed_and_the_call_repeated() -> None:
    async with a_rig() as rig:
        rig.slack.refuse("chat.update", "ratelimited", status=429, retry_after="7")
        await rig.messenger.update(TEAM, "C1", "1.0", HELLO)

        assert rig.slept == [7.0]
        assert len(rig.slack.of("chat.update")) == 2


async def test_what_was_refused_together_goes_again_one_after_the_other() -> None:
    async with a_rig() as rig:
        for _ in range(2):
            rig.slack.refuse("chat.update", "ratelimited", status=429, retry_after="7")
        await asyncio.gather(*(rig.messenger.update(TEAM, "C1", ts, HELLO) for ts in ("1.0", "2.0")))

        first, second = sorted(rig.slept)[-2:]
        assert first >= 7.0
        assert second > first
        assert len(rig.slack.of("chat.update")) == 4


async def test_a_pause_that_grew_meanwhile_is_kept_and_one_that_is_too_long_is_the_callers() -> None:
    async with a_rig() as rig:
        rig.slack.refuse("chat.postMessage", "ratelimited", status=429, retry_after="2")
        await rig.messenger._posts.hold(TEAM, "post:C1", 600)
        with pytest.raises(SlackRefusedError) as refused:
            await rig.messenger.call(TEAM, "chat.postMessage", {"channel": "C1", "text": "Hello."})

        assert (refused.value.code, refused.value.retry_in) == ("ratelimited", 600.0)
        assert len(rig.slack.of("chat.postMessage")) == 1


async def test_a_long_wait_is_the_callers_to_plan() -> None:
    async with a_rig() as rig:
        rig.slack.refuse("chat.postMessage", "ratelimited", status=429, retry_after="600")
        with pytest.raises(SlackRefusedError) as refused:
            await rig.messenger.post(TEAM, "C1", HELLO)

        assert (refused.value.code, refused.value.retry_in) == ("ratelimited", 600.0)
        assert rig.slept == []


async def test_waiting_ends_after_three_tries() -> None:
    async with a_rig() as rig:
        for _ in range(3):
            rig.slack.refuse("views.publish", "ratelimited", status=429)
        with pytest.raises(SlackRefusedError, match="ratelimited"):
            await rig.messenger.publish_home(TEAM, "U1", {"type": "home"})

        assert rig.slept == [1.0, pytest.approx(1.88)]  # the first of them took a turn, too


async def test_a_refusal_is_named_and_not_repeated() -> None:
    async with a_rig() as rig:
        rig.slack.refuse("chat.postMessage", "not_in_channel")
        with pytest.raises(SlackRefusedError) as refused:
            await rig.messenger.post(TEAM, "C1", HELLO)

        assert (refused.value.code, refused.value.method) == ("not_in_channel", "chat.postMessage")
        assert len(rig.slack.of("chat.postMessage")) == 1


async def test_a_revoked_token_is_forgotten() -> None:
    async with a_rig() as rig:
        rig.slack.refuse("chat.postMessage", "token_revoked")
        with pytest.raises(SlackRefusedError):
            await rig.messenger.post(TEAM, "C1", HELLO)

        assert rig.installations.cached(TEAM) is None


def rotating(token: str) -> Installation:
    return Installation(TEAM, Secret(token), refresh_token=Secret("xoxe-1-r"))


async def test_a_token_that_slack_calls_over_is_renewed_and_the_call_made_once_more() -> None:
    async with a_rig(Parts(installation=rotating("xoxe.xoxb-old"))) as rig:
        rig.slack.refuse("chat.postMessage", "token_expired")

        async def renewed() -> None:
            rig.installation = rotating("xoxe.xoxb-new")

        rig.slack.before["chat.postMessage"] = renewed
        await rig.messenger.post(TEAM, "C1", HELLO)

        used = [call["token"] for call in rig.slack.of("chat.postMessage")]
        assert used == ["Bearer xoxe.xoxb-old", "Bearer xoxe.xoxb-new"]


@pytest.mark.parametrize("installation", [rotating("xoxe.xoxb-old"), Installation(TEAM, Secret("xoxb-1"))])
async def test_without_a_new_token_nothing_is_sent_twice(installation: Installation) -> None:
    async with a_rig(Parts(installation=installation)) as rig:
        rig.slack.refuse("chat.postMessage", "token_expired")
        with pytest.raises(SlackRefusedError, match="token_expired"):
            await rig.messenger.post(TEAM, "C1", HELLO)

        assert len(rig.slack.of("chat.postMessage")) == 1


async def test_a_garbled_answer_is_a_refusal_too() -> None:
    async with a_rig() as rig:
        rig.slack.refusals["chat.postMessage"] = [(502, {}, {})]
        with pytest.raises(SlackRefusedError, match="http_502"):
            await rig.messenger.post(TEAM, "C1", HELLO)


async def test_without_an_installation_nothing_is_sent() -> None:
    async with a_rig(Parts(installation=None)) as rig:
        with pytest.raises(NotInstalledError):
            await rig.messenger.post(TEAM, "C1", HELLO)

        assert rig.slack.calls == []


async def test_a_modal_without_a_trigger_is_not_even_tried() -> None:
    async with a_rig() as rig:
        with pytest.raises(SlackRefusedError, match="expired_trigger_id"):
            await rig.messenger.open_view(TEAM, "", {"type": "modal"})

        assert rig.slack.calls == []


async def test_a_response_url_is_tried_again_where_that_makes_sense() -> None:
    async with a_rig() as rig:
        rig.slack.refuse("response_url", "", status=503)
        rig.slack.refuse("response_url", "", status=429, retry_after="2")
        await rig.messenger.respond(f"{rig.slack.url}/response/1", {"text": "Hello"})

        assert rig.slept == [0.5, 2.0]
        assert len(rig.slack.of("response_url")) == 3


async def test_a_used_response_url_is_a_refusal() -> None:
    async with a_rig() as rig:
        rig.slack.refuse("response_url", "", status=404)
        with pytest.raises(SlackRefusedError, match="http_404"):
            await rig.messenger.respond(f"{rig.slack.url}/response/1", {"text": "Hello"})


async def test_a_slack_that_cannot_be_reached_is_told_from_one_that_refuses(free_tcp_port: int) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def find(team_id: str) -> Installation:
        return Installation(team_id, Secret("xoxb-1"))

    nowhere = f"http://127.0.0.1:{free_tcp_port}/"
    async with open_session() as session:
        messenger = Messenger(
            session=session, installations=Installations(find), base_url=nowhere, sleep=sleep
        )
        with pytest.raises(SlackRefusedError, match="unreachable"):
            await messenger.post(TEAM, "C1", HELLO)
        with pytest.raises(SlackRefusedError, match="unreachable"):
            await messenger.respond(nowhere, {})

    assert slept == [0.5, 0.5, 0.5, 1.0]


async def test_a_call_whose_answer_was_lost_is_not_sent_twice() -> None:
    heard: list[str] = []

    async def hear_and_hang_up(request: web.Request) -> web.Response:
        heard.append(await request.text())
        assert request.transport
        request.transport.abort()
        return web.Response()

    application = web.Application()
    application.router.add_post("/{name}", hear_and_hang_up)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()

    async def find(team_id: str) -> Installation:
        return Installation(team_id, Secret("xoxb-1"))

    async with aiohttp.ClientSession() as session:
        base_url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        messenger = Messenger(session=session, installations=Installations(find), base_url=base_url)
        with pytest.raises(SlackRefusedError, match="unreachable"):
            await messenger.post(TEAM, "C1", HELLO)
    await runner.cleanup()

    assert len(heard) == 1


@pytest.mark.parametrize(
    ("method", "place"), [("chat.postMessage", "post:C1"), ("chat.update", "chat.update")]
)
async def test_a_pause_that_slack_wants_is_told_to_every_process(method: str, place: str) -> None:
    held: list[tuple[str, str, float]] = []

    class Elsewhere:
        async def turn(
            self, team_id: str, place: str, *, every: float, burst: int, within: float = inf
        ) -> float:
            return next((seconds for _, name, seconds in held if name == place), 0.0)

        async def hold(self, team_id: str, place: str, *, every: float, burst: int, seconds: float) -> None:
            held.append((team_id, place, seconds))

    async with a_rig() as rig, open_session() as session:
        messenger = Messenger(
            session=session,
            installations=rig.installations,
            base_url=f"{rig.slack.url}/api/",
            shared=Elsewhere(),
            sleep=rig._sleep,
        )
        rig.slack.refuse(method, "ratelimited", status=429, retry_after="3")

        if method == "chat.update":
            await messenger.update(TEAM, "C1", "1.0", HELLO)
        else:
            await messenger.post(TEAM, "C1", HELLO)

    assert held == [(TEAM, place, 3.0)]
    assert rig.slept == [3.0]


async def test_a_pause_of_another_method_holds_that_method_alone() -> None:
    async with a_rig() as rig:
        rig.slack.refuse("chat.postEphemeral", "ratelimited", status=429, retry_after="2")

        await rig.messenger.whisper(TEAM, channel="C1", user_id="U1", message=HELLO)
        await rig.messenger.publish_home(TEAM, "U1", {"type": "home"})

        assert rig.slept == [2.0]


async def test_a_person_s_window_is_refused_at_once_when_its_turn_would_come_too_late() -> None:
    async with a_rig() as rig:
        opened = [rig.messenger.open_view(TEAM, "1.2.3", {"type": "modal"}) for _ in range(27)]
        await asyncio.gather(*opened)
        with pytest.raises(SlackRefusedError) as refused:
            await rig.messenger.open_view(TEAM, "1.2.3", {"type": "modal"})

        assert refused.value.code == "ratelimited"
        assert refused.value.retry_in == pytest.approx(2.64)
        assert len(rig.slack.of("views.open")) == 27
        assert rig.slept == [pytest.approx(0.88), pytest.approx(1.76)]


async def test_background_work_leaves_turns_to_people() -> None:
    async with a_rig() as rig:
        behind = rig.messenger.in_lane(Lane.BACKGROUND)
        for _ in range(17):
            await behind.publish_home(TEAM, "U1", {"type": "home"})
        slept_behind = len(rig.slept)
        rest = asyncio.create_task(behind.publish_home(TEAM, "U1", {"type": "home"}))
        for _ in range(8):
            await rig.messenger.publish_home(TEAM, "U2", {"type": "home"})
        await rest

        assert slept_behind == 0
