"""The app as Slack is told of it: one source, fitted to an address, to Socket Mode, to a domain of links."""

import re
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

ADDRESS = "https://scrm-bot.example.com"  # what stands in the source for the bot's own address
LINK_DOMAIN = "socialcrm.org"
_HEAD = re.compile(r"\A(?:#.*\n)+")
_OF_AN_ADDRESS = re.compile(rf"^ *(?:- |\w+: ){re.escape(ADDRESS)}\S*\n", re.MULTILINE)
_SOCKET_HEAD = """\
# The Slack app, for Socket Mode: no address needed. Paste this at api.slack.com/apps under "Create New App",
# "From a manifest". Made by `scrm-bot manifest --socket` from manifest.yml: edit that one.
"""
_FITTED_HEAD = """\
# The Slack app, for HTTP at {url}. Paste this at api.slack.com/apps under
# "Create New App", "From a manifest". Each scope has its reason beside it.
"""


def source() -> str:
    """manifest.yml of the source, or the copy in the installed package."""
    beside = Path(__file__).parents[1] / "manifest.yml"
    packaged = resources.files("scrm_bot") / "manifest.yml"
    return (beside if beside.exists() else packaged).read_text(encoding="utf-8")


def document() -> dict[str, Any]:
    """The same, read."""
    found: dict[str, Any] = yaml.safe_load(source())
    return found


def fitted(*, url: str = "", link_domain: str = "", socket: bool = False, rotation: bool = False) -> str:
    """The manifest for one installation, with its comments. What is left empty stays as in the source.

    `socket` needs no address, so there `url` is not used. `rotation`: bot tokens end after twelve hours.
    """
    text = source()
    if socket:
        text = _for_socket_mode(text)
    elif url:
        text = _HEAD.sub(_FITTED_HEAD.format(url=url.rstrip("/")), text).replace(ADDRESS, url.rstrip("/"))
    if link_domain:
        text = text.replace(f"    - {LINK_DOMAIN}\n", f"    - {link_domain}\n")
    return _switched(text, "token_rotation_enabled") if rotation else text


def _for_socket_mode(text: str) -> str:
    """Without every line that holds an address, and without the list that is empty then."""
    text = _OF_AN_ADDRESS.sub("", _HEAD.sub(_SOCKET_HEAD, text))
    return _switched(text.replace("  redirect_urls:\n", ""), "socket_mode_enabled")


def _switched(text: str, name: str) -> str:
    return text.replace(f"{name}: false", f"{name}: true")
