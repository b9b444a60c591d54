"""Spans, as the product sees them: nothing here knows OpenTelemetry."""

from collections.abc import Mapping
from typing import Protocol


class Span(Protocol):
    """One piece of work that has begun."""

    def end(self, outcome: str) -> None:
        """It is over: `ok`, or a word for what went wrong."""


class Spans(Protocol):
    """Begins spans. What begins while one is open, in its task or one started from it, is a part of it."""

    def begin(self, name: str, attributes: Mapping[str, str]) -> Span: ...
