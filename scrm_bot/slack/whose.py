"""Which installation a delivery is for: in a channel that companies share, not that of whoever acted."""

from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]


def installed_team(body: Json) -> tuple[str, str]:
    """The workspace and its organisation, "" where none is told; an organisation stands for itself.

    In Bolt's order: what names the installation goes before where it happened (docs: Slack Connect, "Using
    the Events API"). Raises `ValueError` where nothing names any.
    """
    view, authorized = body.get("view") or {}, _authorized(body)
    if view.get("app_installed_team_id"):
        return _of_view(view["app_installed_team_id"], body)
    if authorized.get("team_id"):
        return authorized["team_id"], authorized.get("enterprise_id") or ""
    if authorized.get("enterprise_id"):
        return _within(authorized["enterprise_id"], body)
    return _at_hand(body)


def removed_team(body: Json) -> str:
    """Whose installation is gone: of one that was made for a whole organisation, the organisation's."""
    authorized = _authorized(body)
    if authorized.get("is_enterprise_install") and authorized.get("enterprise_id"):
        return str(authorized["enterprise_id"])
    return installed_team(body)[0]


def _authorized(body: Json) -> Json:
    """The first installation that an event is delivered to."""
    told = body.get("authorizations")
    return told[0] if told else {}


def _of_view(installed: str, body: Json) -> tuple[str, str]:
    """The organisation that is told beside a view may be the guest's."""
    team_id, enterprise_id = _at_hand(body)
    if installed == enterprise_id:
        return team_id, enterprise_id
    return installed, enterprise_id if installed == team_id else ""


def _within(enterprise_id: str, body: Json) -> tuple[str, str]:
    """The workspace of this organisation that an event came through, else the organisation."""
    for of in ("context_", ""):
        if body.get(f"{of}team_id") and body.get(f"{of}enterprise_id") == enterprise_id:
            return body[f"{of}team_id"], enterprise_id
    return enterprise_id, enterprise_id


def _at_hand(body: Json) -> tuple[str, str]:
    """Where it happened. Installed for a whole organisation, `team` may be null."""
    team, enterprise_id = (
        _id_of(body.get("team")),
        _id_of(body.get("enterprise")) or body.get("enterprise_id"),
    )
    user, view = body.get("user"), body.get("view") or {}
    home = user.get("team_id") if isinstance(user, Mapping) else None
    found = team or body.get("team_id") or home or view.get("team_id") or enterprise_id
    if not found:
        raise ValueError("no team")
    return found, enterprise_id or ""


def _id_of(named: str | Json | None) -> str | None:
    return named.get("id") if isinstance(named, Mapping) else named
