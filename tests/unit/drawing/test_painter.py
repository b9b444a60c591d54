import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from scrm_bot.domain.errors import DrawingError
from scrm_bot.drawing.painter import Painter
from scrm_bot.views import charts, glyphs
from tests.builders import a_chart
from tests.unit.drawing import pixels
from tests.unit.drawing.fontfile import FontFile

FONT = Path(__file__).parents[3] / "scrm_bot/drawing/font/NotoSans-Regular.ttf"
PAPER = pixels.colour(charts.CARD)
EMPTY = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="4"/>'
TEXT = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40" font-family="Noto Sans">'
    '<rect width="120" height="40" fill="#FFFFFF"/><text x="4" y="28" font-size="20">{}</text></svg>'
)


@pytest.fixture
async def painter() -> AsyncIterator[Painter]:
    painter = Painter()
    yield painter
    await painter.close()


async def test_a_chart_has_its_size_and_ink_where_its_texts_are(painter: Painter) -> None:
    picture = pixels.read(await painter.png(charts.svg(a_chart())))

    assert (picture.width, picture.height) == (charts.WIDTH, charts.HEIGHT)
    for left, top, right, bottom in (
        (32, 28, 300, 60),
        (32, 68, 300, 92),
        (40, 126, 100, 146),
        (70, 350, 160, 370),
    ):
        assert picture.ink(left, top, right, bottom, paper=PAPER) > 150
    assert picture.ink(600, 28, 780, 92, paper=PAPER) == 0, "so there is nothing where no text is"


async def test_the_same_chart_is_the_same_picture_in_another_process(painter: Painter) -> None:
    first = await painter.png(charts.svg(a_chart()))
    other = Painter()
    second = await other.png(charts.svg(a_chart()))
    await other.close()

    assert first == second


async def test_the_widest_name_stays_on_the_card(painter: Painter) -> None:
    for name in ("W" * 300, "Щ" * 300, "Ǆ" * 300, "@%" * 90, "Ж. " * 90):
        picture = pixels.read(await painter.png(charts.svg(a_chart(name=name))), most=100)
        assert picture.ink(charts.WIDTH - 30, 10, charts.WIDTH - 6, 100, paper=PAPER) == 0


async def test_no_sign_that_is_kept_is_drawn_as_nothing_or_as_a_box(painter: Painter) -> None:
    white = (255, 255, 255)
    unknown = pixels.read(await painter.png(TEXT.format("\ufffd"))).ink(0, 0, 120, 40, paper=white)
    for sign in "Az09łŁßЖяΩέ€№™…":
        assert glyphs.drawable(sign) == sign
        drawn = pixels.read(await painter.png(TEXT.format(sign))).ink(0, 0, 120, 40, paper=white)
        assert drawn not in {0, unknown}


async def test_two_at_once_get_each_their_own(painter: Painter) -> None:
    small, chart, again = await asyncio.gather(
        painter.png(EMPTY), painter.png(charts.svg(a_chart())), painter.png(EMPTY)
    )

    assert small == again != chart
    assert pixels.read(small).width == 8


async def test_what_is_no_svg_is_refused_and_the_process_lives_on(painter: Painter) -> None:
    await painter.png(EMPTY)
    before = painter.pid

    with pytest.raises(DrawingError, match="root node"):
        await painter.png("<svg")
    assert await painter.png(EMPTY)
    assert painter.pid == before


async def test_a_picture_that_brings_the_process_down_harms_no_other(painter: Painter) -> None:
    with pytest.raises(DrawingError, match="ended"):
        await painter.png(EMPTY.replace("8", "999999").replace("4", "999999"))

    assert await painter.png(EMPTY)


async def test_no_process_before_the_first_picture_and_none_after_the_end() -> None:
    painter = Painter()
    assert painter.pid is None
    await painter.png(EMPTY)
    pid = painter.pid
    assert pid

    await painter.close()

    assert painter.pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(DrawingError, match="any more"):
        await painter.png(EMPTY)


