"""The modals people fill in besides a post's own and a request's, and those that only tell."""

from collections.abc import Sequence

from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.posts import Post
from scrm_bot.views import ids, inputs, windows
from scrm_bot.views.blocks import Message, Option, View, line, section
from scrm_bot.views.inputs import field
from scrm_bot.views.tones import own_tone, tone_options
from scrm_bot.views.windows import excerpt, which, window

_PICKING = {
    "attach": "Attach media to a post",
    "changes": "Request changes",
    "hold": "Put on hold",
    "reassign": "Hand over a request",
    "stats": "Stats of a post",
    "withdraw": "Withdraw a request",
}
_OLDER = "These are the 50 newest. An older one comes up when you type its whole id, or paste its link."


def attach(post: Post, *, metadata: str = "") -> View:
    media = field("Media", inputs.files(ids.Action.MEDIA), hint="Images and videos, up to 10 MB each.")
    return window(
        ids.Callback.ATTACH,
        "Attach media",
        [which(post.id), excerpt(post.body), media],
        submit="Attach",
        close="Cancel",
        metadata=metadata,
    )


def schedule(
    post: Post, *, zone: str, when: str = "", note: str = "", problem: str = "", metadata: str = ""
) -> View:
    """A post without its time."""
    at = field(
        "When",
        inputs.text(ids.Action.WHEN, initial=when, placeholder="tomorrow 09:00"),
        hint=inputs.time_hint(zone),
    )
    words = inputs.text(ids.Action.NOTE, initial=note, multiline=True)
    for_approver = field("Note", words, optional=True, hint="For the approver.")
    blocks = [*windows.problem(problem), which(post.id), excerpt(post.body), at, for_approver]
    return window(
        ids.Callback.SCHEDULE,
        "Schedule",
        blocks,
        submit="Ask for approval",
        close="Cancel",
        metadata=metadata,
    )


def pick_post(
    verb: str, posts: Sequence[Option] = (), *, requested: bool = False, metadata: str = ""
) -> View:
    """A verb without its post: choose one. With no options given they are asked for while typing.

    `requested`: only posts whose request is open.
    """
    label = "Choose a post"
    name = ids.Action.REQUEST if requested else ids.Action.POST
    menu = (
        inputs.select(name, posts, placeholder=label)
        if posts
        else inputs.suggested_one(name, placeholder=label)
    )
    title = _PICKING.get(verb, f"{verb.capitalize()} a post")
    return window(
        ids.Callback.PICK_POST,
        title,
        [field("Post", menu, hint="" if posts or requested else _OLDER)],
        submit="Continue",
        close="Cancel",
        metadata=metadata,
    )


def post_option(post: Post) -> Option:
    """A post as an entry of a menu."""
    return Option(post.body.strip() or post.id, post.id, hint=f"{post.status} {post.id}")


def request_option(request: Approval) -> Option:
    """The post of a request as an entry of a menu."""
    what = request.content.body.strip() or request.post_id
    return Option(what, request.post_id, hint=f"{request.state.replace('_', ' ')} {request.post_id}")


def compose(*, prompt: str = "", tone: str = "", metadata: str = "") -> View:
    """What should the assistant write?"""
    what = inputs.text(
        ids.Action.PROMPT, initial=prompt, multiline=True, placeholder="Our spring sale starts on Friday"
    )
    tones = inputs.select(ids.Action.TONE, tone_options(tone), initial=tone, placeholder="Tone")
    own = field("Or a tone in your own words", own_tone(), optional=True)
    blocks = [field("What is it about?", what), field("Tone", tones, optional=True), own]
    return window(
        ids.Callback.COMPOSE, "Compose", blocks, submit="Compose", close="Cancel", metadata=metadata
    )


def notice(title: str, told: Message) -> View:
    """A message in a modal."""
    return window(ids.Callback.NOTICE, title, told.blocks)


def uploading(title: str, name: str, *, number: int, of: int) -> View:
    """Shown while files go to SocialCRM, one after the other."""
    return working(title, f"Uploading {number} of {of}: {line(name, 200)}…")


def working(title: str, told: str, *, metadata: str = "") -> View:
    """Shown while something takes a moment: "Saving…"."""
    return window(ids.Callback.NOTICE, title, [section(f"⏳ {told}")], metadata=metadata)
