"""The shapes of the OpenAPI document: what is sent and what comes back, as JSON Schema."""

from collections.abc import Mapping
from typing import Final

from scrm_bot.demo.socialcrm.assistant import LONGEST_PART, MOST_IDEAS
from scrm_bot.demo.socialcrm.config import MEGABYTE
from scrm_bot.demo.socialcrm.errors import STATUS
from scrm_bot.demo.socialcrm.media import CONTENT_TYPES
from scrm_bot.demo.socialcrm.posts import Status
from scrm_bot.demo.socialcrm.reading import LONGEST_TEXT

Schema = Mapping[str, object]

_STRING: Final[Schema] = {"type": "string"}
_STRINGS: Final[Schema] = {"type": "array", "items": _STRING}
_COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
_TIME: Final[Schema] = {"type": "string", "format": "date-time"}
_TIME_OR_NULL: Final[Schema] = {"type": ["string", "null"], "format": "date-time"}
_STATUS: Final[Schema] = {"type": "string", "enum": [str(status) for status in Status]}


def _text(*, longest: int = LONGEST_TEXT, about: str = "") -> Schema:
    told = {"description": about} if about else {}
    return {"type": "string", "minLength": 1, "maxLength": longest, "pattern": r"\S", **told}


def _object(properties: Mapping[str, Schema], *, required: tuple[str, ...] | None = None) -> Schema:
    needed = tuple(properties) if required is None else required
    return {"type": "object", "properties": properties, **({"required": list(needed)} if needed else {})}


def under_data(schema: Schema) -> Schema:
    return _object({"data": schema})


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _known(ids: Schema) -> Schema:
    return {"type": "array", "items": ids, "maxItems": 100}


_ACCOUNT_IDS: Final = _known({"type": "string", "examples": ["acct_1"]})
_MEDIA_IDS: Final = _known({"type": "string", "examples": ["media_1"]})
_METRICS: Final = {
    "impressions": _COUNT,
    "reach": _COUNT,
    "likes": _COUNT,
    "comments": _COUNT,
    "shares": _COUNT,
    "clicks": _COUNT,
    "saves": _COUNT,
    "engagements": _COUNT,
    "engagement_rate": {"type": "number", "minimum": 0},
}

SCHEMAS: Final[Mapping[str, Schema]] = {
    "Error": _object(
        {
            "error": _object(
                {"code": {"type": "string", "enum": [*STATUS, "internal_error"]}, "message": _STRING}
            )
        }
    ),
    "CreatedPost": _object({"id": _STRING, "status": _STATUS, "body": _STRING}),
    "Post": _object(
        {
            "id": _STRING,
            "status": _STATUS,
            "body": _STRING,
            "account_ids": _STRINGS,
            "media_ids": _STRINGS,
            "scheduled_at": _TIME_OR_NULL,
            "published_at": _TIME_OR_NULL,
            "created_at": _TIME,
            "updated_at": _TIME,
            "error": {"type": ["string", "null"]},
        }
    ),
    "NewPost": _object(
        {"body": _text(), "account_ids": _ACCOUNT_IDS, "media_ids": _MEDIA_IDS}, required=("body",)
    ),
    "PostEdit": {
        **_object({"body": _text(), "account_ids": _ACCOUNT_IDS, "media_ids": _MEDIA_IDS}, required=()),
        "anyOf": [{"required": [name]} for name in ("body", "account_ids", "media_ids")],
    },
    "Schedule": _object({"scheduled_at": {**_TIME, "description": "RFC 3339, in the future."}}),
    "Nothing": {"type": "object"},
    "PostAnalytics": _object({"post_id": _STRING, **_METRICS}, required=("post_id",)),
    "AccountAnalytics": _object(
        {
            "account_id": _STRING,
            "followers": _COUNT,
            "impressions": _COUNT,
            "reach": _COUNT,
            "engagements": _COUNT,
            "clicks": _COUNT,
            "engagement_rate": {"type": "number", "minimum": 0},
        },
        required=("account_id", "followers", "impressions", "reach", "engagements", "clicks"),
    ),
    "Account": _object(
        {
            "id": _STRING,
            "network": {"type": "string", "enum": ["instagram", "x", "linkedin", "facebook"]},
            "handle": _STRING,
            "name": _STRING,
            "status": {"type": "string", "enum": ["connected"]},
        }
    ),
    "Persona": _object(
        {
            "brand": _STRING,
            "about": _STRING,
            "voice": _STRING,
            "tone": _STRINGS,
            "audience": _STRING,
            "values": _STRINGS,
            "do": _STRINGS,
            "avoid": _STRINGS,
            "emoji": _STRING,
            "hashtags": _STRINGS,
        }
    ),
    "TextAndTone": _object(
        {"text": _text(), "tone": _text(longest=200, about="A tone, in your own words.")}, required=("text",)
    ),
    "PromptAndTone": _object({"prompt": _text(), "tone": _text(longest=200)}, required=("prompt",)),
    "Text": _object({"text": _text()}),
    "TopicAndCount": _object(
        {
            "topic": _text(longest=200),
            "count": {"type": "integer", "minimum": 1, "maximum": MOST_IDEAS, "default": 5},
        },
        required=(),
    ),
    "Generated": _object({"text": _STRING}),
    "Hashtags": _object({"hashtags": {"type": "array", "items": {"type": "string", "pattern": "^#"}}}),
    "Thread": _object(
        {"posts": {"type": "array", "items": {"type": "string", "maxLength": LONGEST_PART}, "minItems": 2}}
    ),
    "Ideas": _object({"ideas": {"type": "array", "items": _STRING, "maxItems": MOST_IDEAS}}),
    "Optimised": _object({"text": _STRING, "suggestions": _STRINGS}),
    "NewMedia": _object(
        {
            "filename": _text(longest=255),
            "content_type": {"type": "string", "enum": list(CONTENT_TYPES)},
            "size": {"type": "integer", "minimum": 1, "maximum": 10 * MEGABYTE},
        }
    ),
    "Upload": _object(
        {
            "id": _STRING,
            "upload_url": {"type": "string", "format": "uri"},
            "method": {"type": "string", "enum": ["PUT"]},
            "headers": {"type": "object", "additionalProperties": _STRING},
        }
    ),
    "Media": _object(
        {
            "id": _STRING,
            "status": {"type": "string", "enum": ["ready"]},
            "url": {"type": "string", "format": "uri"},
        }
    ),
}
