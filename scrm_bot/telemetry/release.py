"""Which release runs."""

from importlib.metadata import PackageNotFoundError, version

UNINSTALLED = "0+uninstalled"  # run from a checkout, as `make demo` does: there is no metadata to read


def release() -> str:
    try:
        return version("scrm-bot")
    except PackageNotFoundError:
        return UNINSTALLED
