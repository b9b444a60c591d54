"""users.*, usergroups.*, team.info and bots.info: who is in the workspace."""

from datetime import datetime
from zoneinfo import ZoneInfo

from scrm_bot.demo.slack.api import Ask, Method
from scrm_bot.demo.slack.errors import RefusalError
from scrm_bot.demo.slack.paging import page
from scrm_bot.demo.slack.wire import Json
from scrm_bot.demo.slack.workspace import Workspace
from scrm_bot.demo.slack.world import Person, UserGroup


def user(space: Workspace, person: Person) -> Json:
    zone = ZoneInfo(person.tz)
    now = datetime.fromtimestamp(space.world.clock(), zone)
    offset = now.utcoffset()
    first, _, last = person.real_name.partition(" ")
    return {
        "id": person.id,
        "team_id": space.world.team_id,
        "name": person.name,
        "deleted": False,
        "color": person.color,
        "real_name": person.real_name,
        "tz": person.tz,
        "tz_label": now.tzname() or person.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": {
            "real_name": person.real_name,
            "real_name_normalized": person.real_name,
            "display_name": person.name,
            "display_name_normalized": person.name,
            "first_name": first,
            "last_name": last,
            "team": space.world.team_id,
        },
        "is_admin": person.is_admin,
        "is_owner": person.is_owner,
        "is_primary_owner": person.is_owner,
        "is_restricted": person.is_restricted,
        "is_ultra_restricted": False,
        "is_bot": False,
        "is_app_user": False,
        "updated": 0,
    }


def bot_user(space: Workspace) -> Json:
    stand_in = Person(
        space.bot, space.manifest.handle, space.manifest.name, "guest", tz="America/Los_Angeles"
    )
    told = user(space, stand_in) | {"is_bot": True}
    told["profile"] |= {"api_app_id": space.world.app.id, "bot_id": space.world.app.bot_id}
    return told


async def users_info(ask: Ask) -> Json:
    wanted = ask.args.need("user")
    if wanted == ask.space.bot:
        return {"user": bot_user(ask.space)}
    if wanted not in ask.space.people:
        raise RefusalError("user_not_found")
    return {"user": user(ask.space, ask.space.people[wanted])}


async def users_list(ask: Ask) -> Json:
    everyone = [user(ask.space, person) for person in ask.space.people.values()]
    members, metadata = page([*everyone, bot_user(ask.space)], ask.args)
    return {"members": members, "cache_ts": int(ask.space.world.clock()), "response_metadata": metadata}


def usergroup(space: Workspace, group: UserGroup, *, with_users: bool) -> Json:
    told: Json = {
        "id": group.id,
        "team_id": space.world.team_id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.name,
        "description": "",
        "handle": group.handle,
        "is_external": False,
        "date_create": 0,
        "date_update": 0,
        "date_delete": 0,
        "created_by": "",
        "updated_by": "",
        "prefs": {"channels": [], "groups": []},
        "user_count": len(group.users),
    }
    return told | ({"users": list(group.users)} if with_users else {})


async def usergroups_list(ask: Ask) -> Json:
    with_users = ask.args.flag("include_users")
    groups = ask.space.world.usergroups
    return {"usergroups": [usergroup(ask.space, group, with_users=with_users) for group in groups]}


async def usergroups_users(ask: Ask) -> Json:
    wanted = ask.args.need("usergroup")
    for group in ask.space.world.usergroups:
        if group.id == wanted:
            return {"users": list(group.users)}
    raise RefusalError("no_such_subteam")


async def team_info(ask: Ask) -> Json:
    world = ask.space.world
    return {
        "team": {
            "id": world.team_id,
            "name": world.team_name,
            "domain": world.team_domain,
            "email_domain": "",
            "icon": {"image_default": True},
            "is_verified": False,
            "url": ask.space.base_url + "/",
        }
    }


async def bots_info(ask: Ask) -> Json:
    app = ask.space.world.app
    if ask.args.text("bot") not in {"", app.bot_id}:
        raise RefusalError("bot_not_found")
    bot = {"id": app.bot_id, "deleted": False, "name": ask.space.manifest.name, "updated": 0}
    return {"bot": bot | {"app_id": app.id, "user_id": app.bot_user_id, "icons": {}}}


METHODS = {
    "users.info": Method(users_info, ("users:read",)),
    "users.list": Method(users_list, ("users:read",)),
    "usergroups.list": Method(usergroups_list, ("usergroups:read",)),
    "usergroups.users.list": Method(usergroups_users, ("usergroups:read",)),
    "team.info": Method(team_info, ("team:read",)),
    "bots.info": Method(bots_info, ("users:read",)),
}
