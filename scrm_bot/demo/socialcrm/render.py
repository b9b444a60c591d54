"""What goes on the wire: every answer of the API, in the variant that was chosen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from scrm_bot.demo.socialcrm.assistant import Optimised
from scrm_bot.demo.socialcrm.clock import stamp
from scrm_bot.demo.socialcrm.config import Variants
from scrm_bot.demo.socialcrm.insights import Account, Metrics, Topic, total
from scrm_bot.demo.socialcrm.media import Media
from scrm_bot.demo.socialcrm.posts import Post
from scrm_bot.demo.socialcrm.seed import Persona

Json = Mapping[str, object] | Sequence[object] | str

_IDEA_NOTE: Final = "A post of its own, or the start of a series."
# An idea as each variant writes it; those with two fields add a sentence.
_IDEAS: Final[Mapping[str, Callable[[str], Json]]] = {
    "string": lambda idea: idea,
    "title": lambda idea: {"title": idea},
    "text": lambda idea: {"text": idea},
    "description": lambda idea: {"description": idea},
    "title_text": lambda idea: {"title": idea, "text": _IDEA_NOTE},
    "title_description": lambda idea: {"title": idea, "description": _IDEA_NOTE},
}
_CONFIRMED: Final[Mapping[str, tuple[str, ...]]] = {
    "both": ("status", "url"),
    "url": ("url",),
    "status": ("status",),
    "neither": (),
}


@dataclass(frozen=True, slots=True)
class Renderer:
    """One method for each shape. Names that vary are themselves the variant's value."""

    variants: Variants

    def single(self, value: Json) -> Json:
        return {"data": value} if self.variants.envelope == "data" else value

    def generated(self, value: Json) -> Json:
        return value if self.variants.envelope == "bare" else {"data": value}

    def listing(self, items: Sequence[Json]) -> Json:
        return {"data": list(items)}

    def post(self, post: Post) -> Json:
        written: dict[str, object] = {
            "id": post.id,
            "status": str(post.status),
            "body": post.body,
            "account_ids": list(post.account_ids),
            "media_ids": list(post.media_ids),
            "scheduled_at": post.scheduled_at and stamp(post.scheduled_at),
            "published_at": post.published_at and stamp(post.published_at),
            "created_at": stamp(post.created_at),
            "updated_at": stamp(post.updated_at),
            "error": post.error,
        }
        if self.variants.nulls == "absent":
            return {name: value for name, value in written.items() if value is not None}
        return written

    def created(self, post: Post) -> Json:
        if self.variants.created == "full":
            return self.post(post)
        return {"id": post.id, "status": str(post.status), "body": post.body}

    def post_analytics(self, post: Post, rows: Sequence[Metrics]) -> Json:
        if self.variants.post_analytics == "list":
            return {"data": [_metrics(row) for row in rows]}
        return self.single({"post_id": post.id, **_metrics(total(rows))})

    def account_analytics(self, rows: Sequence[Metrics]) -> Json:
        if self.variants.account_analytics == "list":
            return {"data": [_metrics(row) for row in rows]}
        return self.single(_metrics(total(rows)))

    def account(self, account: Account) -> Json:
        return {
            "id": account.id,
            self.variants.network: account.network,
            self.variants.handle: account.handle,
            "name": account.name,
            "status": "connected",
        }

    def persona(self, persona: Persona) -> Json:
        lists = {name: list(value) for name, value in asdict(persona).items() if isinstance(value, tuple)}
        return self.single({**asdict(persona), **lists})

    def topic(self, topic: Topic) -> Json:
        if self.variants.trending == "strings":
            return topic.name
        name: dict[str, object] = {self.variants.trending: topic.name}
        weight = self.variants.trending_weight
        return name if weight == "none" else {**name, weight: topic.volume}

    def rewritten(self, text: str) -> Json:
        return self.generated({"text": text})

    def composed(self, text: str) -> Json:
        return self.generated({self.variants.compose: text})

    def hashtags(self, tags: Sequence[str]) -> Json:
        written = [tag.removeprefix("#") if self.variants.hash_sign == "without" else tag for tag in tags]
        return self._generated_list(self.variants.hashtags, written)

    def thread(self, parts: Sequence[str]) -> Json:
        kind = self.variants.thread_part
        return self._generated_list(
            self.variants.thread, [part if kind == "string" else {kind: part} for part in parts]
        )

    def ideas(self, ideas: Sequence[str]) -> Json:
        return self._generated_list(self.variants.ideas, [_IDEAS[self.variants.idea](idea) for idea in ideas])

    def optimised(self, optimised: Optimised) -> Json:
        written: dict[str, object] = {self.variants.optimise: optimised.text}
        if self.variants.suggestions == "given":
            written["suggestions"] = list(optimised.suggestions)
        return self.generated(written)

    def upload(self, media: Media, url: str) -> Json:
        written: dict[str, object] = {self.variants.media_id: media.id, self.variants.upload_url: url}
        if self.variants.upload_method != "absent":
            written["method"] = self.variants.upload_method
        if self.variants.upload_headers == "given":
            written["headers"] = {"Content-Type": media.content_type}
        return self.single(written)

    def confirmed(self, media: Media, url: str) -> Json:
        known = {"status": "ready", "url": url}
        chosen = {name: known[name] for name in _CONFIRMED[self.variants.confirm]}
        return self.single({self.variants.media_id: media.id, **chosen})

    def _generated_list(self, name: str, items: Sequence[Json]) -> Json:
        return self.generated(list(items) if name == "list" else {name: list(items)})


def _metrics(row: Metrics) -> Mapping[str, object]:
    numbers: dict[str, object] = dict(row.numbers)
    seen = row.numbers.get("impressions", 0)
    if seen:
        numbers["engagement_rate"] = round(row.numbers["engagements"] / seen, 4)
    return numbers if row.account_id is None else {"account_id": row.account_id, **numbers}
