"""Every error has a sentence of its own for people, and its place in the tree that tells of them."""

import re
from collections.abc import Iterator

import pytest

from scrm_bot.domain import errors
from scrm_bot.domain.errors import (
    AlreadyDecidedError,
    ApprovalError,
    ApproversUnknownError,
    BudgetExhaustedError,
    NotPermittedError,
    PausedError,
    RecentLapseError,
    ScrmError,
    SlackRefusedError,
    TransitionError,
    UsageError,
    WhenError,
)
from scrm_bot.views import problems

MADE = {
    BudgetExhaustedError: BudgetExhaustedError(retry_in=3),
    NotPermittedError: NotPermittedError("an admin"),
    ApproversUnknownError: ApproversUnknownError("S1"),
    PausedError: PausedError(by="UADMIN"),
    RecentLapseError: RecentLapseError(retry_in=80),
    SlackRefusedError: SlackRefusedError("not_in_channel", method="chat.postMessage"),
    TransitionError: TransitionError("undo", state="published"),
    AlreadyDecidedError: AlreadyDecidedError("approve", state="approved", by="UAPPROVER"),
    UsageError: UsageError("Which post?"),
    WhenError: WhenError("When?"),
}
UNKNOWN = problems.sentence(ScrmError())
TREE = str(errors.__doc__)


def below(parent: type[ScrmError]) -> Iterator[type[ScrmError]]:
    for child in parent.__subclasses__():
        if child.__module__ == errors.__name__:
            yield child
            yield from below(child)


CLASSES = list(below(ScrmError))


def made(known: type[ScrmError]) -> ScrmError:
    return MADE.get(known) or known()


def depth_in_tree(name: str) -> int:
    (line,) = [line for line in TREE.splitlines() if re.search(rf"[─\s]{name}(\s|$)", line)]
    return line.index(name) // 4


@pytest.mark.parametrize("known", CLASSES)
def test_an_error_has_its_place_in_the_tree(known: type[ScrmError]) -> None:
    assert depth_in_tree(known.__name__) == len(known.__mro__) - len(ScrmError.__mro__)


def test_the_tree_tells_of_no_other_errors() -> None:
    assert set(re.findall(r"\b\w+Error\b", TREE)) == {known.__name__ for known in CLASSES} | {"ScrmError"}


@pytest.mark.parametrize("known", CLASSES)
def test_an_error_has_a_sentence_that_is_not_the_last_resort(known: type[ScrmError]) -> None:
    told = problems.sentence(made(known))

    assert told != UNKNOWN
    assert not re.search(r"[{}]|Error\b|Traceback", told)


def test_every_leaf_says_something_of_its_own() -> None:
    leaves = [known for known in CLASSES if not known.__subclasses__() and known is not ApprovalError]

    assert len({problems.sentence(made(known)) for known in leaves}) == len(leaves)
