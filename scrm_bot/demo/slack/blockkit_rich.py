"""Rich text: sections, lists, quotes and what stands in them."""

from scrm_bot.demo.slack.blockkit_schema import (
    Check,
    Problems,
    Walk,
    boolean,
    choice,
    integer,
    kinds,
    listing,
    record,
    string,
    url,
)

PARTS = 1000
_some = string(255)
_words = string(40_000, least=0)
STYLES = ("bold", "italic", "strike", "code", "highlight", "client_highlight", "unlink", "underline")
style = record(optional=dict.fromkeys(STYLES, boolean), typed=False)


def _part(required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    return record(required, {"style": style, **(optional or {})})


INLINE: dict[str, Check] = {
    "text": _part({"text": string(40_000)}),
    "link": _part({"url": url()}, {"text": _words, "unsafe": boolean}),
    "emoji": _part({"name": _some}, {"unicode": _some, "skin_tone": integer(1, 6)}),
    "user": _part({"user_id": _some}),
    "channel": _part({"channel_id": _some}),
    "usergroup": _part({"usergroup_id": _some}),
    "team": _part({"team_id": _some}),
    "broadcast": _part({"range": choice("here", "channel", "everyone")}),
    "color": _part({"value": _some}),
    "date": _part({"timestamp": integer(0, 10**10), "format": _some}, {"url": url(), "fallback": _words}),
}
inline = listing(kinds(INLINE), least=0, most=PARTS)
section = record({"elements": inline})
_border: dict[str, Check] = {"border": integer(0, 1)}
PIECES: dict[str, Check] = {
    "rich_text_section": section,
    "rich_text_preformatted": record(
        {"elements": listing(kinds(INLINE, allowed={"text", "link"}), least=0, most=PARTS)},
        {**_border, "language": _some},
    ),
    "rich_text_quote": record({"elements": inline}, _border),
    "rich_text_list": record(
        {
            "style": choice("bullet", "ordered"),
            "elements": listing(kinds({"rich_text_section": section}), least=0, most=PARTS),
        },
        {**_border, "indent": integer(0, 8), "offset": integer(0, 10_000)},
    ),
}
_body = record({"elements": listing(kinds(PIECES), least=0, most=PARTS)}, {"block_id": string(255)})


def rich_text(value: object, at: str, walk: Walk) -> Problems:
    """A rich_text block, also where it is the value of an input or the cell of a table."""
    yield from kinds({"rich_text": _body})(value, at, walk)
