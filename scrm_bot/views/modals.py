"""The modals people fill: connecting, drafting, scheduling, and saying why."""

from collections.abc import Sequence
from dataclasses import dataclass

from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.insights import Account
from scrm_bot.domain.posts import Post
from scrm_bot.domain.versions import Versions
from scrm_bot.views import approvals, ids, inputs, networks
from scrm_bot.views.blocks import (
    Block,
    Message,
    Option,
    View,
    actions,
    body,
    button,
    code,
    context,
    escape,
    line,
    section,
    size,
)
from scrm_bot.views.inputs import dispatching, field
from scrm_bot.views.tones import OWN, tone_options
from scrm_bot.views.windows import window
from scrm_bot.views.words import plural

SAVE = "save"  # values of "Then"
ASK = "ask"
_FIELDS = frozenset({"text", "accounts", "when", "media"})  # beside which a problem can stand
_NO_VERSIONS = Versions()
_FEWEST_VERSIONS = 2
_PICKING = {
    "attach": "Attach media to a post",
    "changes": "Request changes",
    "hold": "Put on hold",
    "reassign": "Hand over a request",
    "stats": "Stats of a post",
    "withdraw": "Withdraw a request",
}
_VOIDS = (
    "⚠️ A request for approval of this post is running. Saving a change makes it void, and approval has to "
    "be asked for again."
)
_OLDER = "These are the 50 newest. An older one comes up when you type its whole id, or paste its link."
TIMES = "now, in 2h30m, tomorrow 09:00, fri 5pm, or a date: 2030-12-01 09:00"


@dataclass(frozen=True, slots=True)
class DraftForm:
    """What the draft modal shows.

    `revision` counts the texts put in by the bot, so that the field shows them. `problem` is a sentence in
    Slack's markup, `problem_at` the field it is about (text, accounts, when, media), else it stands on top;
    `zone` is said where a time is asked for; `media` is how many files the post has; `also` are files that
    came along, such as a message's, and `ticked` those of them to attach. `versions` are the texts so far,
    `voice` a line about the brand's voice; `voids`: saving a change ends the post's request.
    """

    text: str = ""
    revision: int = 0
    accounts: tuple[Account, ...] = ()
    when: str = ""
    note: str = ""
    tone: str = ""
    own_tone: str = ""
    then: str = SAVE
    problem: str = ""
    problem_at: str = ""
    zone: str = ""
    media: int = 0
    also: tuple[Option, ...] = ()
    ticked: tuple[str, ...] = ()
    versions: Versions = _NO_VERSIONS
    voice: str = ""
    voids: bool = False


def text_block_id(revision: int) -> str:
    """The block of "Text": a new one for each text put in by the bot, else Slack keeps what was typed."""
    return f"{ids.Action.TEXT}:{revision}"


def draft(form: DraftForm, *, metadata: str = "") -> View:
    """A new post."""
    submit = "Ask for approval" if form.then == ASK else "Save draft"
    return window(
        ids.Callback.DRAFT, "New social post", _form(form), submit=submit, close="Cancel", metadata=metadata
    )


def edit(post: Post, form: DraftForm, *, metadata: str = "") -> View:
    """A post that is there already. A text too long for a field is shown, and stays as it is."""
    submit = "Ask for approval" if form.then == ASK else "Save"
    title = "Edit post"
    return window(
        ids.Callback.EDIT,
        title,
        [_which(post), *_form(form)],
        submit=submit,
        close="Cancel",
        metadata=metadata,
    )


def attach(post: Post, *, metadata: str = "") -> View:
    media = field("Media", inputs.files(ids.Action.MEDIA), hint="Images and videos, up to 10 MB each.")
    excerpt = section(escape(post.body, 600).strip() or "_No text yet._")
    return window(
        ids.Callback.ATTACH,
        "Attach media",
        [_which(post), excerpt, media],
        submit="Attach",
        close="Cancel",
        metadata=metadata,
    )


