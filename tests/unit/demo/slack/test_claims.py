import ast
from collections.abc import Iterator
from pathlib import Path

from scrm_bot.demo import slack
from scrm_bot.demo.slack.blockkit_blocks import BLOCKS
from scrm_bot.demo.slack.claims import ASSUMED, CLAIMS, ERRORS

FOLDER = Path(slack.__path__[0])
RAISED_BY = {"RefusalError", "DeliveryError", "failed"}
CODE_ARGUMENTS = {"_decoded", "_own"}


def raised() -> Iterator[str]:
    """Every error code that stands in the stand-in's source."""
    for file in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", "")
            arguments = [*node.args[:1]] if name in RAISED_BY else []
            if name in CODE_ARGUMENTS:
                arguments = [*node.args[1:], *(each.value for each in node.keywords)]
            for each in arguments:
                if isinstance(each, ast.IfExp):
                    arguments = [each.body, each.orelse]
            yield from (str(each.value) for each in arguments if isinstance(each, ast.Constant))


def test_every_error_the_server_can_raise_has_a_claim() -> None:
    claimed = {claim.rule for claim in ERRORS}

    assert set(raised()) - claimed == set()


def test_no_claim_is_about_an_error_nobody_raises() -> None:
    claimed = {claim.rule for claim in ERRORS}

    assert claimed - set(raised()) - {"missing_scope", "operation_timeout", "http_error"} == set()


def test_each_rule_is_claimed_once() -> None:
    rules = [claim.rule for claim in CLAIMS]

    assert len(rules) == len(set(rules))


def test_a_claim_names_a_page_or_says_that_it_is_assumed() -> None:
    pages = {claim.source for claim in CLAIMS if claim.documented}

    assert all("/" in page and " " not in page for page in pages)
    assert any(claim.source == ASSUMED for claim in CLAIMS)


def test_the_blocks_that_are_checked_in_full_have_claims() -> None:
    rules = {claim.rule for claim in CLAIMS}
    by_name_only = {"call", "plan", "task_card", "divider", "file"}

    assert set(BLOCKS) - rules == by_name_only


def test_the_stand_in_imports_nothing_of_the_product_and_nothing_of_slack() -> None:
    imported = {
        name
        for file in FOLDER.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [a.name for a in getattr(node, "names", [])]
        )
        if isinstance(node, (ast.Import, ast.ImportFrom))
    }

    foreign = {name for name in imported if name.startswith(("slack_", "scrm_bot"))}
    assert all(name.startswith("scrm_bot.demo.slack") for name in foreign)
