"""auth.*, oauth.*, apps.*, functions.* and assistant.*: the app itself."""

import base64
import binascii

from scrm_bot.demo.slack.api import Ask, Method
from scrm_bot.demo.slack.errors import RefusalError
from scrm_bot.demo.slack.wire import Json


async def auth_test(ask: Ask) -> Json:
    world = ask.space.world
    told: Json = {"url": ask.space.base_url + "/", "team": world.team_name, "team_id": world.team_id}
    told |= {"user": ask.space.manifest.handle, "user_id": world.app.bot_user_id, "bot_id": world.app.bot_id}
    return told | {"is_enterprise_install": False}


async def auth_revoke(ask: Ask) -> Json:
    if ask.args.flag("test"):
        return {"revoked": False}
    ask.space.keys.revoke(ask.token)
    tokens: Json = {"oauth": [], "bot": [ask.space.bot]}
    ask.space.announce("tokens_revoked", {"type": "tokens_revoked", "tokens": tokens})
    return {"revoked": True}


def _credentials(ask: Ask) -> tuple[str, str]:
    """Client id and secret, from HTTP Basic or from the arguments."""
    header = ask.request.headers.get("Authorization", "")
    if header.startswith("Basic "):
        try:
            name, _, secret = base64.b64decode(header[6:], validate=True).decode().partition(":")
        except (ValueError, binascii.Error) as error:
            raise RefusalError("invalid_client_id") from error
        return name, secret
    return ask.args.text("client_id"), ask.args.text("client_secret")


async def oauth_access(ask: Ask) -> Json:
    space, app = ask.space, ask.space.world.app
    client_id, client_secret = _credentials(ask)
    if client_id != app.client_id:
        raise RefusalError("invalid_client_id")
    if client_secret != app.client_secret:
        raise RefusalError("bad_client_secret")
    if ask.args.text("grant_type") not in {"", "authorization_code"}:
        raise RefusalError("invalid_grant_type")
    code = space.codes.redeem(ask.args.need("code"), redirect_uri=ask.args.text("redirect_uri"))
    token = space.keys.install(code.scopes)
    return {
        "app_id": app.id,
        "authed_user": {"id": code.user},
        "scope": ",".join(sorted(token.scopes)),
        "token_type": "bot",
        "access_token": token.secret,
        "bot_user_id": app.bot_user_id,
        "team": {"id": space.world.team_id, "name": space.world.team_name},
        "enterprise": None,
        "is_enterprise_install": False,
    }


async def connections_open(ask: Ask) -> Json:
    base = ask.space.base_url.replace("http", "ws", 1)
    ticket = ask.space.mint.trigger()
    ask.space.socket_tickets.add(ticket)
    return {"url": f"{base}/link/?ticket={ticket}&app_id={ask.space.world.app.id}"}


def _execution(ask: Ask) -> Json:
    """The run of a workflow step that is being finished; each is finished once."""
    execution = ask.space.executions.get(ask.args.need("function_execution_id"))
    if execution is None:
        raise RefusalError("function_execution_not_found")
    if execution["state"] != "running":
        raise RefusalError("execution_not_in_running_state")
    return execution


async def complete_success(ask: Ask) -> Json:
    outputs = ask.args.json("outputs")
    if not isinstance(outputs, dict):
        raise RefusalError("invalid_arguments", messages=["[ERROR] missing required field: outputs"])
    execution = _execution(ask)
    function = ask.space.manifest.functions.get(execution["callback_id"])
    found = function.problems_of_outputs(outputs) if function else []
    if found:
        raise RefusalError("parameter_validation_failed", messages=[f"[ERROR] {each}" for each in found])
    execution.update(state="succeeded", outputs=outputs)
    return {}


async def complete_error(ask: Ask) -> Json:
    error = ask.args.need("error")
    _execution(ask).update(state="failed", error=error)
    return {}


async def set_status(ask: Ask) -> Json:
    room = ask.space.room_for_bot(ask.args.need("channel_id"))
    thread_ts = ask.args.need("thread_ts")
    if "status" not in ask.args.values:
        raise RefusalError("invalid_arguments", messages=["[ERROR] missing required field: status"])
    if room.find(thread_ts) is None:
        raise RefusalError("invalid_thread_ts")
    status = ask.args.text("status")
    ask.space.statuses[room.id, thread_ts] = status
    audience = ask.space.audience(room)
    ask.space.hub.publish("status", audience, channel=room.id, thread_ts=thread_ts, status=status)
    return {}


METHODS = {
    "auth.test": Method(auth_test),
    "auth.revoke": Method(auth_revoke),
    "oauth.v2.access": Method(oauth_access, takes="none"),
    "apps.connections.open": Method(connections_open, ("connections:write",), takes="app"),
    "functions.completeSuccess": Method(complete_success),
    "functions.completeError": Method(complete_error),
    "assistant.threads.setStatus": Method(set_status, ("chat:write", "assistant:write")),
}
