"""Every variable is told in docs/settings.md and .env.example, and nothing else is."""

import re
from pathlib import Path

from scrm_bot.settings import Settings

ROOT = Path(__file__).parents[2]
VARIABLE = re.compile(r"\b(?:OTEL|SLACK|SCRM|SOCIALCRM|REDIS)_[A-Z_]+\b")


def variables() -> set[str]:
    aliases = [field.validation_alias for field in Settings.model_fields.values()]
    return {str(getattr(alias, "choices", [alias])[0]) for alias in aliases}


def test_every_variable_has_its_row_in_the_settings_page() -> None:
    page = (ROOT / "docs/settings.md").read_text()

    assert set(VARIABLE.findall(page)) == variables()


def test_the_example_file_names_every_variable() -> None:
    example = (ROOT / ".env.example").read_text()

    assert {line.partition("=")[0] for line in example.splitlines() if "=" in line} == variables()
