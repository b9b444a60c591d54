"""The Dockerfile's steps without a container, from the registry: `python -m tests.deploy.clean_root`.

Every RUN and COPY of a stage is done in an empty folder that stands for the image's root. What comes out is
used as the image is: beside a Redis, without a home, from files that cannot be changed; where this machine
allows it (root on Linux) with the whole file system read-only.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from json import loads
from pathlib import Path

from tests.conftest import free_port
from tests.deploy.dockerfile import FILE, ROOT, Stage, healthcheck, read

_PLACES = re.compile(r"(?<![\w.])/(?=(?:opt|src|dist)\b)")
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "node_modules")
_READ_ONLY = ["unshare", "--mount", "sh", "-c", 'mount -o remount,ro,bind / && exec "$@"', "sh"]
_WITHIN = 30.0
_DRAW = (
    "import asyncio; from scrm_bot.drawing.painter import Painter\n"
    "async def draw():\n"
    "    painter = Painter()\n"
    '    print(len(await painter.png(\'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>\')))\n'
    "    await painter.close()\n"
    "asyncio.run(draw())"
)


class FailedError(Exception):
    """Something that holds in an image does not."""


class CleanRoot:
    """An empty folder that becomes the image."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {"PATH": f"{folder}/opt/scrm/bin:{os.environ['PATH']}"}
        self.sealed = _READ_ONLY if _can_seal() else []
        self.given = {"PIP_QUIET": "1"}
        (folder / "src").mkdir(parents=True)

    def build(self, stage: Stage) -> None:
        """Do what the stage says, in its order."""
        for step in stage.steps:
            if step.word == "COPY":
                self._copy(*step.copied)
            elif step.word == "ARG":
                name, _, value = step.rest.partition("=")
                self.given[name] = value
            elif step.word == "RUN":
                _say(f"RUN {step.rest[:100]}")
                self._run(_PLACES.sub(f"{self.folder}/", step.rest))

    def _copy(self, sources: tuple[str, ...], target: str) -> None:
        for source in sources:
            origin, to = ROOT / source, self.folder / "src" / target
            if origin.is_dir():
                shutil.copytree(origin, to, ignore=_LEFT_OUT)
            else:
                to.mkdir(parents=True, exist_ok=True)
                shutil.copy(origin, to)

    def _run(self, command: str) -> None:
        python = f'python() {{ "{sys.executable}" "$@"; }}; '
        subprocess.run(
            ["bash", "-ec", python + command],
            cwd=self.folder / "src",
            check=True,
            env={**os.environ, **self.given},
        )

    def freeze(self) -> None:
        """Nothing of it can be written any more."""
        subprocess.run(["chmod", "-R", "a-w,a+rX", str(self.folder)], check=True)

    def start(self, *command: str, **variables: str) -> "subprocess.Popen[str]":
        environment = {
            **self.environment,
            "HOME": "/nonexistent",
            "PYTHONDONTWRITEBYTECODE": "1",
            **variables,
        }
        return subprocess.Popen(
            [*self.sealed, str(self.folder / "opt/scrm/bin" / command[0]), *command[1:]],
            cwd="/",
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def said(self, *command: str, status: int = 0, **variables: str) -> str:
        """What a command says that ends by itself."""
        with self.start(*command, **variables) as process:
            out = process.communicate(timeout=120)[0]
        if process.returncode != status:
            raise FailedError(f"{' '.join(command)[:80]} ended with {process.returncode}:\n{out}")
        return str(out)


def bot(root: CleanRoot, redis_port: int) -> None:
    """`check`, a drawn picture, and web and worker that live, answer and stop when asked."""
    checked = root.said("scrm-bot", "check", status=1, REDIS_URL=f"redis://127.0.0.1:{redis_port}/0")
    _must("ok     Redis:" in checked and "ok     manifest: /scrm" in checked, checked)
    _must("scrm-bot 0." in root.said("scrm-bot", "doctor", status=1), "doctor tells no version")
    _must(int(root.said("python", "-c", _DRAW)) > 0, "no picture was drawn")
    port, behind = str(free_port()), str(free_port())
    settings = {
        "REDIS_URL": f"redis://127.0.0.1:{redis_port}/0",
        "SCRM_ENCRYPTION_KEYS": root.said("scrm-bot", "keys", "new").split()[-1],
        "SLACK_SIGNING_SECRET": "0" * 32,
        "SLACK_BOT_TOKEN": "xoxb-0",
        "SLACK_API_URL": "http://127.0.0.1:9/api/",
        "SCRM_PORT": port,
    }
    with (
        root.start("scrm-bot", "web", **settings) as web,
        root.start("scrm-bot", "worker", **settings, SCRM_METRICS_PORT=behind) as worker,
    ):
        try:
            _healthy(root, SCRM_PORT=port)
            _healthy(root, SCRM_METRICS_PORT=behind)
        finally:
            web.terminate()
            worker.terminate()
            said = "".join(process.communicate(timeout=_WITHIN)[0] for process in (web, worker))
    _must(web.returncode == 0 and worker.returncode == 0, said)


def _healthy(root: CleanRoot, **variables: str) -> None:
    """The image's own HEALTHCHECK says so in time."""
    words = [loads(f'"{word}"') for word in healthcheck(read(FILE.read_text())[""])]
    until = time.monotonic() + _WITHIN
    while time.monotonic() < until:
        with root.start(*words, **variables) as process:
            told = process.communicate()[0]
        if process.returncode == 0:
            return
    raise FailedError(f"the health check never passed:\n{told}")


def _can_seal() -> bool:
    """Whether a process can be given read-only file systems here."""
    if os.getuid() or not shutil.which("unshare"):
        return False
    tried = subprocess.run([*_READ_ONLY, "sh", "-c", "! touch /tmp/x"], capture_output=True, check=False)
    return tried.returncode == 0


def _must(holds: bool, told: str) -> None:  # noqa: FBT001
    if not holds:
        raise FailedError(told)


def _say(line: str) -> None:
    sys.stdout.write(f"  {line}\n")
    sys.stdout.flush()


def main() -> None:
    stages = read(FILE.read_text())
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="clean-root-")))
        folder.chmod(0o755)
        port = free_port()
        redis = subprocess.Popen(
            [
                "redis-server",
                "--port",
                str(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "yes",
                "--dir",
                folder,
            ],
            stdout=subprocess.DEVNULL,
        )
        stack.callback(redis.wait)
        stack.callback(redis.terminate)
        root = CleanRoot(folder / "root")
        stack.callback(subprocess.run, ["chmod", "-R", "u+w", str(folder)], check=True)
        _say("file systems are read-only" if root.sealed else "only the image's own files are read-only")
        root.build(stages["build"])
        root.freeze()
        bot(root, port)
        _say("check, doctor, web and worker answer")
        subprocess.run(["chmod", "-R", "u+w", str(folder)], check=True)
        root.build(stages["demo-build"])
        root.freeze()
        _say(root.said("scrm-bot", "demo", "--story").splitlines()[-1])


if __name__ == "__main__":
    main()
