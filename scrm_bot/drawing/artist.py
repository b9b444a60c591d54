"""The process that draws: SVG in, PNG out, one after the other, until its input ends.

It is started as a file, without the rest of the package and without the parent's secrets. A request is four
bytes of length and the SVG; an answer is one byte (0 for a picture, 1 for a reason), four bytes of length,
and the PNG or the reason.
"""

import struct
import sys
from pathlib import Path
from typing import BinaryIO

import resvg_py

FONT = Path(__file__).with_name("font") / "NotoSans-Regular.ttf"
LENGTH = struct.Struct(">I")
ANSWER = struct.Struct(">BI")


def draw(svg: str) -> bytes:
    """The PNG, with the one font that is shipped, whatever the machine has."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg, skip_system_fonts=True, font_files=[str(FONT)], sans_serif_family="Noto Sans"
        )
    )


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    while len(head := source.read(LENGTH.size)) == LENGTH.size:
        svg = source.read(LENGTH.unpack(head)[0])
        try:
            failed, answer = 0, draw(svg.decode())
        except ValueError as error:  # the next one may be drawn; what kills the process is seen by the parent
            failed, answer = 1, f"{type(error).__name__}: {error}".encode()
        sink.write(ANSWER.pack(failed, len(answer)) + answer)
        sink.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
