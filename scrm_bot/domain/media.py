"""Pictures and videos that people shared in Slack, and which of them a post can take."""

from collections.abc import Sequence
from dataclasses import dataclass

from scrm_bot.domain.errors import UsageError

# Advisory: SocialCRM documents neither, so these are what Slack's own file field allows.
MOST_FILES = 10
MOST_BYTES = 10 * 1024 * 1024
TYPES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4", "video/quicktime"})
_LONGEST_NAME = 200
_TAKEN = "JPEG, PNG, GIF and WebP pictures, MP4 and MOV videos"


@dataclass(frozen=True, slots=True)
class SlackFile:
    """A file as Slack last told it. Of some, such as those from another organisation, it tells only the id.

    `url` is where its bytes are, for those who may read it.
    """

    id: str
    name: str = ""
    mimetype: str = ""
    size: int = 0
    url: str = ""

    @property
    def told(self) -> bool:
        """Whether Slack has told more than the id."""
        return bool(self.url)

    @property
    def label(self) -> str:
        return self.name.strip() or self.id

    @property
    def filename(self) -> str:
        """Its name without a folder, the ending kept where it is too long for others."""
        bare = self.name.replace("\\", "/").rpartition("/")[2]
        printable = "".join(letter for letter in bare if letter.isprintable()).strip()
        return printable[-_LONGEST_NAME:] or self.id


def problem(file: SlackFile) -> str:
    """Why a post cannot take this file, as a sentence; "" when it can, or when that is not known yet."""
    if not file.told:
        return ""
    if file.mimetype not in TYPES:
        return f"{file.label} is not of a kind a post can take: {_TAKEN}."
    if file.size > MOST_BYTES:
        return f"{file.label} is {_megabytes(file.size)}, and 10 MB is the most."
    if file.size <= 0:
        return f"{file.label} is empty."
    return ""


def check(files: Sequence[SlackFile], *, needed: bool = False) -> None:
    """Raises `UsageError` that names everything wrong with these files."""
    wrong = [found for found in map(problem, files) if found]
    if needed and not files:
        wrong.append("Choose a file first.")
    if len(files) > MOST_FILES:
        wrong.insert(0, f"{len(files)} files are too many: {MOST_FILES} at a time is the most.")
    if wrong:
        raise UsageError(" ".join(wrong), field="media")


def usable(files: Sequence[SlackFile]) -> tuple[tuple[SlackFile, ...], str]:
    """Those that a post can take, as many as it can; and sentences about the others."""
    fit = [file for file in once(files) if not problem(file)]
    wrong = [found for found in map(problem, once(files)) if found]
    wrong += [f"{file.label} is one too many: {MOST_FILES} is the most." for file in fit[MOST_FILES:]]
    return tuple(fit[:MOST_FILES]), " ".join(wrong)


def once(files: Sequence[SlackFile]) -> tuple[SlackFile, ...]:
    """Each file once, in order."""
    return tuple({file.id: file for file in files}.values())


def _megabytes(size: int) -> str:
    return f"{size / (1024 * 1024):.1f} MB"
