"""What a newcomer does, from nothing: `python -m tests.deploy.newcomer`.

A clone with nothing set up and nothing installed: `make demo`, its page, Ctrl-C, and the story. What is
copied is what a commit would hold now: a file that was forgotten is missed here, and not by them.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path

from tests.conftest import free_port

ROOT = Path(__file__).parents[2]
_SET_UP, _STORY, _END = 300.0, 120.0, 30.0  # seconds at most; with the registry near it is 40 in all
_NOT_THEIRS = re.compile(
    r"VIRTUAL_ENV|PYTHON\w*|MAKE\w*|MFLAGS|COV\w*|CI|REDIS_URL|(?:SCRM|SLACK|SOCIALCRM|OTEL)_\w+"
)
_READY = "Ready."
_INTERRUPTED = 130  # what a shell makes of Ctrl-C where make itself ends by it


class FailedError(Exception):
    """A newcomer would have given up here."""


def clone(into: Path) -> None:
    """Everything that git knows or would take in, as it is now; nothing that it ignores."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
    ).stdout.decode()
    for name in listed.split("\0"):
        if name and (ROOT / name).is_file():  # else it is deleted and not yet committed
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, into / name)
    subprocess.run(["git", "init", "--quiet", str(into)], check=True)


def environment() -> Mapping[str, str]:
    """Nothing of this virtual environment, of make, or of a bot; how packages are fetched stays."""
    ours = {str(Path(sys.executable).parent), str(ROOT / ".venv/bin")}
    path = os.pathsep.join(each for each in os.get_exec_path() if each not in ours)
    kept = {name: value for name, value in os.environ.items() if not _NOT_THEIRS.fullmatch(name)}
    return {**kept, "PATH": path}


def demo(folder: Path) -> None:
    """`make demo`: it sets itself up, its page answers, and Ctrl-C ends all of it."""
    port = free_port()
    with subprocess.Popen(
        ["make", "demo", f"PORT={port}"],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # a terminal sends Ctrl-C to all of them, and to nobody else
    ) as process:
        try:
            told = _until_ready(process)
            _must(_READY in told, f"make demo ended, or was not ready within {_SET_UP:g} seconds:\n{told}")
            status, page = _page(port)
            _must(status == 200 and "<title>" in page, f"the page answers {status}:\n{page[:500]}")
            os.killpg(process.pid, signal.SIGINT)
            told += process.communicate(timeout=_END)[0]
        finally:
            _kill(process)
    ended = 128 - process.returncode if process.returncode < 0 else process.returncode
    _must(ended in {0, _INTERRUPTED}, f"make demo ended with {ended}:\n{told}")
    _must(not _listens(port), f"make demo ended, and something still listens on port {port}")


def story(folder: Path) -> str:
    """The whole journey, played with what `make demo` has set up. Returns its last line."""
    done = subprocess.run(
        [".venv/bin/python", "-m", "scrm_bot", "demo", "--story"],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=_STORY,
    )
    _must(done.returncode == 0, f"demo --story ended with {done.returncode}:\n{done.stdout}")
    return done.stdout.splitlines()[-1]


def _until_ready(process: "subprocess.Popen[str]") -> str:
    """What it says until then; until its end, where it ends or takes too long."""
    too_long = threading.Timer(_SET_UP, _kill, [process])
    too_long.start()
    lines = []
    try:
        for line in process.stdout or ():
            lines.append(line)
            if _READY in line:
                break
    finally:
        too_long.cancel()
    return "".join(lines)


def _page(port: int) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=_END)
    try:
        connection.request("GET", "/")
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def _listens(port: int) -> bool:
    with suppress(OSError):
        _page(port)
        return True
    return False


def _kill(process: "subprocess.Popen[str]") -> None:
    """Whatever is left of it: the group outlives its first process where a child of it hangs."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _must(holds: bool, told: str) -> None:  # noqa: FBT001
    if not holds:
        raise FailedError(told)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="newcomer-") as name:
        folder = Path(name, "scrm-bot")
        clone(folder)
        demo(folder)
        sys.stdout.write(f"  a clone's demo answers and ends; its story: {story(folder)}\n")


if __name__ == "__main__":
    main()
