"""Middlewares: what every request passes before its handler, and every refusal after it."""

import asyncio
import ipaddress
import json
import logging
from collections.abc import Mapping
from math import ceil
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from scrm_bot.demo.socialcrm.endpoints import BY_NAME
from scrm_bot.demo.socialcrm.errors import ApiError
from scrm_bot.demo.socialcrm.faults import Fault
from scrm_bot.demo.socialcrm.sandbox import CALL, KEPT_BODY, KEY, SANDBOX, Call

_logger = logging.getLogger(__name__)
_SERVED: Final = ("/v1/", "/uploads/")
_HTTP_CODES: Final = {404: "not_found", 405: "invalid_request", 413: "invalid_request"}
_HTTP_WORDS: Final = {
    404: "There is nothing at this address.",
    405: "This address does not answer to this method.",
    413: "The body is too large.",
}
_SAFE_HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def answer(value: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    text = json.dumps(value)  # escapes all but ASCII, so any text can be sent
    return web.json_response(text=text, status=status, headers={**_SAFE_HEADERS, **(headers or {})})


@web.middleware
async def envelope(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every refusal in the one documented shape."""
    try:
        return await handler(request)
    except ApiError as error:
        return _refusal(request, error)
    except web.HTTPException as error:
        code = _HTTP_CODES.get(error.status, "invalid_request")
        words = _HTTP_WORDS.get(error.status, error.reason)
        allowed = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
        return _refusal(request, ApiError(code, words, status=error.status), allowed)
    except Exception:
        _logger.exception("%s %s broke", request.method, request.path)
        return _refusal(request, ApiError("internal_error", "Something broke on our side.", status=500))


@web.middleware
async def record(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Remember what came in, without its headers, so no key is kept."""
    if not request.path.startswith(_SERVED):
        return await handler(request)
    sandbox = request.app[SANDBOX]
    call = Call(request.method, request.path, request.query_string, sandbox.now())
    sandbox.calls.append(call)
    request[CALL] = call
    response = await handler(request)
    # a dropped connection has no transport any more: nobody saw this status
    call.status = response.status if request.transport and not request.transport.is_closing() else None
    return response


@web.middleware
async def keep_body(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.path.startswith("/v1/"):
        body = await request.read()
        request[CALL].body = body if len(body) <= KEPT_BODY else None
    return await handler(request)


@web.middleware
async def trouble(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The faults that were asked for."""
    sandbox = request.app[SANDBOX]
    served = request.path.startswith(_SERVED)
    fault = sandbox.faults.for_request(request.method, request.path) if served else None
    return await (_troubled(request, handler, fault) if fault else handler(request))


async def _troubled(request: web.Request, handler: Handler, fault: Fault) -> web.StreamResponse:
    match fault.kind:
        case "drop":
            return _hang_up(request)
        case "drop_after":
            await handler(request)
            _stay_silent(request, fault.seconds)
            return _hang_up(request)
        case "delay":
            await asyncio.sleep(fault.seconds)
            return await handler(request)
        case "garbage":
            return web.Response(text="<!doctype html><title>Maintenance</title>", content_type="text/html")
        case _:
            raise fault.refusal()


@web.middleware
async def admit(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Key, rate, scope and plan, in this order."""
    if not request.path.startswith("/v1/"):
        return await handler(request)
    keys = request.app[SANDBOX].keys
    key = keys.find(_sent_key(request))
    keys.count_request(key)
    endpoint = BY_NAME.get(request.match_info.route.name or "")
    if endpoint is not None:
        key.permit(endpoint.scope)
    request[KEY] = key
    return await handler(request)


@web.middleware
async def witness(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Note that the work was done, whatever becomes of the answer on its way out."""
    response = await handler(request)
    if CALL in request:
        request[CALL].applied = response.status < 400
    return response


@web.middleware
async def only_here(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Pages and settings need no key, so other web sites must not reach them through a browser."""
    if not request.path.startswith(_SERVED) and not _is_local_name(request.url.host or ""):
        raise ApiError("invalid_request", "This host name is not served here.", status=403)
    changes = request.path.startswith("/settings/") and request.method in {"POST", "PATCH"}
    if changes and request.content_type != "application/json":
        raise ApiError("invalid_request", "The Content-Type must be application/json.")
    return await handler(request)


MIDDLEWARES: Final = (record, envelope, keep_body, only_here, trouble, admit, witness)


def _refusal(request: web.Request, error: ApiError, headers: Mapping[str, str] | None = None) -> web.Response:
    told = dict(headers or {})
    variants = request.app[SANDBOX].config.variants
    if error.retry_after is not None and variants.retry_after == "seconds":
        told["Retry-After"] = str(max(1, ceil(error.retry_after)))
    return answer(
        {"error": {"code": error.code, "message": error.message}}, status=error.status, headers=told
    )


def _stay_silent(request: web.Request, seconds: float) -> None:
    """What the request was about, such as /v1/posts/post_7 of its /publish, is out of reach for a while."""
    if not seconds:
        return
    faults = request.app[SANDBOX].faults
    silence = faults.silence(request.path.rpartition("/")[0])
    asyncio.get_running_loop().call_later(seconds, faults.remove, silence)


def _hang_up(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)  # never sent: there is no connection left


def _sent_key(request: web.Request) -> str | None:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and key.strip():
        return key.strip()
    return request.headers.get("X-API-Key")


def _is_local_name(host: str) -> bool:
    """An address, localhost, or a name without a dot: nothing that a foreign DNS answers for."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith(".localhost")
    return True
