"""Enough of the OpenType format to ask a font what it has: the tables cmap (format 4), hmtx and head."""

import struct
from pathlib import Path


class FontFile:
    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        count = struct.unpack_from(">H", self._data, 4)[0]
        rows = (struct.unpack_from(">4sIII", self._data, 12 + 16 * number) for number in range(count))
        self._at = {tag.decode(): offset for tag, _, offset, _ in rows}
        self.glyphs = self._glyphs()

    def advance(self, sign: str) -> float:
        """How wide it is, of the font's size."""
        metrics = struct.unpack_from(">H", self._data, self._at["hhea"] + 34)[0]
        row = min(self.glyphs[ord(sign)], metrics - 1)
        units = struct.unpack_from(">H", self._data, self._at["head"] + 18)[0]
        return float(struct.unpack_from(">H", self._data, self._at["hmtx"] + 4 * row)[0] / units)

    def _glyphs(self) -> dict[int, int]:
        """Code point → glyph."""
        start = self._at["cmap"]
        tables = struct.unpack_from(">H", self._data, start + 2)[0]
        for number in range(tables):
            platform, _, offset = struct.unpack_from(">HHI", self._data, start + 4 + 8 * number)
            if platform == 3 and struct.unpack_from(">H", self._data, start + offset)[0] == 4:
                return self._format_4(start + offset)
        raise AssertionError("no cmap of format 4")

    def _format_4(self, at: int) -> dict[int, int]:
        count = struct.unpack_from(">H", self._data, at + 6)[0] // 2
        column = f">{count}H"
        places = at + 14, at + 16 + 2 * count, at + 16 + 4 * count, at + 16 + 6 * count
        ends, starts, deltas, ranges = (struct.unpack_from(column, self._data, place) for place in places)
        found = {}
        for index, (first, last, delta, offset) in enumerate(zip(starts, ends, deltas, ranges, strict=True)):
            for point in range(first, min(last, 0xFFFE) + 1):
                glyph = point
                if offset:
                    where = places[3] + 2 * index + offset + 2 * (point - first)
                    glyph = struct.unpack_from(">H", self._data, where)[0]
                if not offset or glyph:
                    found[point] = (glyph + delta) & 0xFFFF
        return {point: glyph for point, glyph in found.items() if glyph}
