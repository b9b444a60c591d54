"""The systemd units, verified by systemd itself where it is there: `python -m tests.deploy.units`."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs/deploy/systemd"
PROGRAM = "/opt/scrm-bot/bin/scrm-bot"


def verified() -> list[str]:
    """What systemd says against them. It wants the program to exist, so another stands for it."""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for unit in sorted(FOLDER.glob("*.service")):
            copy = Path(folder, unit.name.replace("@.", "@1."))
            copy.write_text(unit.read_text().replace(PROGRAM, shutil.which("true") or PROGRAM))
            files.append(copy)
        done = [
            subprocess.run(
                ["systemd-analyze", "verify", str(file)], capture_output=True, text=True, check=False
            )
            for file in files
        ]
    return [run.stderr for run in done if run.returncode]


if __name__ == "__main__":
    if not shutil.which("systemd-analyze"):
        sys.stdout.write("  units: not verified, there is no systemd-analyze here\n")
    elif problems := verified():
        sys.exit("\n".join(problems))
    else:
        sys.stdout.write("  units: systemd finds no fault\n")
