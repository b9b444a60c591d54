"""scrm-bot: run | web | worker | demo | sandbox | manifest | check | doctor | keys | api"""

import argparse
import asyncio
import contextlib
import sys
from collections.abc import Callable, Coroutine, Sequence

from scrm_bot import app, checking, manifests, operations
from scrm_bot.domain.errors import ScrmError
from scrm_bot.settings import SettingsError, load

Handler = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit status: 0, 1 for a failure that was told, 2 for wrong words."""
    options = _parser().parse_args(arguments)
    handler: Handler = options.handler
    try:
        return handler(options)
    except SettingsError as error:
        _complain(str(error))
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scrm-bot", description="Social media where the team talks.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, summary in (
        ("run", "web (or Socket Mode) and worker in one process"),
        ("web", "what Slack talks to, alone"),
        ("worker", "what happens later, alone"),
    ):
        commands.add_parser(name, help=summary).set_defaults(handler=_serve, parts=name)
    _add_demo(commands.add_parser("demo", help="the whole product on this machine, with a page like Slack"))
    sandbox = commands.add_parser("sandbox", help="the SocialCRM API to write against")
    sandbox.add_argument("--host", default="127.0.0.1")
    sandbox.add_argument("--port", type=_port, default=8390, help="0 = any free one")
    sandbox.set_defaults(handler=_sandbox)
    _add_manifest(commands.add_parser("manifest", help="the Slack app's manifest, for your own address"))
    commands.add_parser("check", help="try settings, Redis, Slack and the manifest").set_defaults(
        handler=_check
    )
    doctor = commands.add_parser("doctor", help="look at a running installation, and say what to do")
    doctor.set_defaults(handler=_doctor)
    keys = commands.add_parser("keys", help="encryption keys")
    keys.add_argument(
        "action",
        choices=["new", "rotate"],
        help="new: make a key; rotate: seal everything anew with the newest (safe while the bot runs)",
    )
    keys.set_defaults(handler=_keys)
    api = commands.add_parser("api", help="a read-only call with the key in SOCIALCRM_API_KEY, JSON out")
    api.add_argument("method", type=str.upper, choices=["GET"])
    api.add_argument("path", help="such as /v1/posts?limit=5")
    api.set_defaults(handler=_api)
    return parser


def _port(word: str) -> int:
    try:
        port = int(word)
    except ValueError:
        port = -1
    if not 0 <= port <= 65_535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return port


def _add_demo(demo: argparse.ArgumentParser) -> None:
    demo.add_argument("--port", type=_port, default=8765, help="of the page; 0 = any free one")
    demo.add_argument("--story", action="store_true", help="play the main job and exit")
    demo.add_argument(
        "--refuse",
        metavar="CODE[@PATH]",
        default="",
        help="let the sandbox refuse every call (or those to PATH, * allowed) with an error code",
    )
    demo.set_defaults(handler=_demo)


def _add_manifest(command: argparse.ArgumentParser) -> None:
    command.add_argument("--url", metavar="https://…", help="where Slack finds the bot; else SCRM_PUBLIC_URL")
    command.add_argument("--link-domain", metavar="DOMAIN", help="links with previews; else SCRM_LINK_DOMAIN")
    command.add_argument("--socket", action="store_true", help="for Socket Mode: no address needed")
    command.add_argument("--token-rotation", action="store_true", help="bot tokens end after twelve hours")
    command.set_defaults(handler=_manifest)


def _serve(options: argparse.Namespace) -> int:
    settings = load().require_keys().require_settle()
    if options.parts != "worker" or not settings.slack_client_id:
        settings.require_slack()
    return _in_loop(app.run(settings, web=options.parts != "worker", work=options.parts != "web"))


def _demo(options: argparse.Namespace) -> int:
    try:
        from scrm_bot.demo import run  # noqa: PLC0415  the demo's packages are an extra
    except ModuleNotFoundError as missing:
        if missing.name not in {"fakeredis", "lupa"}:
            raise
        _complain("The demo needs its extra: pip install 'scrm-bot[demo]' (or, in a clone, make demo).")
        return 1
    with contextlib.suppress(KeyboardInterrupt):
        return asyncio.run(run.main(port=options.port, story=options.story, refuse=options.refuse))
    return 0


def _sandbox(options: argparse.Namespace) -> int:
    from scrm_bot.demo.socialcrm import server  # noqa: PLC0415  not needed to run the bot

    return server.run(host=options.host, port=options.port)


def _manifest(options: argparse.Namespace) -> int:
    given = {"SCRM_PUBLIC_URL": options.url, "SCRM_LINK_DOMAIN": options.link_domain}
    settings = load(**{name: value for name, value in given.items() if value})
    text = manifests.fitted(
        url=settings.public_url,
        link_domain=settings.link_domain,
        socket=options.socket,
        rotation=options.token_rotation,
    )
    print(text, end="")  # noqa: T201
    return 0


def _check(_: argparse.Namespace) -> int:
    return _told(asyncio.run(checking.check(load())))


def _doctor(_: argparse.Namespace) -> int:
    return _told(asyncio.run(operations.doctor(load())))


def _told(findings: Sequence[checking.Finding]) -> int:
    for finding in findings:
        print(f"{'ok     ' if finding.good else 'not ok '}{finding.what}: {finding.told}")  # noqa: T201
    return 0 if all(finding.good for finding in findings) else 1


def _keys(options: argparse.Namespace) -> int:
    if options.action == "rotate":
        finding = asyncio.run(operations.rotate(load().require_keys()))
        print(finding.told)  # noqa: T201
        return 0 if finding.good else 1
    print(f"A new encryption key; put it first in SCRM_ENCRYPTION_KEYS: {app.new_key()}")  # noqa: T201
    return 0


def _api(options: argparse.Namespace) -> int:
    try:
        print(asyncio.run(operations.read_api(load(), options.path)))  # noqa: T201
    except ScrmError as error:
        _complain(operations.refusal(error))
        return 1
    return 0


def _in_loop(running: Coroutine[None, None, int]) -> int:
    """On uvloop where there is one: acknowledgements are the faster for it."""
    try:
        import uvloop  # noqa: PLC0415  there is none for some platforms
    except ModuleNotFoundError:
        return asyncio.run(running)
    return uvloop.run(running)


def _complain(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
