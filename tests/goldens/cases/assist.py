"""The assistant's answers."""

from dataclasses import replace

from scrm_bot.domain.insights import Idea
from scrm_bot.views import assist
from scrm_bot.views.assist import Beside, Suggestion
from tests.builders import accounts
from tests.goldens import Cases

REWRITTEN = Suggestion("rewrite", "buy now", "Grab yours today, we would love to have you.", "friendly")
PARTS = ("It started with a bag of beans.", "Then the first shop opened.", "Tomorrow there are ten.")
THREAD = Suggestion("thread", "Our story.", assist.threaded(PARTS), parts=PARTS)
OPTIMISED = Suggestion(
    "optimise", "We are open", "We're open: come by before noon!", hints=("Say when", "Ask for something")
)
TAGS = ["coffee", "#launch", "coffee", "#"]
TAGGED = Suggestion(
    "hashtags",
    "Fresh #Coffee",
    assist.tagged("Fresh #Coffee", TAGS),
    hints=assist.fresh_tags("Fresh #Coffee", [*TAGS, "monday mood"]),
)
VOICE = "Your brand's voice: Warm, Plain"
BESIDE = Beside(accounts(), VOICE)
TOO_LONG = ("n" * 290, "word " * 500)
PROBLEM = "The plan's quota for AI rewriting is used up."
MANY_PARTS = tuple(f"Part {n}" for n in range(12))

CASES: Cases = {
    "assist.answer.rewrite": assist.answer(REWRITTEN, key="kept:1"),
    "assist.answer.rewrite_of_a_post": assist.answer(REWRITTEN, key="kept:1", post_id="post_123"),
    "assist.answer.optimise": assist.answer(OPTIMISED, key="kept:2"),
    "assist.answer.thread": assist.answer(THREAD, key="kept:3"),
    "assist.answer.unheard_of": assist.answer(Suggestion("sing", "la", "la la"), key="kept:4"),
    "assist.answer.beside": assist.answer(REWRITTEN, key="kept:1", beside=BESIDE),
    "assist.answer.hashtags": assist.answer(TAGGED, key="kept:5", post_id="post_123", beside=BESIDE),
    "assist.answer.thread_too_long": assist.answer(
        replace(THREAD, text=assist.threaded(TOO_LONG), parts=TOO_LONG), key="kept:3", beside=BESIDE
    ),
    "assist.kept_mine": assist.kept_mine("buy now & smile"),
    "assist.kept_mine.in_a_post": assist.kept_mine("buy now", post_id="post_123"),
    "assist.ideas": assist.ideas(
        [Idea("Behind the bar", "Show a morning."), Idea(""), Idea("", "Only a text.")],
        topic="coffee",
        key="kept:6",
    ),
    "assist.ideas.none": assist.ideas([], key="kept:6"),
    "assist.answer_window.rewrite": assist.answer_window(REWRITTEN, metadata='{"id":"m1"}'),
    "assist.answer_window.beside": assist.answer_window(REWRITTEN, beside=BESIDE),
    "assist.answer_window.compose": assist.answer_window(
        Suggestion("compose", "", "Spring is here.", "witty")
    ),
    "assist.answer_window.optimise": assist.answer_window(OPTIMISED),
    "assist.answer_window.hashtags": assist.answer_window(TAGGED),
    "assist.answer_window.thread": assist.answer_window(THREAD),
    "assist.answer_window.long_thread": assist.answer_window(
        replace(THREAD, text=assist.threaded(MANY_PARTS), parts=MANY_PARTS)
    ),
    "assist.answer_window.long": assist.answer_window(replace(REWRITTEN, text="word " * 400)),
    "assist.answer_window.does_not_fit": assist.answer_window(replace(REWRITTEN, text="word " * 700)),
    "assist.working_window": assist.working_window("rewrite", "buy now", metadata='{"id":"m1"}'),
    "assist.working_window.unheard_of": assist.working_window("sing", ""),
    "assist.failed_window": assist.failed_window("rewrite", "buy now", problem=PROBLEM, tone="friendly"),
}
