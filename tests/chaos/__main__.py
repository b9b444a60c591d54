"""The long soak: `python -m tests.chaos [APPROVALS] [SEED]`, all points and a storm of so many requests."""

import os
import sys

import pytest


def main() -> int:
    approvals, seed, *_ = [*sys.argv[1:], *["10000", "1"][len(sys.argv) - 1 :]]
    os.environ.update(SCRM_CHAOS_APPROVALS=approvals, SCRM_CHAOS_SEED=seed)
    return pytest.main(["tests/chaos", "-q", "-p", "no:cacheprovider", "-o", "faulthandler_timeout=0"])


if __name__ == "__main__":
    sys.exit(main())
