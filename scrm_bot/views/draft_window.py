"""The modal of a post: its text with the assistant, and where and when it goes."""

from dataclasses import dataclass

from scrm_bot.domain.insights import Account
from scrm_bot.domain.posts import Post
from scrm_bot.domain.versions import Versions
from scrm_bot.views import ids, inputs, networks
from scrm_bot.views.blocks import Block, Option, View, actions, body, button, context, section, size
from scrm_bot.views.inputs import dispatching, field
from scrm_bot.views.tones import OWN, own_tone, tone_options
from scrm_bot.views.windows import problem, which, window
from scrm_bot.views.words import plural

SAVE = "save"  # values of "Then"
ASK = "ask"
_FIELDS = frozenset({"text", "accounts", "when", "media"})  # beside which a problem can stand
_NO_VERSIONS = Versions()
_FEWEST_VERSIONS = 2
_VOIDS = (
    "⚠️ A request for approval of this post is running. Saving a change makes it void, and approval has to "
    "be asked for again."
)


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
        [which(post.id), *_form(form)],
        submit=submit,
        close="Cancel",
        metadata=metadata,
    )


def _form(form: DraftForm) -> list[Block]:
    note = inputs.text(ids.Action.NOTE, initial=form.note, multiline=True)
    when = inputs.text(ids.Action.WHEN, initial=form.when, placeholder="tomorrow 09:00")
    chosen = [networks.choice(account) for account in form.accounts]
    accounts = inputs.suggested(ids.Action.ACCOUNTS, initial=chosen, placeholder="Where should it go?")
    attached = f"{form.media} attached already. " if form.media else ""
    return [
        *(problem(form.problem) if form.problem_at not in _FIELDS else []),
        *([section(_VOIDS)] if form.voids else []),
        *_text(form),
        *_beside(form, "text"),
        *_versions(form),
        *_assistant(form),
        *_counts(form),
        field("Accounts", accounts, optional=True),
        *_beside(form, "accounts"),
        field("When", when, optional=True, hint=inputs.time_hint(form.zone)),
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
    return problem(form.problem) if form.problem_at == name else []


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
        [field("Tone in your own words", own_tone(form.own_tone), optional=True)] if form.tone == OWN else []
    )
    return [row, *own, *([context(form.voice)] if form.voice else [])]


def _counts(form: DraftForm) -> list[Block]:
    if not form.accounts or not form.text:
        return []
    counted = [networks.counted(form.text, account) for account in form.accounts[:8]]
    return [context(f"{' · '.join(counted)}")]


def _then(chosen: str) -> Block:
    entries = [Option("Save draft", SAVE), Option("Ask for approval", ASK)]
    return inputs.radio(ids.Action.THEN, entries, initial=chosen if chosen == ASK else SAVE)