def schedule(post: Post, *, zone: str, when: str = "", problem: str = "", metadata: str = "") -> View:
    """A post without its time."""
    excerpt = section(escape(post.body, 600).strip() or "_No text yet._")
    at = field(
        "When",
        inputs.text(ids.Action.WHEN, initial=when, placeholder="tomorrow 09:00"),
        hint=_time_hint(zone),
    )
    note = field(
        "Note", inputs.text(ids.Action.NOTE, multiline=True), optional=True, hint="For the approver."
    )
    blocks = [*_problem(problem), _which(post), excerpt, at, note]
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
    own = field("Or a tone in your own words", _own_tone(), optional=True)
    blocks = [field("What is it about?", what), field("Tone", tones, optional=True), own]
    return window(
        ids.Callback.COMPOSE, "Compose", blocks, submit="Compose", close="Cancel", metadata=metadata
    )


def reject(approval: Approval, *, metadata: str = "") -> View:
    """Why not? Said to the author."""
    return _reason(ids.Callback.REJECT, "Reject", approval, metadata, optional=True)


def request_changes(approval: Approval, *, metadata: str = "") -> View:
    """What should be different? Needed: a request for changes without them helps nobody."""
    return _reason(ids.Callback.CHANGES, "Request changes", approval, metadata, optional=False)


def reassign(approval: Approval, *, metadata: str = "") -> View:
    """Who should decide instead?"""
    excerpt = section(escape(approval.content.body, 600).strip() or "_No text yet._")
    person = field(
        "Hand it to", inputs.person(ids.Action.PERSON, placeholder="Choose a person"), hint="They are told."
    )
    return window(
        ids.Callback.REASSIGN,
        "Reassign",
        [_which_id(approval.post_id), excerpt, person],
        submit="Reassign",
        close="Back",
        metadata=metadata,
    )


def history(approval: Approval) -> View:
    """Everything people did to a request."""
    lines = approvals.history(approval)
    shown = [section(told) for told in lines[-90:]]
    return window(ids.Callback.NOTICE, "History", [_which_id(approval.post_id), *shown])


def notice(title: str, told: Message) -> View:
    """A message in a modal."""
    return window(ids.Callback.NOTICE, title, told.blocks)


def uploading(title: str, name: str, *, number: int, of: int) -> View:
    """Shown while files go to SocialCRM, one after the other."""
    return working(title, f"Uploading {number} of {of}: {line(name, 200)}…")


def working(title: str, told: str, *, metadata: str = "") -> View:
    """Shown while something takes a moment: "Saving…"."""
    return window(ids.Callback.NOTICE, title, [section(f"⏳ {told}")], metadata=metadata)


def _form(form: DraftForm) -> list[Block]:
    note = inputs.text(ids.Action.NOTE, initial=form.note, multiline=True)
    when = inputs.text(ids.Action.WHEN, initial=form.when, placeholder="tomorrow 09:00")
    chosen = [networks.choice(account) for account in form.accounts]
    accounts = inputs.suggested(ids.Action.ACCOUNTS, initial=chosen, placeholder="Where should it go?")
    attached = f"{form.media} attached already. " if form.media else ""
    return [
        *(_problem(form.problem) if form.problem_at not in _FIELDS else []),
        *([section(_VOIDS)] if form.voids else []),
        *_text(form),
        *_beside(form, "text"),
        *_versions(form),
        *_assistant(form),
        *_counts(form),
        field("Accounts", accounts, optional=True),
        *_beside(form, "accounts"),
        field("When", when, optional=True, hint=_time_hint(form.zone)),
        *_beside(form, "when"),
        field("Note", note, optional=True, hint="For the approver."),
        field(
            "Media",
            inputs.files(ids.Action.MEDIA),
            optional=True,
            hint=f"{attached}Images and videos, up to 10 MB each.",
        ),
        *_beside(form, "media"),
        *_also(form),
        dispatching(field("Then", _then(form.then))),
    ]


