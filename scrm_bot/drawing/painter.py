"""Drawing without holding the loop: one process for all, started when it is first needed."""

import asyncio
import logging
import os
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

from scrm_bot.domain.errors import DrawingError
from scrm_bot.drawing.artist import ANSWER, LENGTH
from scrm_bot.telemetry.counts import Calls, Work

log = logging.getLogger(__name__)

ARTIST = Path(__file__).with_name("artist.py")
MOST_WAITING = 256  # some ten seconds of drawing
MOST_BYTES = 1_000_000  # of an SVG, and of a PNG
DRAWINGS = Work("scrm_drawing", "Charts", "kind", each=False)
PATIENCE = 10.0  # seconds for one picture, the start of the process included
# What a Python needs to start, and nothing that is secret
_PASSED_ON = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")


class Painter:
    """Draws one picture at a time. A process that dies or hangs is replaced with the next picture."""

    def __init__(
        self,
        *,
        artist: Path = ARTIST,
        patience: float = PATIENCE,
        most_waiting: int = MOST_WAITING,
        goodbye: float = 1.0,
        calls: Calls | None = None,
    ) -> None:
        self._artist = artist
        self._patience = patience
        self._most_waiting = most_waiting
        self._goodbye = goodbye
        self._calls = calls or Calls(DRAWINGS)
        self._waiting = 0
        self._turn = asyncio.Lock()
        self._process: Process | None = None
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The drawing process, None while there is none."""
        return self._process.pid if self._process else None

    async def png(self, svg: str) -> bytes:
        """The picture. Raises `DrawingError`."""
        if self._waiting >= self._most_waiting:
            raise DrawingError("too many pictures wait to be drawn")
        self._waiting += 1
        try:
            async with self._turn:
                with self._calls.one("chart"):
                    return await self._draw(svg.encode())
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        """Let the picture in hand end, and then the process."""
        self._closed = True
        async with self._turn:
            await self._end()

    async def _draw(self, svg: bytes) -> bytes:
        if self._closed or len(svg) > MOST_BYTES:
            raise DrawingError("nothing is drawn any more" if self._closed else "the picture is too large")
        try:
            async with asyncio.timeout(self._patience):
                failed, answer = await self._ask(svg)
        except TimeoutError as error:
            await self._end(at_once=True)
            raise DrawingError(f"nothing was drawn within {self._patience:g} s") from error
        except (OSError, EOFError) as error:
            await self._end()
            raise DrawingError(f"the drawing process ended: {error!r}") from error
        except BaseException:  # cancelled halfway: what comes next would be the wrong answer
            await self._end(at_once=True)
            raise
        if failed:
            raise DrawingError(answer.decode(errors="replace")[:300])
        return answer

    async def _ask(self, svg: bytes) -> tuple[int, bytes]:
        if self._process is None:
            self._process = await self._start()
        source, sink = self._process.stdout, self._process.stdin
        if source is None or sink is None:
            raise EOFError("the drawing process has no pipes")
        sink.write(LENGTH.pack(len(svg)) + svg)
        await sink.drain()
        failed, length = ANSWER.unpack(await source.readexactly(ANSWER.size))
        if length > MOST_BYTES:
            raise EOFError(f"{length} bytes are no picture of ours")
        return failed, await source.readexactly(length)

    async def _start(self) -> Process:
        """A fresh interpreter: a fork would carry the loop, its sockets and every key along."""
        kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            str(self._artist),
            stdin=PIPE,
            stdout=PIPE,
            env=kept,
            start_new_session=True,  # a Ctrl-C in the terminal is the bot's to hear, and it ends this one
        )
        log.info("pictures are drawn by process %d", process.pid)
        return process

    async def _end(self, *, at_once: bool = False) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if at_once:
            _kill(process)
        if process.stdin:
            process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), self._goodbye)
        except TimeoutError:
            _kill(process)
            await process.wait()


def _kill(process: Process) -> None:
    if process.returncode is None:
        process.kill()
