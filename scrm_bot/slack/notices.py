"""The surface's own few sentences: what it says when there is nothing else to say."""

from scrm_bot.slack.readings import MOST_TEXT
from scrm_bot.views.blocks import Message, View, actions, button, message, plain, section

AGAIN = "again"  # action_id of the button that does something once more, with a fresh trigger_id
_MOST_VALUE = 2_000

NOT_RECORDED = (
    "I could not note this down just now, so nothing was done and nothing has changed. "
    "Please try again in a moment."
)
NOT_RECORDED_BRIEF = "I could not note this down just now. Your text is safe here: please submit it again."
RECORDED_AFTER_ALL = (
    "What I could not note down before had reached me after all: it is done, or being done now. "
    "Please look before you repeat it."
)
KEY_LEAKED = (
    "⚠️ That message held a SocialCRM API key. I did not keep it, but Slack did. Please revoke it in "
    "SocialCRM under *Settings → API keys*, create a new one, and give it to me with `/scrm connect`, "
    "where nobody sees it."
)
TOO_LONG = (
    f"That message is longer than the {MOST_TEXT:,} characters that I take, so nothing was done. If it is a "
    "text for a post: send the text alone and choose *Draft a post from this* in that message's menu, which "
    "takes all of it."
)
KEY_TYPED = (
    "⚠️ What you typed held a SocialCRM API key. I left it out and did not keep it. If anybody else may have "
    "seen it, revoke it in SocialCRM under *Settings → API keys*. I take a key with `/scrm connect` alone."
)
NOT_INSTALLED = "The bot is no longer installed in this workspace. An admin can install it again."
NOTHING_HERE = "That cannot be used any more. `/scrm help` shows what can be done."


def told(text: str) -> Message:
    """One sentence of the surface's own."""
    return message(section(text))


def queued(seconds: float) -> Message:
    """Instead of silence, while a request waits for its turn."""
    about = int(max(1, -(-seconds // 1)))
    return told(f"⏳ Queued, about {about} s: SocialCRM takes only so many requests of this key a minute.")


def expired(value: str) -> Message:
    """Instead of a modal that Slack would not open any more."""
    if not value or len(value) > _MOST_VALUE:
        return told("Slack closed the door before I could open that window. Please try once more.")
    return message(
        section(
            "That took me too long, and Slack no longer lets me open the window. One more click opens it."
        ),
        actions(button("Open", AGAIN, value, style="primary")),
    )


def to_open(value: str) -> Message:
    """Instead of a modal where Slack gives no right to open one, as after a mention."""
    if not value or len(value) > _MOST_VALUE:
        return told("That needs a window, which Slack opens only for a command or a button: try `/scrm`.")
    return message(
        section("That needs a window. One click opens it."),
        actions(button("Open", AGAIN, value, style="primary")),
    )


def shown(told_so: Message, *, title: str = "SocialCRM") -> View:
    """A message as a modal, where one is open that would wait for ever."""
    return {
        "type": "modal",
        "callback_id": "notice",
        "title": plain(title, 24),
        "close": plain("Close", 24),
        "blocks": list(told_so.blocks) or [section(told_so.text)],
    }
