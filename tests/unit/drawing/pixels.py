"""A PNG as rows of pixels: what a decoder does, for 8 bits a channel without interlacing."""

import struct
import zlib
from dataclasses import dataclass

Pixel = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: int
    rows: tuple[tuple[Pixel, ...], ...]

    def ink(self, left: float, top: float, right: float, bottom: float, *, paper: Pixel) -> int:
        """How many pixels in the box are not as the paper is."""
        box = (row[int(left) : int(right)] for row in self.rows[int(top) : int(bottom)])
        return sum(pixel[:3] != paper for row in box for pixel in row)


def colour(code: str) -> Pixel:
    return tuple(bytes.fromhex(code.removeprefix("#")))


def read(png: bytes, *, most: int = 4096) -> Picture:
    """The picture, or its first `most` rows."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    at, data, head = 8, b"", b""
    while at < len(png):
        length, kind = struct.unpack_from(">I4s", png, at)
        body = png[at + 8 : at + 8 + length]
        head = body if kind == b"IHDR" else head
        data += body if kind == b"IDAT" else b""
        at += 12 + length
    width, height, depth, colours, _, _, interlaced = struct.unpack(">IIBBBBB", head)
    assert (depth, interlaced) == (8, 0)
    channels = {2: 3, 6: 4}[colours]
    rows = zlib.decompress(data)[: (width * channels + 1) * most]
    return Picture(width, height, tuple(_rows(rows, width, channels)))


def _rows(data: bytes, width: int, channels: int) -> list[tuple[Pixel, ...]]:
    size, above, rows = width * channels, bytearray(width * channels), []
    for start in range(0, len(data), size + 1):
        above = _unfiltered(data[start], bytearray(data[start + 1 : start + 1 + size]), above, channels)
        rows.append(tuple(tuple(above[at : at + channels]) for at in range(0, size, channels)))
    return rows


def _unfiltered(kind: int, row: bytearray, above: bytearray, channels: int) -> bytearray:
    if kind == 0:
        return row
    if kind == 2:
        return bytearray((value + up) & 0xFF for value, up in zip(row, above, strict=True))
    for at, value in enumerate(row):
        left = row[at - channels] if at >= channels else 0
        corner = above[at - channels] if at >= channels else 0
        row[at] = (value + _guess(kind, left, above[at], corner)) & 0xFF
    return row


def _guess(kind: int, left: int, up: int, corner: int) -> int:
    if kind == 1:
        return left
    if kind == 3:
        return (left + up) // 2
    from_left, from_up, from_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
    if from_left <= from_up and from_left <= from_corner:
        return left
    return up if from_up <= from_corner else corner
