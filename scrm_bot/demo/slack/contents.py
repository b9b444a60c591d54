"""Reading what a bot wants to say: arguments of the Web API, response URLs and command answers alike."""

from collections.abc import Mapping, Sequence

from scrm_bot.demo.slack import blockkit
from scrm_bot.demo.slack.errors import RefusalError
from scrm_bot.demo.slack.messages import Content, with_ids
from scrm_bot.demo.slack.wire import Block, Json, parse, walk

TEXT_LIMIT = 40_000
MARKDOWN_LIMIT = 12_000
ATTACHMENTS_LIMIT = 100
METADATA_LIMIT = 16_000
BLOCKS_TEXT_LIMIT = 13_000


def read(args: Mapping[str, object]) -> Content:
    """The content in `args`, or the refusal Slack would give. `text` may still be too long."""
    content = Content(
        text=_text(args.get("text")),
        blocks=_blocks(args.get("blocks")),
        attachments=_attachments(args.get("attachments")),
        metadata=_metadata(args.get("metadata")),
        username=_text(args.get("username")),
    )
    return _with_markdown(content, args)


def require_something(content: Content) -> None:
    if not (content.text.strip() or content.blocks or content.attachments):
        raise RefusalError("no_text")


def truncate(content: Content) -> list[str]:
    """Cut the text at Slack's limit; the warnings to answer with."""
    if len(content.text) <= TEXT_LIMIT:
        return []
    content.text = content.text[:TEXT_LIMIT]
    return ["message_truncated"]


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _with_markdown(content: Content, args: Mapping[str, object]) -> Content:
    markdown = _text(args.get("markdown_text"))
    if not markdown:
        return content
    if content.text or content.blocks:
        raise RefusalError("markdown_text_conflict")
    if len(markdown) > MARKDOWN_LIMIT:
        raise RefusalError("msg_too_long")
    content.text = markdown
    content.blocks = with_ids([{"type": "markdown", "text": markdown}])
    return content


def _decoded(value: object, code: str) -> object:
    if not isinstance(value, str):
        return value
    if not value.strip():
        return None
    try:
        return parse(value)
    except ValueError as error:
        raise RefusalError(code) from error


def _blocks(value: object) -> list[Block] | None:
    blocks = _decoded(value, "invalid_blocks_format")
    if blocks is None:
        return None
    if not isinstance(blocks, list):
        raise RefusalError("invalid_blocks_format")
    refuse_bad_blocks(blocks)
    if text_length(blocks) > BLOCKS_TEXT_LIMIT:
        raise RefusalError("msg_blocks_too_long")
    return with_ids(blocks)


def refuse_bad_blocks(blocks: Sequence[Block]) -> None:
    found = [str(problem) for problem in blockkit.problems(blocks, "message")]
    if found:
        raise RefusalError("invalid_blocks", errors=found, messages=[f"[ERROR] {each}" for each in found])


def text_length(blocks: Sequence[Block]) -> int:
    """Characters in all the texts of the blocks together."""
    return sum(len(each["text"]) for each in walk(list(blocks)) if isinstance(each.get("text"), str))


def _attachments(value: object) -> list[Json] | None:
    attachments = _decoded(value, "invalid_attachments")
    if attachments is None:
        return None
    if not isinstance(attachments, list) or not all(isinstance(each, dict) for each in attachments):
        raise RefusalError("invalid_attachments")
    if len(attachments) > ATTACHMENTS_LIMIT:
        raise RefusalError("too_many_attachments")
    for attachment in attachments:
        if "blocks" in attachment:
            attachment["blocks"] = _blocks(attachment["blocks"])
    return attachments


def _metadata(value: object) -> Json | None:
    metadata = _decoded(value, "invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict):
        raise RefusalError("invalid_metadata_format")
    if not isinstance(metadata.get("event_type"), str) or not isinstance(metadata.get("event_payload"), dict):
        raise RefusalError("invalid_metadata_schema")
    if len(str(metadata)) > METADATA_LIMIT:
        raise RefusalError("metadata_too_large")
    return metadata
