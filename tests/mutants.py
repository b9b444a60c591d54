"""Mutation testing over domain and use cases: prints what was killed and fails below 85 %."""

import json
import subprocess
import sys
from pathlib import Path

STATS = Path("mutants/mutmut-cicd-stats.json")
LEAST = 0.85


def main() -> int:
    python = [sys.executable, "-m", "mutmut"]
    subprocess.run([*python, "run"], check=False)
    subprocess.run([*python, "export-cicd-stats"], check=True)
    stats = json.loads(STATS.read_text())
    tried = stats["total"] - stats.get("skipped", 0)
    killed = stats["killed"] + stats.get("timeout", 0)
    share = killed / tried if tried else 0.0
    sys.stdout.write(f"{killed} of {tried} mutants killed: {share:.1%} (at least {LEAST:.0%})\n")
    return 0 if share >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
