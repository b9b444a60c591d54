"""docs/redis.md: its keys are those of the code, and its user may do what the bot does and nothing else."""

import re
from pathlib import Path

import scrm_bot.store
from tests.contract.access import rules
from tests.docs.redis_keys import FIRST, LAST, PAGE, rows, table

SOURCES = Path(scrm_bot.__file__).parent
OF_THE_CLIENT = {"auth", "hello", "ping"}  # what redis-py says by itself, and people who look
IN_PYTHON = re.compile(r'(?:\.(?:do|ask|pop|execute_command)\(|[\[(]|= \()\s*"([A-Z]{3,}(?: [A-Z]+)?)"[,)]')
IN_LUA = re.compile(r"redis\.p?call\('([A-Z]+)'")
NO_COMMANDS = {"NFC", "NFD", "NFKC", "LEAVING", "PATH"}


def used() -> set[str]:
    """Every command in the scripts and in what talks to Redis."""
    lua = {word for path in SOURCES.rglob("*.lua") for word in IN_LUA.findall(path.read_text())}
    talking = [
        *SOURCES.joinpath("store").glob("*.py"),
        SOURCES / "operations.py",
        SOURCES / "checking.py",
        SOURCES / "app.py",
    ]
    python = {word for path in talking for word in IN_PYTHON.findall(path.read_text())}
    return {word.lower().replace(" ", "|") for word in (lua | python) - NO_COMMANDS} | {"scan"}


def test_the_table_of_keys_is_written_from_the_code() -> None:
    page = PAGE.read_text()

    assert page.split(FIRST)[1].split(LAST)[0].strip() == table(), "python -m tests.docs.redis_keys"


def test_every_key_tells_its_type_its_size_and_its_life() -> None:
    kinds = ("string", "hash", "zset", "set", "stream", "list")
    told = rows()

    assert len(told) > 35
    assert all(row.what.lower().startswith(kinds) for row in told)
    assert all(row.life and any(unit in row.size for unit in ("byte", "kB", "MB")) for row in told)


def test_the_user_may_say_every_command_of_the_bot_and_no_other() -> None:
    allowed = {rule[1:] for rule in rules() if rule.startswith("+")}

    assert allowed - OF_THE_CLIENT == used() - OF_THE_CLIENT


def test_the_user_reaches_the_bots_keys_alone() -> None:
    given = rules()

    assert [rule for rule in given if rule.startswith(("~", "&", "@"))] == ["~scrm:*"]
    assert {"resetkeys", "resetchannels", "-@all"} <= {*given}
