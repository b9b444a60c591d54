"""What is deployed: pinned, without privileges, with the commands and settings that exist."""

import configparser
import fnmatch
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from scrm_bot import cli
from scrm_bot.settings import Settings
from tests.deploy.dockerfile import FILE, ROOT, healthcheck, read
from tests.deploy.units import FOLDER, PROGRAM

STAGES = read(FILE.read_text())
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
KUBERNETES = [*yaml.safe_load_all((ROOT / "docs/deploy/kubernetes/scrm-bot.yaml").read_text())]
UNITS = sorted(FOLDER.glob("*.service"))
PODS = [each["spec"]["template"]["spec"] for each in KUBERNETES if each["kind"] == "Deployment"]
OURS = {name: each for name, each in COMPOSE["services"].items() if "build" in each}
EXACT = re.compile(r":\d+\.\d+\.\d+[\w.-]*(@sha256:[0-9a-f]{64})?$")
SUBCOMMANDS = {"run", "web", "worker", "demo"}


def variables() -> set[str]:
    aliases = [field.validation_alias for field in Settings.model_fields.values()]
    return {str(getattr(alias, "choices", [alias])[0]) for alias in aliases}


def test_every_base_image_has_an_exact_version() -> None:
    (version,) = re.findall(r"^ARG PYTHON=(\S+)", FILE.read_text(), re.MULTILINE)
    bases = [stage.base.replace("${PYTHON}", version) for stage in STAGES.values()]
    images = [each["image"] for name, each in COMPOSE["services"].items() if name not in OURS]

    assert [base for base in bases if base not in STAGES and not EXACT.search(base)] == []
    assert [image for image in images if not EXACT.search(image)] == []


def test_everything_that_is_installed_has_a_hash_or_is_the_wheel_itself() -> None:
    installs = [step for stage in STAGES.values() for step in stage.all("RUN") if "pip install" in step]

    assert installs
    assert all("--require-hashes" in step or "--no-index --no-deps /dist/" in step for step in installs)


def test_the_image_is_not_roots_and_holds_none_of_its_tools() -> None:
    last = STAGES[""]

    assert STAGES[last.base].all("USER") == ["10001:10001"]
    assert last.all("COPY") == ["--from=build /opt/scrm /opt/scrm"]
    assert STAGES[last.base].all("STOPSIGNAL") == ["SIGTERM"]
    assert healthcheck(last)[0] == "python"


def test_what_the_dockerfile_copies_reaches_the_builder_and_secrets_do_not() -> None:
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] not in {"", "#"}]
    copied = {
        source
        for stage in STAGES.values()
        for step in stage.steps
        if step.word == "COPY" and "--from" not in step.rest
        for source in step.copied[0]
    }

    assert rules[0] == "*"
    assert {rule[1:] for rule in rules if rule.startswith("!")} == copied
    assert all((ROOT / source).exists() for source in copied)
    assert not any(fnmatch.fnmatch(".env", rule[1:]) for rule in rules if rule.startswith("!"))


@pytest.mark.parametrize("name", OURS)
def test_a_service_can_change_nothing_of_its_machine(name: str) -> None:
    service = OURS[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert not service.get("volumes")


def test_redis_keeps_what_it_is_given_and_throws_nothing_away() -> None:
    redis = COMPOSE["services"]["redis"]
    command = " ".join(redis["command"])

    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command
    assert redis["volumes"] == ["redis:/data"]
    assert "ports" not in redis


def test_there_are_web_two_workers_and_a_demo_for_who_asks() -> None:
    services = COMPOSE["services"]

    assert services["web"]["command"] == ["web"]
    assert services["worker"]["command"] == ["worker"]
    assert services["worker"]["deploy"]["replicas"] == 2
    assert services["demo"]["profiles"] == ["demo"]
    assert all(port.startswith("127.0.0.1:") for port in services["web"]["ports"])


@pytest.mark.parametrize("name", ["web", "worker"])
def test_what_compose_sets_are_settings(name: str) -> None:
    assert set(OURS[name]["environment"]) <= variables()


@pytest.mark.parametrize("pod", PODS, ids=lambda pod: pod["containers"][0]["name"])
def test_a_pod_can_change_nothing_of_its_node(pod: dict[str, Any]) -> None:
    (container,) = pod["containers"]
    locked = container["securityContext"]

    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] == 10001
    assert pod["automountServiceAccountToken"] is False
    assert pod["enableServiceLinks"] is False
    assert locked["readOnlyRootFilesystem"] is True
    assert locked["allowPrivilegeEscalation"] is False
    assert locked["capabilities"] == {"drop": ["ALL"]}
    assert container["args"][0] in SUBCOMMANDS
    assert {each["name"] for each in container.get("env", [])} <= variables()


