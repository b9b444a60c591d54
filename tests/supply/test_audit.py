"""An audit never says yes for a service that did not answer."""

import json

from tests.supply.audit import read, told


def output(*packages: dict[str, object]) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


CLEAN: dict[str, object] = {"name": "attrs", "version": "25.1.0", "vulns": []}
HURT: dict[str, object] = {
    "name": "aiohttp",
    "version": "3.8.0",
    "vulns": [{"id": "PYSEC-2024-1", "fix_versions": ["3.9.2"], "aliases": [], "description": "x"}],
}
UNKNOWN: dict[str, object] = {"name": "uvloop", "skip_reason": "Dependency not found on PyPI"}


def test_packages_without_an_advisory_pass() -> None:
    report = read(output(CLEAN))

    assert report.status == 0
    assert told(report) == "1 packages audited, 0 advisories"


def test_an_advisory_is_named_with_its_fix_and_fails() -> None:
    report = read(output(CLEAN, HURT))

    assert report.status == 1
    assert "aiohttp 3.8.0: PYSEC-2024-1, fixed in 3.9.2" in told(report)


def test_packages_that_the_service_does_not_know_are_named() -> None:
    assert "not audited, unknown to the service: uvloop" in told(read(output(CLEAN, UNKNOWN)))


def test_a_service_that_knows_no_package_has_audited_nothing() -> None:
    report = read(output(UNKNOWN))

    assert report.status == 0
    assert told(report) == "not audited: the advisory service did not answer"


def test_a_service_that_does_not_answer_has_audited_nothing() -> None:
    assert told(read("Traceback: ConnectionError")) == "not audited: the advisory service did not answer"
    assert told(read('["?"]')) == "not audited: the advisory service did not answer"
