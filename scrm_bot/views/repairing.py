"""Jobs that were given up: told of to an admin, listed, and put back."""

from collections.abc import Sequence

from scrm_bot.domain.jobs import DeadJob, JobKind, LostJob
from scrm_bot.views import ids
from scrm_bot.views.blocks import Block, Message, button, code, context, line, message, section
from scrm_bot.views.words import moment, plural

_MOST_DEAD = 5
_KINDS = {
    JobKind.INTERACTION: "Something that was done in Slack",
    JobKind.ACT: "Publishing or scheduling",
    JobKind.FOLLOW: "Seeing whether a scheduled post went out",
    JobKind.RENDER: "Bringing a card up to date",
    JobKind.DIGEST: "A digest",
    JobKind.CHART: "The chart under a digest",
    JobKind.NUMBERS: "Remembering the numbers of a day",
    JobKind.REMIND: "A reminder",
    JobKind.EXPIRE: "Closing a request that ran out",
    JobKind.WATCH: "Watching scheduled posts",
    JobKind.REPORT: "Numbers in a card's thread",
    JobKind.PURGE: "Forgetting a workspace",
    JobKind.STEP: "Answering a workflow",
    JobKind.KEY_REFUSED: "Telling an admin of a refused key",
    JobKind.GIVEN_UP: "Telling an admin of a job that was given up",
    JobKind.HOME: "Bringing App Home up to date",
}
_MEANWHILE = {
    JobKind.INTERACTION: "A command or a click may not have been done, and whoever it was, nobody told them. "
    "Who still waits for an answer looks first, then does it again; *Retry* does it as it was meant then.",
    JobKind.RENDER: "A card may show how its request stood before; pressing something on it draws it anew.",
    JobKind.DIGEST: "This digest may be missing. The next ones are planned within the hour.",
    JobKind.NUMBERS: "A later digest may have no numbers of that day to compare with.",
    JobKind.REMIND: "Nobody is reminded of this request any more. It can be decided as before.",
    JobKind.EXPIRE: "The request stays open beyond its end. Approving it now would only close it.",
    JobKind.WATCH: "What is changed in SocialCRM after an approval is noticed later, at the post's time.",
    JobKind.STEP: "The workflow still waits for its answer. The request stands as its card says.",
    JobKind.REPORT: "The numbers of a post are missing in its card's thread.",
    JobKind.KEY_REFUSED: "SocialCRM refused this workspace's key, and an admin should have been told so. "
    "Where `/scrm status` says that it is still refused, connect a new one with `/scrm connect`.",
}


def given_up(lost: LostJob) -> Message:
    """Told to one admin: what does not happen, that nothing else did, and the way back."""
    if lost.kind is None:
        return _unreadable(lost)
    meanwhile = _MEANWHILE.get(lost.kind, "")
    told = f"🪦 *Given up after several tries:* {_KINDS[lost.kind]} {code(lost.key)}\n{meanwhile}"
    return message(
        section(told.rstrip()),
        section("It publishes and schedules nothing. `/scrm status` says why it failed, and has *Retry*."),
        context("You are told once a day of each kind; `/scrm status` lists all of them."),
    )


def _unreadable(lost: LostJob) -> Message:
    """A record that is damaged, or of another version: there is no way back from Slack."""
    return message(
        section(
            f"🪦 *A job cannot be read any more:* {code(lost.key)}\nIts record is damaged, or was written by "
            "another version of the bot. It is set aside: it does nothing more, and has no Retry."
        ),
        section(
            "What it was to do has to be done anew, if it is still wanted. Whoever runs the bot finds in the "
            "log when it was met: “a job cannot be read”."
        ),
    )


def retried(dead: DeadJob) -> Message:
    """After a job that was given up was put back."""
    told = f"🔁 *Trying again:* {_KINDS[dead.job.kind]}. It runs now, from its first try on."
    return message(section(told))


def dead_list(dead: Sequence[DeadJob]) -> list[Block]:
    """The jobs that were given up, each with a way to put it back."""
    if not dead:
        return []
    count = plural(len(dead), "job")
    rows = [
        section(
            f"{_KINDS[each.job.kind]} {code(each.job.key)}\n"
            f"{moment(each.at)}, after {plural(each.attempts, 'try', 'tries')}: {line(each.reason, 300)}",
            accessory=button("Retry", ids.Action.RETRY_JOB, each.id, says=f"Retry {each.job.key}"),
        )
        for each in dead[:_MOST_DEAD]
    ]
    left = len(dead) - _MOST_DEAD
    more = [context(f"{plural(left, 'older one', 'older ones')} not shown.")] if left > 0 else []
    return [section(f"🪦 *Given up:* {count}. A retry looks first, so nothing is done twice."), *rows, *more]
