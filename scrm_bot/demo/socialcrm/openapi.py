"""The OpenAPI 3.1 document of the API, for the default answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from scrm_bot.demo.socialcrm.endpoints import ENDPOINTS, Endpoint
from scrm_bot.demo.socialcrm.schemas import SCHEMAS, Schema, ref, under_data

_RULES: Final = "Answered by fixed rules, not by a language model: the same request gets the same answer."
_ABOUT: Final = (
    "A stand-in for the SocialCRM API, for trying things out and for tests. What the public documentation "
    "says is kept to the letter; where it is silent, the answers here are one plausible reading. Nothing "
    "reaches a real social network. The AI endpoints follow fixed rules; no language model runs here."
)
_ERRORS: Final = {
    "400": "Malformed or missing parameters: invalid_request.",
    "401": "Missing or invalid key: unauthorized.",
    "402": "A paid plan is needed (payment_required), or the quota is used up (quota_exceeded).",
    "403": "The key lacks the scope: forbidden_scope.",
    "404": "There is no such resource: not_found.",
    "413": "The body is too large: invalid_request.",
    "429": "Too many requests for this key: rate_limited.",
    "500": "Something broke on the server: internal_error.",
}


@dataclass(frozen=True, slots=True)
class _Shape:
    """What one endpoint takes and gives."""

    answer: Schema | None
    takes: str | None = None
    takes_nothing: bool = False  # the body may be left out
    status: str = "200"
    example: Mapping[str, object] | None = None


def _list_of(name: str) -> Schema:
    return under_data({"type": "array", "items": ref(name)})


_SHAPES: Final[Mapping[str, _Shape]] = {
    "list_posts": _Shape(_list_of("Post")),
    "create_post": _Shape(
        ref("CreatedPost"),
        "NewPost",
        status="201",
        example={"body": "Launch day is here.", "account_ids": ["acct_1"]},
    ),
    "get_post": _Shape(ref("Post")),
    "update_post": _Shape(ref("Post"), "PostEdit", example={"body": "Launch day is tomorrow."}),
    "delete_post": _Shape(None, status="204"),
    "schedule_post": _Shape(ref("Post"), "Schedule", example={"scheduled_at": "2030-12-01T09:00:00Z"}),
    "publish_post": _Shape(ref("Post"), "Nothing", takes_nothing=True, example={}),
    "post_analytics": _Shape(ref("PostAnalytics")),
    "rewrite": _Shape(
        under_data(ref("Generated")), "TextAndTone", example={"text": "buy now", "tone": "friendly"}
    ),
    "compose": _Shape(
        under_data(ref("Generated")), "PromptAndTone", example={"prompt": "a tasting on Friday"}
    ),
    "hashtags": _Shape(under_data(ref("Hashtags")), "Text", example={"text": "Cold brew is on tap."}),
    "thread": _Shape(under_data(ref("Thread")), "Text", example={"text": "First this. Then that."}),
    "ideas": _Shape(
        under_data(ref("Ideas")),
        "TopicAndCount",
        takes_nothing=True,
        example={"topic": "latte art", "count": 3},
    ),
    "optimise": _Shape(under_data(ref("Optimised")), "Text", example={"text": "Cold brew is on tap."}),
    "list_accounts": _Shape(_list_of("Account")),
    "account_analytics": _Shape(_list_of("AccountAnalytics")),
    "persona": _Shape(ref("Persona")),
    "trending": _Shape(under_data({"type": "array", "items": {"type": "string"}})),
    "upload_url": _Shape(
        ref("Upload"),
        "NewMedia",
        example={"filename": "cup.png", "content_type": "image/png", "size": 1024},
    ),
    "confirm_media": _Shape(ref("Media"), "Nothing", takes_nothing=True, example={}),
}
_PAGED: Final = frozenset({"list_posts", "list_accounts", "trending"})


def document(server: str) -> Mapping[str, object]:
    paths: dict[str, dict[str, object]] = {}
    for endpoint in ENDPOINTS:
        path = paths.setdefault(endpoint.path.removeprefix("/v1"), {})
        path[endpoint.method.lower()] = _operation(endpoint, _SHAPES[endpoint.name])
    return {
        "openapi": "3.1.0",
        "info": {"title": "SocialCRM API (sandbox)", "version": "1", "description": _ABOUT},
        "servers": [{"url": f"{server}/v1"}],
        "security": [{"bearer": []}, {"header": []}],
        "tags": [{"name": tag} for tag in ("Posts", "AI", "Data", "Media")],
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "responses": {status: _refusal(status) for status in _ERRORS},
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": "A key, sk_live_..."},
                "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
            },
        },
    }


def _operation(endpoint: Endpoint, shape: _Shape) -> Mapping[str, object]:
    told = f"Needs the scope `{endpoint.scope}`{', on a paid plan' if endpoint.paid else ''}."
    operation: dict[str, object] = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "description": f"{told} {_RULES}" if endpoint.uses_quota else told,
        "tags": [_tag(endpoint)],
        "responses": _responses(endpoint, shape),
    }
    if parameters := _parameters(endpoint):
        operation["parameters"] = parameters
    if shape.takes:
        content = {"schema": ref(shape.takes), "example": shape.example}
        operation["requestBody"] = {
            "required": not shape.takes_nothing,
            "content": {"application/json": content},
        }
    return operation


def _responses(endpoint: Endpoint, shape: _Shape) -> Mapping[str, object]:
    happy: dict[str, object] = {"description": endpoint.summary}
    if shape.answer is not None:
        happy["content"] = {"application/json": {"schema": shape.answer}}
    unlikely = set() if endpoint.paid else {"402"}
    if "{id}" not in endpoint.path:
        unlikely.add("404")
    refusals = {
        status: {"$ref": f"#/components/responses/{status}"} for status in _ERRORS if status not in unlikely
    }
    return {shape.status: happy, **refusals}


def _parameters(endpoint: Endpoint) -> list[Mapping[str, object]]:
    if "{id}" in endpoint.path:
        example = "media_1" if "/media/" in endpoint.path else "post_101"
        schema: Schema = {"type": "string", "minLength": 1}
        return [{"name": "id", "in": "path", "required": True, "schema": schema, "example": example}]
    if endpoint.name in _PAGED:
        limit: Schema = {"type": "integer", "minimum": 1, "maximum": 50, "default": 20}
        offset: Schema = {"type": "integer", "minimum": 0, "maximum": 10**9, "default": 0}
        return [
            {"name": "limit", "in": "query", "schema": limit},
            {"name": "offset", "in": "query", "schema": offset},
        ]
    return []


def _refusal(status: str) -> Mapping[str, object]:
    refusal: dict[str, object] = {
        "description": _ERRORS[status],
        "content": {"application/json": {"schema": ref("Error")}},
    }
    if status == "429":
        seconds: Schema = {"type": "integer", "minimum": 1}
        refusal["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": seconds}}
    return refusal


def _tag(endpoint: Endpoint) -> str:
    family = endpoint.path.split("/")[2]
    return {"posts": "Posts", "ai": "AI", "media": "Media"}.get(family, "Data")
