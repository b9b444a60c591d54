"""`make audit`: the pinned packages against the published advisories, and never a yes that nobody gave.

pip-audit ends well, too, where the service knew none of the packages or did not answer; this does not.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SERVICES = ("pypi", "osv")
_WITHIN = 45  # seconds for one service, all packages
_TIMEOUT = "5"  # seconds for one request


@dataclass(frozen=True, slots=True)
class Advisory:
    package: str
    version: str
    name: str
    fixed_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What a service said of each package. `skipped` are those of which it said nothing."""

    audited: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    advisories: tuple[Advisory, ...] = ()

    @property
    def status(self) -> int:
        return 1 if self.advisories else 0


def read(output: str) -> Report:
    """pip-audit's JSON. What is not JSON is a service that did not answer."""
    try:
        packages = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return Report()
    audited = [package for package in packages if "skip_reason" not in package]
    return Report(
        tuple(sorted({package["name"] for package in audited})),
        tuple(sorted({package["name"] for package in packages if "skip_reason" in package})),
        tuple(dict.fromkeys(found for package in audited for found in _advisories(package))),
    )


def _advisories(package: dict[str, object]) -> Iterator[Advisory]:
    found = package.get("vulns")
    for each in found if isinstance(found, list) else []:
        yield Advisory(str(package["name"]), str(package["version"]), each["id"], tuple(each["fix_versions"]))


def told(report: Report) -> str:
    """The report in one line a finding, and one for what was looked at."""
    lines = [
        f"{found.package} {found.version}: {found.name}"
        + (f", fixed in {', '.join(found.fixed_in)}" if found.fixed_in else ", no fixed version yet")
        for found in report.advisories
    ]
    if not report.audited:
        lines.append("not audited: the advisory service did not answer")
    else:
        lines.append(f"{len(report.audited)} packages audited, {len(report.advisories)} advisories")
        if report.skipped:
            lines.append(f"not audited, unknown to the service: {', '.join(report.skipped)}")
    return "\n".join(lines)


def ask(service: str, requirements: Sequence[Path]) -> Report:
    command = [sys.executable, "-m", "pip_audit", "--format=json", "--progress-spinner=off", "--disable-pip"]
    command += ["--require-hashes", "--timeout", _TIMEOUT, "--vulnerability-service", service]
    for path in requirements:
        command += ["--requirement", str(path)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_WITHIN)
    except subprocess.TimeoutExpired:
        return Report()
    return read(done.stdout)


def main(arguments: Sequence[str]) -> int:
    requirements = [Path(each) for each in arguments]
    report = Report()
    for service in SERVICES:
        report = ask(service, requirements)
        if report.audited:
            break
    sys.stdout.write(f"{told(report)}\n")
    return report.status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