@pytest.mark.parametrize("pod", PODS, ids=lambda pod: pod["containers"][0]["name"])
def test_a_pod_is_reached_whatever_the_file_of_settings_says(pod: dict[str, Any]) -> None:
    (container,) = pod["containers"]
    given = {each["name"]: each["value"] for each in container["env"]}
    example = dict(
        line.split("=", 1) for line in (ROOT / ".env.example").read_text().splitlines() if "=" in line
    )

    assert example["SCRM_HOST"] == "127.0.0.1"  # which comes along with the Secret
    assert given["SCRM_HOST"] == "0.0.0.0"
    ports = {each["name"]: str(each["containerPort"]) for each in container["ports"]}
    assert ports.get("http", given.get("SCRM_PORT")) == given.get("SCRM_PORT")
    assert ports["metrics"] == given["SCRM_METRICS_PORT"]


def test_secrets_are_referred_to_and_never_written() -> None:
    assert [pod["containers"][0]["envFrom"] for pod in PODS] == [[{"secretRef": {"name": "scrm-bot"}}]] * 2
    assert [each for each in KUBERNETES if each["kind"] == "Secret"] == []


def test_every_deployment_keeps_one_while_nodes_are_drained() -> None:
    kept = [each["spec"] for each in KUBERNETES if each["kind"] == "PodDisruptionBudget"]
    labels = [each["spec"]["selector"] for each in KUBERNETES if each["kind"] == "Deployment"]

    assert [budget["selector"] for budget in kept] == labels
    assert [budget["minAvailable"] for budget in kept] == [1, 1]


def unit_of(path: Path) -> configparser.ConfigParser:
    unit = configparser.ConfigParser(strict=False, interpolation=None, allow_no_value=True)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(path.read_text())
    return unit


def graces() -> dict[str, int]:
    """For how long each way of running lets a process that was asked to stop go on."""
    units = {unit.name: unit_of(unit)["Service"]["TimeoutStopSec"] for unit in UNITS}
    pods = {pod["containers"][0]["name"]: pod["terminationGracePeriodSeconds"] for pod in PODS}
    services = {name: each["stop_grace_period"].rstrip("s") for name, each in OURS.items()}
    return {name: int(seconds) for name, seconds in (units | pods | services).items()}


@pytest.mark.parametrize("name", graces())
def test_a_process_has_time_to_end_what_it_has_in_hand(name: str) -> None:
    longest = 3 + 2 * 8 + 5  # requests, the worker's jobs and the surface's tasks; what a preStop waits

    assert graces()[name] > longest


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_is_hardened_and_starts_a_command_that_exists(path: Path) -> None:
    service = unit_of(path)["Service"]
    program, command = service["ExecStart"].split()
    wanted = {
        "NoNewPrivileges": "yes",
        "ProtectSystem": "strict",
        "ProtectHome": "yes",
        "PrivateTmp": "yes",
        "DynamicUser": "yes",
        "CapabilityBoundingSet": "",
        "MemoryDenyWriteExecute": "yes",
        "SystemCallArchitectures": "native",
    }

    assert program == PROGRAM
    assert command in SUBCOMMANDS
    assert {name: service[name] for name in wanted} == wanted
    assert service["EnvironmentFile"] == "/etc/scrm-bot/env"


def test_the_commands_are_ones_the_program_knows(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    told = capsys.readouterr().out

    assert all(re.search(rf"^    {command}\b", told, re.MULTILINE) for command in SUBCOMMANDS)
