"""`make wheels`: the wheel, installed with hashes on every Python there is, away from the source.

On each: `scrm-bot --help`, `scrm-bot keys new`, and the demo's whole story. Names the versions not to be had.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
TRIED = (("--help",), ("keys", "new"), ("demo", "--story"))
_WITHIN = 300  # seconds for one command


def build(into: Path) -> Path:
    """The wheel, built by what is installed here."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", str(into), str(ROOT)], check=True)
    (wheel,) = into.glob("*.whl")
    return wheel


def find(version: str) -> Path | None:
    """An interpreter of this version: from PATH, pyenv or uv."""
    places = [shutil.which(f"python{version}")]
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    places += [str(each) for each in sorted(root.glob(f"versions/{version}.*/bin/python"), reverse=True)]
    kept = Path.home() / ".local/share/uv/python"
    places += [str(each) for each in sorted(kept.glob(f"cpython-{version}.*/bin/python"), reverse=True)]
    return next((Path(place) for place in places if place and _is(place, version)), None)


def _is(interpreter: str, version: str) -> bool:
    """Whether it runs, is that version, and can make environments: a shim may be there and do none of it."""
    asked = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run(
            [interpreter, "-c", asked], capture_output=True, text=True, check=False, timeout=30
        )
    except OSError:
        return False
    return done.returncode == 0 and done.stdout.strip() == version


def try_on(interpreter: Path, wheel: Path, folder: Path) -> str:
    """Install and run it; "" when all went well, else what did not."""
    environment = _clean(folder)
    binaries = folder / "venv" / "bin"
    install = [str(binaries / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    steps = [
        [str(interpreter), "-m", "venv", str(folder / "venv")],
        [*install, "--require-hashes", "--requirement", str(ROOT / "requirements/demo.txt")],
        [*install, "--no-deps", str(wheel)],
        [str(binaries / "python"), "-m", "pip", "check"],
        *([str(binaries / "scrm-bot"), *words] for words in TRIED),
    ]
    for step in steps:
        problem = _run(step, folder, environment)
        if problem:
            return f"{' '.join(Path(word).name for word in step[:4])}: {problem}"
    return ""


def _run(step: Sequence[str], folder: Path, environment: Mapping[str, str]) -> str:
    try:
        done = subprocess.run(
            step,
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=_WITHIN,
        )
    except subprocess.TimeoutExpired:
        return f"not done after {_WITHIN} seconds"
    return "" if done.returncode == 0 else f"exit {done.returncode}\n{done.stdout[-2000:]}"


def _clean(home: Path) -> Mapping[str, str]:
    """Nothing of the source and nothing of this environment, but how packages are fetched here."""
    kept = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_", "LC_"))}
    path = os.pathsep.join(("/usr/local/bin", "/usr/bin", "/bin"))
    return {**kept, "PATH": path, "HOME": str(home), "LANG": "C.UTF-8"}


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    found = {version: find(version) for version in VERSIONS}
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        wheel = build(Path(folder))
        for version, interpreter in found.items():
            if interpreter is None:
                _say(f"{version}: not to be had on this machine")
                continue
            place = Path(folder) / version
            place.mkdir()
            problem = try_on(interpreter, wheel, place)
            failed = failed or bool(problem)
            _say(f"{version}: {problem or 'installed, and all commands ran'}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
