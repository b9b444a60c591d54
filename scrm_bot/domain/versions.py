"""The texts that a draft had while it was written, so that none of them is lost."""

from dataclasses import dataclass

MOST = 10


@dataclass(frozen=True, slots=True)
class Versions:
    """Texts, each after the one it was made from; `at` is the one that is shown. The oldest are let go of."""

    texts: tuple[str, ...] = ()
    at: int = 0

    @property
    def text(self) -> str:
        return self.texts[self.at] if self.texts else ""

    def showing(self, text: str) -> "Versions":
        """With `text` as the one that is shown: one that is known already keeps its place."""
        if text in self.texts:
            return Versions(self.texts, self.texts.index(text))
        if not text.strip():
            return self
        texts = (*self.texts[: self.at + 1], text, *self.texts[self.at + 1 :])
        over = max(0, len(texts) - MOST)
        return Versions(texts[over:], texts.index(text) - over)

    def chosen(self, number: int, *, typed: str) -> "Versions":
        """At the version with this number, from 1; what was typed since then is kept first."""
        kept = self.showing(typed)
        return kept.showing(self.texts[number - 1]) if 1 <= number <= len(self.texts) else kept

    def before(self, *, typed: str) -> "Versions":
        """One step back; from what was typed since, to what it was typed over."""
        kept = self.showing(typed)
        return Versions(kept.texts, max(0, kept.at - 1))