def _beside(form: DraftForm, name: str) -> list[Block]:
    """What is wrong with this very field."""
    return _problem(form.problem) if form.problem_at == name else []


def _also(form: DraftForm) -> list[Block]:
    if not form.also:
        return []
    boxes = inputs.checkboxes(ids.Action.ALSO, form.also, ticked=form.ticked)
    return [field("Also attach", boxes, optional=True, hint="Untick what should stay out.")]


def _text(form: DraftForm) -> list[Block]:
    if not inputs.fits(form.text):
        much = f"{size(form.text):,} characters: more than the 3,000 that Slack's fields hold."
        return [section(f"*Text*\n{much} It stays as it is."), *body(form.text, most=6000)]
    element = inputs.text(
        ids.Action.TEXT, initial=form.text, multiline=True, placeholder="What do you want to say?"
    )
    hint = "Leave it empty for a post of pictures alone."
    return [field("Text", element, optional=True, hint=hint, block_id=text_block_id(form.revision))]


def _versions(form: DraftForm) -> list[Block]:
    """The former texts; another block for each revision, so that the menu shows which one is in the field."""
    texts, at = form.versions.texts, form.versions.at
    if len(texts) < _FEWEST_VERSIONS:
        return []
    entries = [
        Option(f"{number}. {text.strip()}", str(number), hint=plural(len(text), "character"))
        for number, text in enumerate(texts, 1)
    ]
    back = button("Back", ids.Action.BACK, says="Back to the text before this one")
    menu = inputs.select(ids.Action.VERSIONS, entries, initial=str(at + 1), placeholder="Versions")
    row = actions(*([back] if at else []), menu, block_id=f"{ids.Action.VERSIONS}:{form.revision}")
    return [context(f"Version {at + 1} of {len(texts)}. The others stay here until you save."), row]


def _assistant(form: DraftForm) -> list[Block]:
    entries = tone_options(form.tone, own=True)
    tones = inputs.select(ids.Action.TONE, entries, initial=form.tone, placeholder="Tone")
    row = actions(
        button("Rewrite", ids.Action.REWRITE),
        tones,
        button("Optimise", ids.Action.OPTIMISE),
        button("Hashtags", ids.Action.HASHTAGS),
        button("Thread", ids.Action.THREAD),
        block_id="assistant",
    )
    own = (
        [field("Tone in your own words", _own_tone(form.own_tone), optional=True)] if form.tone == OWN else []
    )
    return [row, *own, *([context(form.voice)] if form.voice else [])]


def _own_tone(typed: str = "") -> Block:
    return inputs.text(ids.Action.OWN_TONE, initial=typed, placeholder="drier, with a wink")


def _counts(form: DraftForm) -> list[Block]:
    if not form.accounts or not form.text:
        return []
    counted = [networks.counted(form.text, account) for account in form.accounts[:8]]
    return [context(f"{' · '.join(counted)}")]


def _then(chosen: str) -> Block:
    entries = [Option("Save draft", SAVE), Option("Ask for approval", ASK)]
    return inputs.radio(ids.Action.THEN, entries, initial=chosen if chosen == ASK else SAVE)


def _time_hint(zone: str) -> str:
    where = f" Times are in {zone} unless you name another zone." if zone else ""
    return f"Such as {TIMES}.{where}"


def _problem(told: str) -> list[Block]:
    return [section(f"⚠️ {told}")] if told else []


def _which(post: Post) -> Block:
    return _which_id(post.id)


def _which_id(post_id: str) -> Block:
    return context(code(post_id))


def _reason(callback: str, title: str, approval: Approval, metadata: str, *, optional: bool) -> View:
    hint = "The author reads this." + (" You may leave it empty." if optional else "")
    reason = field("Reason", inputs.text(ids.Action.REASON, multiline=True), optional=optional, hint=hint)
    excerpt = section(escape(approval.content.body, 600).strip() or "_No text yet._")
    return window(callback, title, [excerpt, reason], submit=title, close="Back", metadata=metadata)
