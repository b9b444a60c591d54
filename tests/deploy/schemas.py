"""docker-compose.yml and the Kubernetes example against their schemas, in `make deploy`'s own environment."""

import json
import sys
from pathlib import Path

import compose_spec
import kubernetes_validate
import yaml

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "docker-compose.yml"
KUBERNETES = ROOT / "docs/deploy/kubernetes/scrm-bot.yaml"
VERSIONS = ("1.30", kubernetes_validate.latest_version())


def compose() -> None:
    """Raises `ValueError` for what the specification does not know, and for names that lead nowhere."""
    found = compose_spec.PyCompose.from_json(json.dumps(yaml.safe_load(COMPOSE.read_text())))
    for validate in (found.validate_networks, found.validate_volumes, found.validate_configs):
        validate()


def kubernetes() -> int:
    """How many resources fit every version."""
    resources = [*yaml.safe_load_all(KUBERNETES.read_text())]
    for version in VERSIONS:
        for resource in resources:
            kubernetes_validate.validate(resource, version, strict=True)
    return len(resources)


if __name__ == "__main__":
    compose()
    sys.stdout.write(
        f"  {COMPOSE.name} fits; so do {kubernetes()} resources, in Kubernetes {' and '.join(VERSIONS)}\n"
    )
