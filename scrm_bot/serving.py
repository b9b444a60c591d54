"""What Slack talks to, put together: the surface, and the ways by which its deliveries come in."""

from contextlib import AsyncExitStack

from slack_bolt.async_app import AsyncApp

from scrm_bot.departures import Departures
from scrm_bot.domain.errors import SlackRefusedError
from scrm_bot.instruments import Instruments
from scrm_bot.settings import Settings, SettingsError
from scrm_bot.slack import web
from scrm_bot.slack.commands import COMMANDS
from scrm_bot.slack.guard import Guard
from scrm_bot.slack.interactions import BUTTONS, MODALS, SHORTCUTS, home, menus
from scrm_bot.slack.links import LinkDomain
from scrm_bot.slack.metrics import Metrics
from scrm_bot.slack.router import Router
from scrm_bot.slack.socket import SocketConnection
from scrm_bot.slack.surface import Surface, SurfaceConfig
from scrm_bot.store.address import place
from scrm_bot.store.vault import WORK_FIELD
from scrm_bot.store.work import RedisWorkQueue
from scrm_bot.tenancy import TeamWorkspaces


def surface_of(
    workspaces: TeamWorkspaces,
    queue: RedisWorkQueue,
    departures: Departures,
    settings: Settings,
    made: Instruments,
) -> Surface:
    """What does what people ask for, however it has come in."""
    ring, installed = workspaces.ring, workspaces.installed
    surface = Surface(
        SurfaceConfig(
            router=Router(COMMANDS, buttons=BUTTONS, modals=MODALS, shortcuts=SHORTCUTS),
            home=home.run,
            suggest=menus.suggester(workspaces),
            workspaces=workspaces,
            queue=queue,
            clock=workspaces.clock,
            seal=lambda plain, team: ring.seal(plain, team=team, field=WORK_FIELD),
            open_sealed=lambda sealed, team: ring.open(sealed, team=team, field=WORK_FIELD),
            installations=installed,
            messenger=workspaces.messenger,
            forget=departures.told,
            belongs=departures.installations.belongs,
            lease=settings.lease_seconds,
            link=LinkDomain(settings.link_domain),
            deeds=made.deeds,
            spans=made.spans,
        )
    )
    made.deliveries.working = surface.background.__len__
    return surface


async def listen(stack: AsyncExitStack, settings: Settings, config: web.WebConfig) -> str:
    """Serve HTTP; returns the address."""
    server = web.Server(web.build(config))
    stack.push_async_callback(server.stop)
    port = await server.start(settings.host, settings.port)
    return f"http://{place(settings.host, port)}"


def guard_of(settings: Settings) -> Guard | None:
    """Checks signatures, where deliveries come by HTTP."""
    secret = settings.slack_signing_secret
    return Guard(secret.get_secret_value()) if secret and not settings.slack_app_token else None


async def connect(stack: AsyncExitStack, settings: Settings, bolt: AsyncApp, *, counted: Metrics) -> None:
    """Have deliveries come through a socket, where there is a token for one. Raises `SettingsError`."""
    if not settings.slack_app_token:
        return
    token = settings.slack_app_token.get_secret_value()
    connection = SocketConnection(bolt, token, base_url=settings.slack_api_url, counted=counted)
    stack.push_async_callback(connection.close)
    try:
        await connection.connect()
    except SlackRefusedError as refusal:
        told = "copy the app-level token with connections:write from api.slack.com/apps, Basic Information"
        raise SettingsError(f"SLACK_APP_TOKEN: Slack refuses it ({refusal.code}): {told}") from refusal
