"""The numbers of a post or an account, in whichever way they come."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scrm_bot.domain import insights
from scrm_bot.socialcrm.wire_parts import ACCOUNT_NAMES, MisfitError, first_text, is_content, number

# Where the documentation is silent on a name, these are looked for, first to last.
ROW_LISTS = ("accounts", "analytics", "metrics", "rows")
# A level of its own around the numbers, which is not part of their names.
WRAPPERS = frozenset({"metrics", "analytics", "totals", "stats", "values"})
ACCOUNT_ID_NAMES = ("account_id", "accountId", "social_account_id", "socialAccountId")
NETWORK_NAMES = ("network", "platform", "provider")
HANDLE_NAMES = ("handle", "username")


def metrics(value: Any) -> tuple[insights.Metrics, ...]:
    """One row for an object, a row each for a list; a row for each account where they are keyed by it."""
    if isinstance(value, dict):
        value = next((value[name] for name in ROW_LISTS if isinstance(value.get(name), list)), value)
    rows = value if isinstance(value, list) else [value]
    if not all(isinstance(row, dict) for row in rows):
        raise MisfitError("numbers that are no object")
    if len(rows) == 1 and _keyed_by_account(rows[0]):
        rows = [{"account_id": name, **row} for name, row in rows[0].items()]
    if rows and all(map(_is_one_number, rows)):
        rows = _pivoted(rows)
    return tuple(_metrics(row, is_alone=len(rows) == 1) for row in rows)


def _keyed_by_account(row: Mapping[str, Any]) -> bool:
    """Whether the names are accounts', not metrics' that come in parts."""
    are_objects = bool(row) and all(isinstance(each, dict) for each in row.values())
    return are_objects and not any(name in WRAPPERS or _is_metric(name) for name in row)


def _is_metric(name: str) -> bool:
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    return snake in insights.KNOWN_METRICS or not insights.is_additive(name)


def _is_one_number(row: Mapping[str, Any]) -> bool:
    """Such as `{"metric": "likes", "value": 3}`."""
    return isinstance(row.get("metric"), str) and "value" in row


def _pivoted(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One row for each account, of rows with a number each. The first of a name counts."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        account = _account(row, is_alone=True)
        found.setdefault(account, {"account_id": account}).setdefault(row["metric"], row["value"])
    return list(found.values())


def _metrics(row: Mapping[str, Any], *, is_alone: bool) -> insights.Metrics:
    values = ((name, number(told)) for name, told in _flat(row))
    known = {name: told for name, told in values if told is not None}
    return insights.Metrics(tuple(known.items()), _account(row, is_alone=is_alone))


def _account(row: Mapping[str, Any], *, is_alone: bool) -> str:
    """Whose numbers these are: an id, else network and handle; "" where that is not told.

    A bare `id` may be the row's own or the post's: it only tells several rows apart.
    """
    parts = (row.get(name) for name in ACCOUNT_NAMES)
    nested: Mapping[str, Any] = next((part for part in parts if isinstance(part, dict)), {})
    told = (row.get(name) for name in (*ACCOUNT_ID_NAMES, *ACCOUNT_NAMES))
    ids = (*told, nested.get("id"), None if is_alone else row.get("id"))
    found = next((str(each) for each in ids if _is_id(each)), "")
    return found or _described(row) or _described(nested)


def _is_id(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and value != ""


def _described(row: Mapping[str, Any]) -> str:
    """Its network and handle, as people read them, so that it stands for the account by itself."""
    network = first_text(row, NETWORK_NAMES)
    handle = first_text(row, HANDLE_NAMES)
    return insights.Account("", network, handle).label if network else ""


def _flat(row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Names and values, one level of nesting undone; ids and times are no numbers to show."""
    for name, told in row.items():
        if isinstance(told, dict):
            prefix = "" if name in WRAPPERS else f"{name}_"
            yield from ((prefix + inner, each) for inner, each in told.items() if is_content(inner))
        elif is_content(name):
            yield name, told
