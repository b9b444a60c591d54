"""Which post people mean by a word."""

import re

from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.posts import Post
from scrm_bot.ports import Workspace
from scrm_bot.usecases import cutoff
from scrm_bot.usecases.choosing import post_word

_NUMBER = re.compile(r"#?(\d{1,3})")
_ID = re.compile(r"[A-Za-z0-9][\w-]{0,127}", re.ASCII)


def is_post_word(word: str) -> bool:
    """Whether `POST|TEXT` means a post: `post_…`, a link to one, `last`, or a number."""
    word = post_word(word)
    return word.casefold() == "last" or bool(_NUMBER.fullmatch(word) or re.fullmatch(r"post_[\w-]+", word))


def split_post(typed: str) -> tuple[str, str]:
    """The word that names a post, and the text behind it; all of it as one word where none is named."""
    first, *rest = typed.split(maxsplit=1) or [""]
    return (first, rest[0]) if rest and is_post_word(first) else (typed.strip(), "")


async def post_id(workspace: Workspace, word: str, *, by: str) -> str:
    """The id behind `post_123`, a link to it, `last`, or a number of the person's latest list."""
    typed, word = word.split(), post_word(word)
    number = _NUMBER.fullmatch(word)
    is_relative = bool(number) or word.casefold() == "last"
    before = await cutoff.recall(workspace, _meant(word)) if is_relative else None
    if before:
        return str(before["id"])
    if word.casefold() == "last":
        found = await workspace.memory.last_post(by)
        missing = "You have not worked on a post yet: `/scrm posts` lists what is there."
    elif number:
        found = await workspace.memory.listed_post(by, int(number[1]))
        missing = f"Your latest list has no number {int(number[1])}: `/scrm posts` shows it again."
    else:
        found = word if _ID.fullmatch(word) else None
        missing = "Which post? Name its id such as `post_123`, `last`, or a number of your latest list."
    if len(typed) > 1 and is_post_word(typed[0]):
        missing = f"Just `{post_word(typed[0])}`? The words behind it mean nothing here, so nothing was done."
    if not found:
        raise UsageError(missing, field="post")
    if is_relative:
        await cutoff.keep(workspace, _meant(word), {"id": found})
    return found


def _meant(word: str) -> str:
    return f"meant:{word.casefold()}"


async def find_post(workspace: Workspace, word: str, *, by: str) -> Post:
    """The post itself, as SocialCRM has it now."""
    return await workspace.socialcrm.get_post(await post_id(workspace, word, by=by))
