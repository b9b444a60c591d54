"""Builds the Bolt app: one listener per kind of delivery, each dispatching by our own tables."""

import gc
import logging
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.listener.async_listener import AsyncListener
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from scrm_bot.slack.installed import Installations
from scrm_bot.slack.payloads import Kind, UnreadableError, kind_of, read
from scrm_bot.slack.surface import SEND_AGAIN, Surface

log = logging.getLogger(__name__)

_MOST_TEAMS = 10_000
_GC_THRESHOLDS = (50_000, 50, 100)


class Authorize(AsyncAuthorize):
    """Says who a delivery is for from what is in memory: no auth.test, no store, no token.

    Listeners get no client. What the bot sends later goes through `Messenger`, which loads the token.
    """

    def __init__(self, installations: Installations) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Bolt's own
        self._installations = installations
        self._made: dict[tuple[str | None, str | None], tuple[object, AuthorizeResult]] = {}

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,  # noqa: ARG002 - Bolt's signature
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,  # noqa: ARG002
        actor_enterprise_id: str | None = None,  # noqa: ARG002
        actor_team_id: str | None = None,  # noqa: ARG002
        actor_user_id: str | None = None,  # noqa: ARG002
    ) -> AuthorizeResult:
        if not (isinstance(team_id, str | None) and isinstance(enterprise_id, str | None)):
            team_id = enterprise_id = (
                None  # Bolt takes it from wherever a payload may have it; ours is read later
            )
        known = self._installations.cached(team_id or enterprise_id or "")
        about, result = self._made.get((team_id, enterprise_id), (None, None))
        if result is None or about is not known:
            result = AuthorizeResult(
                enterprise_id=enterprise_id,
                team_id=team_id,
                bot_id=known.bot_id if known else None,
                bot_user_id=known.bot_user_id if known else None,
            )
            if len(self._made) >= _MOST_TEAMS:
                self._made.clear()
            self._made[team_id, enterprise_id] = (known, result)
        return result


class KindListener(AsyncListener):
    """Everything of one kind. It only decides the acknowledgement; the surface does the rest later.

    A listener of our own instead of a decorated function, because Bolt builds some 30 arguments for each
    matcher and each function it calls, which costs more than the whole acknowledgement does.
    """

    def __init__(self, kind: Kind, surface: Surface) -> None:
        self.kind = kind
        self._surface = surface
        self.matchers = ()
        self.middleware = ()
        self.lazy_functions = ()
        self.auto_acknowledgement = False
        self.ack_timeout = 3
        self.ack_function = self._acknowledge

    async def async_matches(self, *, req: AsyncBoltRequest, resp: BoltResponse) -> bool:  # noqa: ARG002
        return kind_of(req.body) is self.kind

    async def run_ack_function(
        self,
        *,
        request: AsyncBoltRequest,
        response: BoltResponse,
    ) -> BoltResponse:
        del response
        return await self._acknowledge(request)

    async def _acknowledge(self, request: AsyncBoltRequest) -> BoltResponse:
        try:
            received = read(self.kind, request.body)
        except UnreadableError as error:
            log.info("refused: %s", error)
            return BoltResponse(status=400, body="unreadable")
        body = await self._surface.receive(received)
        return BoltResponse(status=503 if body == SEND_AGAIN else 200, body=body)


class SurfaceApp(AsyncApp):
    """Bolt, with `KindListener`s and without a Web API client per request."""

    def listen(self, surface: Surface) -> None:
        self._async_listeners.extend(KindListener(kind, surface) for kind in Kind)

    def _handle_unmatched_requests(self, req: AsyncBoltRequest, resp: BoltResponse) -> BoltResponse:  # noqa: ARG002
        """Without Bolt's warning, which stumbles over some of what nobody listens to."""
        return resp

    def _init_context(self, req: AsyncBoltRequest) -> None:
        """One client for all, where Bolt makes one each time. It holds no token; no listener uses it."""
        context: dict[str, Any] = req.context
        context["logger"] = self.logger
        context["token"] = None
        context["client"] = self.client
        context["listener_runner"] = self.listener_runner


def build(surface: Surface, installations: Installations) -> SurfaceApp:
    """The Bolt app. Requests reach it verified: over HTTP by `Guard`, in Socket Mode by the connection."""
    quiet = logging.getLogger("slack_bolt.scrm-bot")
    quiet.setLevel(logging.ERROR)  # below, it warns of variables that it reads by itself, and shows bodies
    app = SurfaceApp(
        name="scrm-bot",
        logger=quiet,
        client=AsyncWebClient(),
        authorize=Authorize(installations),
        process_before_response=True,
        request_verification_enabled=False,  # done once, on the raw bytes, before anything is parsed
        ignoring_self_events_enabled=False,  # payloads.py ignores what any bot says
        attaching_function_token_enabled=False,
    )
    app.error(_last_resort)
    app.listen(surface)
    return app


def settle_memory() -> None:
    """Once everything is built: keep it out of every collection, and collect less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLDS)


async def _last_resort(error: Exception) -> BoltResponse:
    """The surface catches its own errors; this is for Bolt's."""
    log.error("a delivery could not be handled", exc_info=error)
    return BoltResponse(status=400, body="unreadable")