async def test_a_process_that_was_killed_is_replaced(painter: Painter) -> None:
    await painter.png(EMPTY)
    pid = painter.pid
    assert pid
    os.kill(pid, signal.SIGKILL)

    try:
        await painter.png(EMPTY)  # may meet the dead one, once
    except DrawingError:
        await painter.png(EMPTY)
    assert painter.pid != pid


async def test_a_process_that_hangs_is_given_up_and_replaced(tmp_path: Path) -> None:
    hangs = tmp_path / "artist.py"
    hangs.write_text("import sys\nsys.stdin.buffer.read()\n")
    painter = Painter(artist=hangs, patience=0.2)

    with pytest.raises(DrawingError, match=r"within 0\.2 s"):
        await painter.png(EMPTY)
    assert painter.pid is None
    await painter.close()


async def test_one_that_does_not_end_by_itself_is_killed_at_the_end(tmp_path: Path) -> None:
    stays = tmp_path / "artist.py"
    answer = (
        "import sys, time\nsys.stdout.buffer.write(bytes(5))\nsys.stdout.flush()\nwhile True: time.sleep(9)\n"
    )
    stays.write_text(answer)
    painter = Painter(artist=stays, goodbye=0.05)

    assert await painter.png(EMPTY) == b""
    pid = painter.pid
    await painter.close()

    assert pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.parametrize("said", ["bytes([0, 255, 255, 255, 255])", "b''"])
async def test_an_answer_that_is_no_picture_is_refused(tmp_path: Path, said: str) -> None:
    odd = tmp_path / "artist.py"
    odd.write_text(f"import sys\nsys.stdin.buffer.read(4)\nsys.stdout.buffer.write({said})\n")
    painter = Painter(artist=odd)

    with pytest.raises(DrawingError, match="ended"):
        await painter.png(EMPTY)
    assert painter.pid is None


async def test_one_who_no_longer_waits_leaves_nobody_the_wrong_picture(painter: Painter) -> None:
    await painter.png(EMPTY)
    gone = asyncio.create_task(painter.png(charts.svg(a_chart())))
    await asyncio.sleep(0)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone

    assert pixels.read(await painter.png(EMPTY)).width == 8


async def test_more_than_can_wait_are_refused_at_once() -> None:
    painter = Painter(most_waiting=1)
    first = asyncio.create_task(painter.png(EMPTY))
    await asyncio.sleep(0)

    with pytest.raises(DrawingError, match="wait"):
        await painter.png(EMPTY)
    assert await first
    await painter.close()


async def test_a_picture_that_is_too_large_is_refused_before_it_is_sent(painter: Painter) -> None:
    with pytest.raises(DrawingError, match="too large"):
        await painter.png(" " * 1_000_001)
    assert painter.pid is None


async def test_the_process_knows_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCRM_ENCRYPTION_KEYS", "secret")
    tells = tmp_path / "artist.py"
    tells.write_text(
        "import os, struct, sys\ntold = ' '.join(os.environ).encode()\n"
        "sys.stdout.buffer.write(struct.pack('>BI', 0, len(told)) + told)\n"
    )
    painter = Painter(artist=tells)

    told = (await painter.png(EMPTY)).decode().split()
    await painter.close()

    assert "PATH" in told
    assert not [name for name in told if name.startswith(("SCRM", "SLACK", "REDIS"))]


def test_the_font_is_free_small_and_has_what_the_views_take_it_to_have() -> None:
    font = FontFile(FONT)
    kept = {point for first, last in glyphs.RUNS for point in range(first, last + 1)}

    assert kept - set(font.glyphs) == set()
    assert FONT.stat().st_size < 400_000
    assert "SIL OPEN FONT LICENSE Version 1.1" in FONT.with_name("OFL.txt").read_text()


def test_no_sign_is_wider_than_it_is_taken_to_be() -> None:
    font = FontFile(FONT)
    kept = [chr(point) for first, last in glyphs.RUNS for point in range(first, last + 1)]

    assert [sign for sign in kept if font.advance(sign) > glyphs.width(sign, 1.0)] == []
