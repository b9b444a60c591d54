from importlib import metadata

import pytest

from scrm_bot.telemetry import release


def test_the_release_is_that_of_the_package() -> None:
    assert release.release() == metadata.version("scrm-bot")


def test_a_checkout_that_is_not_installed_runs_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(release, "version", missing)

    assert release.release() == release.UNINSTALLED
