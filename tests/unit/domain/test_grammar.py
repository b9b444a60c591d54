import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrm_bot.domain.grammar import (
    SWITCHES,
    WITH_VALUE,
    Line,
    channel_id,
    mask_keys,
    nearest,
    parse,
    plain,
    stray_flag,
    user_id,
)

KEY = "sk_live_" + "a1B2" * 6
VERBS = ("draft", "compose", "rewrite", "optimise", "approve", "approvals", "publish", "schedule", "posts")

# what people type, and the verb, argument and flags it means
TYPED: list[tuple[str, str, str, dict[str, str]]] = [
    ("", "", "", {}),
    ("   ", "", "", {}),
    ("draft", "draft", "", {}),
    ("  draft  ", "draft", "", {}),
    ("DRAFT", "draft", "", {}),
    ("Help", "help", "", {}),
    ("help?", "help", "", {}),
    ("help draft", "help", "draft", {}),
    ("draft: Launch day", "draft", "Launch day", {}),
    ("?", "?", "", {}),
    ("draft Launch day is here.", "draft", "Launch day is here.", {}),
    ("draft  two  spaces", "draft", "two  spaces", {}),
    ("draft\nLine one\n\nLine two", "draft", "Line one\n\nLine two", {}),
    ("draft Über uns: 日本語 🎉", "draft", "Über uns: 日本語 🎉", {}),
    ("draft Go to Berlin at nine", "draft", "Go to Berlin at nine", {}),
    ("draft it's ours, isn't it", "draft", "it's ours, isn't it", {}),
    ("draft hi --to acct_1", "draft", "hi", {"to": "acct_1"}),
    ("draft --to acct_1 hi there", "draft", "hi there", {"to": "acct_1"}),
    ("draft hi --to a,b", "draft", "hi", {"to": "a,b"}),
    ("draft hi --to a, b", "draft", "hi", {"to": "a, b"}),
    ("draft --to a , b hi", "draft", "hi", {"to": "a , b"}),
    ("draft --to a ,b hi", "draft", "hi", {"to": "a ,b"}),
    ('draft --to "a b" hi', "draft", "hi", {"to": "a b"}),
    ("draft --to 'a b' hi", "draft", "hi", {"to": "a b"}),
    ("draft --to=a,b hi", "draft", "hi", {"to": "a,b"}),
    ("draft --to= a hi", "draft", "hi", {"to": "a"}),
    ('draft --note="a b" hi', "draft", "hi", {"note": "a b"}),
    ("draft hi --to @acme", "draft", "hi", {"to": "@acme"}),
    ("draft hi --to all", "draft", "hi", {"to": "all"}),
    ("draft hi --TO Linkedin", "draft", "hi", {"to": "Linkedin"}),
    ("draft hi --to a --to b", "draft", "hi", {"to": "a,b"}),
    ("draft hi --to", "draft", "hi", {"to": ""}),
    ("draft hi --to --share", "draft", "hi", {"to": "", "share": ""}),
    ("draft hi \u2014to a", "draft", "hi", {"to": "a"}),
    ("draft hi \u2013to a", "draft", "hi", {"to": "a"}),
    ("draft hi \u2014dry-run", "draft", "hi", {"dry-run": ""}),
    ("draft hi \u2014 there", "draft", "hi \u2014 there", {}),
    ("draft hi \u2014there", "draft", "hi \u2014there", {}),
    ("draft hi -to a", "draft", "hi -to a", {}),
    ("draft hi --at now", "draft", "hi", {"at": "now"}),
    ("draft hi --at tomorrow 09:00", "draft", "hi", {"at": "tomorrow 09:00"}),
    ("draft --at tomorrow 09:00 hi there", "draft", "hi there", {"at": "tomorrow 09:00"}),
    ("draft --at tomorrow 9 am hi", "draft", "hi", {"at": "tomorrow 9 am"}),
    ("draft --at tomorrow at 9am hi", "draft", "hi", {"at": "tomorrow at 9am"}),
    ("draft --at 17:00 New York hi", "draft", "hi", {"at": "17:00 New York"}),
    ("draft --at 17:00 Christmas is near", "draft", "Christmas is near", {"at": "17:00"}),
    ("draft --at 2026-12-01 09:00 Europe/Berlin hi", "draft", "hi", {"at": "2026-12-01 09:00 Europe/Berlin"}),
    ("draft --at 2026-12-01T09:00:00Z hi", "draft", "hi", {"at": "2026-12-01T09:00:00Z"}),
    ("draft --at in 2h30m hi", "draft", "hi", {"at": "in 2h30m"}),
    ("draft --at in 2 hours hi", "draft", "hi", {"at": "in 2 hours"}),
    ("draft --at tomorow 09:00 hi", "draft", "09:00 hi", {"at": "tomorow"}),
    ('draft --at "fri 5pm" hi', "draft", "hi", {"at": "fri 5pm"}),
    ("draft --at fri 5pm --to a hi", "draft", "hi", {"at": "fri 5pm", "to": "a"}),
    ("draft --at hi", "draft", "", {"at": "hi"}),
    ("draft hi --at mon 09:00 --at 10:00", "draft", "hi", {"at": "mon 09:00 10:00"}),
    ("draft hi --note check the price", "draft", "hi", {"note": "check the price"}),
    ("draft hi --note check --to a", "draft", "hi", {"note": "check", "to": "a"}),
    ('draft hi --note "check the price" more', "draft", "hi more", {"note": "check the price"}),
    (
        "draft hi --note \u201ccheck the price\u201d more",
        "draft",
        "hi more",
        {"note": "check the price"},
    ),
    ("draft hi --note \u201echeck it\u201c more", "draft", "hi more", {"note": "check it"}),
    ("draft hi --note \u00abcheck it\u00bb more", "draft", "hi more", {"note": "check it"}),
    ("draft hi --note \u2018check it\u2019 more", "draft", "hi more", {"note": "check it"}),
    ("draft hi --note 'it's fine' more", "draft", "hi more", {"note": "it's fine"}),
    ("draft hi --note it's fine", "draft", "hi", {"note": "it's fine"}),
    ('draft hi --note ""', "draft", "hi", {"note": ""}),
    ('draft hi --note say "use --to now" please', "draft", "hi", {"note": 'say "use --to now" please'}),
    ("draft hi --note a --note b", "draft", "hi", {"note": "a b"}),
    ("draft hi --note 5 > 3 -- x", "draft", "hi x", {"note": "5 > 3"}),
    ("rewrite --tone friendly buy now", "rewrite", "buy now", {"tone": "friendly"}),
    ("rewrite buy now --tone friendly", "rewrite", "buy now", {"tone": "friendly"}),
    ("rewrite buy now --tone more formal", "rewrite", "buy now", {"tone": "more formal"}),
    ("rewrite post_1 --tone a bit drier --share", "rewrite", "post_1", {"tone": "a bit drier", "share": ""}),
    ("rewrite --share --tone dry buy now", "rewrite", "buy now", {"tone": "dry", "share": ""}),
    ('compose --tone "more formal" launch', "compose", "launch", {"tone": "more formal"}),
    ("stats --brand acme", "stats", "", {"brand": "acme"}),
    ('stats --brand "Acme Inc" post_1', "stats", "post_1", {"brand": "Acme Inc"}),
    ("--brand acme stats", "stats", "", {"brand": "acme"}),
    ("stats --share", "stats", "", {"share": ""}),
    ("--share stats", "stats", "", {"share": ""}),
    ("stats --share post_1", "stats", "post_1", {"share": ""}),
    ("stats --share --share", "stats", "", {"share": ""}),
    ("stats --share=yes", "stats", "--share=yes", {}),
    ("audit 7d --csv", "audit", "7d", {"csv": ""}),
    ("publish last --dry-run", "publish", "last", {"dry-run": ""}),
    ("publish last --Dry-Run", "publish", "last", {"dry-run": ""}),
    ("draft We ship --fast", "draft", "We ship --fast", {}),
    ("draft use --verbose=2 here", "draft", "use --verbose=2 here", {}),
    ("draft --", "draft", "", {}),
    ("draft -- --to is a flag", "draft", "--to is a flag", {}),
    ("draft hi --to a -- then --share and -- more", "draft", "hi then --share and -- more", {"to": "a"}),
    ("draft --to -- a", "draft", "a", {"to": ""}),
    ("draft a---b --- c", "draft", "a---b --- c", {}),
    ('draft He said "use --to acme" twice', "draft", 'He said "use --to acme" twice', {}),
    ("draft \u201cuse --to acme\u201d", "draft", "\u201cuse --to acme\u201d", {}),
    ('draft a 5" screen --to b', "draft", 'a 5" screen', {"to": "b"}),
    ('draft "unfinished --to b', "draft", '"unfinished', {"to": "b"}),
    ('draft "unfinished --to b --note "please"', "draft", '"unfinished', {"to": "b", "note": "please"}),
    ("draft one\n--to a\ntwo", "draft", "one\ntwo", {"to": "a"}),
    ("draft one\n\n--to a\ntwo", "draft", "one\n\ntwo", {"to": "a"}),
    ("draft one --to a\n\ntwo", "draft", "one\n\ntwo", {"to": "a"}),
    ("draft one   --to a   two", "draft", "one two", {"to": "a"}),
    ("schedule last tomorrow 09:00", "schedule", "last tomorrow 09:00", {}),
    ("schedule 3 in 2h30m --note fine --dry-run", "schedule", "3 in 2h30m", {"note": "fine", "dry-run": ""}),
    ("reject post_1 too long, sorry", "reject", "post_1 too long, sorry", {}),
    ("digest on <#C1|social> 09:00", "digest", "on <#C1|social> 09:00", {}),
    ("reassign last <@U1|ana>", "reassign", "last <@U1|ana>", {}),
    ("api GET /v1/posts", "api", "GET /v1/posts", {}),
    ("my payload here", "my", "payload here", {}),
    ("draft payload={}", "draft", "payload={}", {}),
    # as people type in a hurry, on phones, and in other tongues
    ("Draft: we're back!", "draft", "we're back!", {}),
    ("draft, please: hi", "draft", "please: hi", {}),
    ("approve.", "approve", "", {}),
    ("approve!", "approve", "", {}),
    ("approve last \U0001f44d", "approve", "last \U0001f44d", {}),
    ("approve #3", "approve", "#3", {}),
    ("approve `post_123`", "approve", "`post_123`", {}),
    ("reject 2 \u2014 too long", "reject", "2 \u2014 too long", {}),
    ("reject 2 - too long", "reject", "2 - too long", {}),
    ("changes last please mention the date", "changes", "last please mention the date", {}),
    ("hold 4 until legal has looked", "hold", "4 until legal has looked", {}),
    ("withdraw last wrong picture", "withdraw", "last wrong picture", {}),
    ("publish last --note \u201cready\u201d", "publish", "last", {"note": "ready"}),
    ("publish last \u2014dry-run", "publish", "last", {"dry-run": ""}),
    ("publish last \u2013\u2013dry-run", "publish", "last \u2013\u2013dry-run", {}),
    ("schedule last fri 5pm", "schedule", "last fri 5pm", {}),
    ("schedule 2 17:30 Berlin", "schedule", "2 17:30 Berlin", {}),
    ("schedule last now", "schedule", "last now", {}),
    ("Schedule post_9 mon 9:00 --note check first", "schedule", "post_9 mon 9:00", {"note": "check first"}),
    ("posts scheduled mine", "posts", "scheduled mine", {}),
    ("posts @acme failed", "posts", "@acme failed", {}),
    ("POSTS Drafts", "posts", "Drafts", {}),
    ("calendar week", "calendar", "week", {}),
    ("stats instagram --share", "stats", "instagram", {"share": ""}),
    ("stats \u2014share last", "stats", "last", {"share": ""}),
    ("trending --share", "trending", "", {"share": ""}),
    ("ideas", "ideas", "", {}),
    ("ideas mother's day", "ideas", "mother's day", {}),
    ("hashtags coffee & cake", "hashtags", "coffee & cake", {}),
    (
        "thread Why we roast on Mondays:\n1. fresh\n2. calm",
        "thread",
        "Why we roast on Mondays:\n1. fresh\n2. calm",
        {},
    ),
    ("compose something nice --tone like a friend", "compose", "something nice", {"tone": "like a friend"}),
    (
        "compose --tone playful --share spring sale",
        "compose",
        "spring sale",
        {"tone": "playful", "share": ""},
    ),
    ("rewrite \u201cBuy now\u201d --tone dry", "rewrite", "\u201cBuy now\u201d", {"tone": "dry"}),
    ("rewrite last \u2014tone \u201ca bit warmer\u201d", "rewrite", "last", {"tone": "a bit warmer"}),
    ("optimize 1", "optimize", "1", {}),
    ("digest mute 3d", "digest", "mute 3d", {}),
    ("digest on <#C1|social> 9am weekdays", "digest", "on <#C1|social> 9am weekdays", {}),
    ("pause fire alarm", "pause", "fire alarm", {}),
    ("audit <@U1|ana> --csv", "audit", "<@U1|ana>", {"csv": ""}),
    ("draft \u0645\u0631\u062d\u0628\u0627 --to x", "draft", "\u0645\u0631\u062d\u0628\u0627", {"to": "x"}),
    ("draft \u00a1Hola! --at ma\u00f1ana", "draft", "\u00a1Hola!", {"at": "ma\u00f1ana"}),
    ("draft 50% off -- today --only", "draft", "50% off today --only", {}),
    (
        "draft Save $5 --to instagram,linkedin --at sat 10:00 --note \u201cLast weekend\u201d",
        "draft",
        "Save $5",
        {"to": "instagram,linkedin", "at": "sat 10:00", "note": "Last weekend"},
    ),
    ("draft\u00a0hi --to a", "draft", "hi", {"to": "a"}),
    ("draft\thi", "draft", "hi", {}),
    ("our spring sale starts on Friday", "our", "spring sale starts on Friday", {}),
    ("can you post this? --share", "can", "you post this?", {"share": ""}),
    # a WHEN behind a text: what is not understood is asked about, and not published
    (
        "draft Launch day --at tomorrow 9am CEST --to instagram",
        "draft",
        "Launch day",
        {"at": "tomorrow 9am CEST", "to": "instagram"},
    ),
    ("draft Launch --at tomorrow 9am Come and see", "draft", "Launch", {"at": "tomorrow 9am Come and see"}),
    ("draft Launch --at tomorow 09:00 hi", "draft", "Launch", {"at": "tomorow 09:00 hi"}),
    ("draft --share Hi --at 9am x", "draft", "Hi", {"share": "", "at": "9am x"}),
    ("--brand acme draft Hi --at 9am x", "draft", "Hi", {"brand": "acme", "at": "9am x"}),
    ("schedule last --at 9am tomorrow", "schedule", "last", {"at": "9am tomorrow"}),
    ("draft hi --at tomorrow 9am -- and more", "draft", "hi and more", {"at": "tomorrow 9am"}),
    ('draft Hi --at "fri 5pm" and more', "draft", "Hi and more", {"at": "fri 5pm"}),
    # before a text: the longest that is understood
    ("draft --at tomorrow 9am Launch day", "draft", "Launch day", {"at": "tomorrow 9am"}),
    ("draft --at tomorrow 9am, we open", "draft", "we open", {"at": "tomorrow 9am,"}),
    ("draft --at 9am on friday we open", "draft", "we open", {"at": "9am on friday"}),
    ("draft --at 9am in Berlin we open", "draft", "we open", {"at": "9am in Berlin"}),
    ("draft --at 9am EST we open", "draft", "we open", {"at": "9am EST"}),
    ("draft --at 9am wet weather ahead", "draft", "wet weather ahead", {"at": "9am"}),
    ("draft --at 9am est --to x", "draft", "", {"at": "9am est", "to": "x"}),
    ("draft --at in 3 days at 9am we open", "draft", "we open", {"at": "in 3 days at 9am"}),
    (
        "draft --at Tue 1 Dec 2026, 09:00 Europe/Berlin Hello",
        "draft",
        "Hello",
        {"at": "Tue 1 Dec 2026, 09:00 Europe/Berlin"},
    ),
    ("--brand acme draft --at 9am hi", "draft", "hi", {"brand": "acme", "at": "9am"}),
    # it never crosses a line break
    ("draft --at fri 5pm\nParis is calling", "draft", "Paris is calling", {"at": "fri 5pm"}),
    ("draft Hi\n--at fri 5pm\nParis is calling", "draft", "Hi\nParis is calling", {"at": "fri 5pm"}),
    ("draft Hi --at tomorrow 9am\nCome and see", "draft", "Hi\nCome and see", {"at": "tomorrow 9am"}),
    ("draft Hi --at\nfri 5pm\nCome", "draft", "Hi\nCome", {"at": "fri 5pm"}),
    # two dashes: the end of the flags where there are any, else a dash
    ("draft We are back -- and better", "draft", "We are back -- and better", {}),
    ("draft One -- two -- three", "draft", "One -- two -- three", {}),
    ("We are back -- and better", "we", "are back -- and better", {}),
    ("draft --share We -- us", "draft", "We -- us", {"share": ""}),
    ("draft --share -- We -- us", "draft", "We -- us", {"share": ""}),
    ("draft We are back -- use --share", "draft", "We are back use --share", {}),
    ("draft We are back -- use --verbose.", "draft", "We are back use --verbose.", {}),
    ("draft We are back -- use \u2014to", "draft", "We are back use \u2014to", {}),
    ("draft We are back -- better \u2014so", "draft", "We are back -- better \u2014so", {}),
    ('draft We are back -- "use --to"', "draft", 'We are back -- "use --to"', {}),
    # a mark may follow what is quoted
    ('draft "Hello --to the world"!', "draft", '"Hello --to the world"!', {}),
    (
        "draft \u201cHello --to all\u201d, she said --to x",
        "draft",
        "\u201cHello --to all\u201d, she said",
        {"to": "x"},
    ),
    ('draft ("Hello --to the world").', "draft", '("Hello --to the world").', {}),
    ("draft \u201cHello --to all\u201d\u2026", "draft", "\u201cHello --to all\u201d\u2026", {}),
    ('draft "Hello --to all"s', "draft", '"Hello', {"to": "alls"}),
    ('draft hi --note "check it". --to a', "draft", "hi", {"note": "check it.", "to": "a"}),
    ('draft hi --note "check it", more', "draft", "hi more", {"note": "check it"}),
    ("draft hi --note \u2018check it\u2019! more", "draft", "hi more", {"note": "check it!"}),
    ('draft --tone "dry", hi', "draft", "hi", {"tone": "dry"}),
    ('draft --at "fri 5pm", hi', "draft", "hi", {"at": "fri 5pm"}),
    ('draft --to "a", "b" hi', "draft", "hi", {"to": "a, b"}),
    ("draft --to 'a', b hi", "draft", "hi", {"to": "a, b"}),
]


@pytest.mark.parametrize(("text", "verb", "argument", "flags"), TYPED, ids=[case[0] for case in TYPED])
def test_a_line_is_read_as_it_was_meant(text: str, verb: str, argument: str, flags: dict[str, str]) -> None:
    assert parse(text) == Line(verb, argument, flags)


def test_a_hundred_and_fifty_lines_are_pinned() -> None:
    assert len({case[0] for case in TYPED}) >= 150


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Our Spring sale", "Our Spring sale"),
        ("  Hey, you --share there", "Hey, you there"),
        ("Draft", "Draft"),
        ("", ""),
    ],
)
def test_a_line_that_is_free_text_is_kept_as_it_was_typed(text: str, words: str) -> None:
    assert parse(text).words == words


def test_a_line_made_without_typing_has_its_verb_for_words() -> None:
    assert Line("posts", "mine").words == "posts mine"


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("draft", ""),
        ("draft Launch day", "Launch day"),
        ("draft Launch -- day", "Launch -- day"),
        ("draft --at tomorow 09:00 hi", "--at tomorow 09:00 hi"),
        (" draft Launch  day\n--at 9am CEST --share ", "Launch  day\n--at 9am CEST --share"),
        ("--brand acme draft hi", "--brand acme draft hi"),
    ],
)
def test_what_is_given_back_is_what_was_typed(text: str, given: str) -> None:
    assert parse(text).given == given


def test_a_line_made_without_typing_gives_its_argument_back() -> None:
    assert Line("draft", "hi", {"to": "a"}).given == "hi"


def test_a_line_is_shared_only_when_it_says_so() -> None:
    assert parse("stats --share").shared
    assert not parse("stats").shared


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
pieces = st.one_of(
    words,
    st.sampled_from(sorted(f"--{name}" for name in SWITCHES | WITH_VALUE)),
    st.sampled_from(
        [
            *("--", "\u2014to", "--x", '"', '".', "\u201c", "\u201d", "\u201d,", "'", "=", "\n", "a,", ","),
            *("tomorrow 09:00", "9am CEST", "in 2h", "on fri", "1 Dec", "(Berlin)"),
        ]
    ),
)
typed = st.lists(pieces, max_size=12).map(" ".join)


def _letters(text: str) -> str:
    """What must not get lost: all but case, spaces, and the marks that the grammar itself uses."""
    return "".join(sorted(each for each in text.casefold() if each.isalnum()))


@given(typed)
def test_reading_never_fails_and_loses_no_word(text: str) -> None:
    line = parse(text)

    names = {name: text.casefold().count(name) for name in line.flags}
    found = _letters(line.verb + line.argument + "".join(line.flags.values()))
    missing = len(_letters(text)) - len(found)
    assert missing >= 0
    assert missing <= sum(len(_letters(name)) * count for name, count in names.items())


@given(
    st.text(max_size=60).filter(
        lambda text: "-" not in text and "\u2014" not in text and "\u2013" not in text
    )
)
def test_text_without_flags_is_kept_letter_for_letter(text: str) -> None:
    assert parse(f"draft {text}").argument == text.strip()


@given(st.text(max_size=60))
def test_after_two_dashes_everything_is_literal(text: str) -> None:
    assert parse(f"draft -- {text}") == Line("draft", text.strip())


@given(st.text(max_size=60))
def test_any_text_at_all_is_read(text: str) -> None:
    line = parse(text)

    assert line.verb == line.verb.casefold()
    assert line.argument == line.argument.strip()


@pytest.mark.parametrize(
    ("word", "verb"),
    [
        ("drat", "draft"),
        ("Drafts", "draft"),
        ("aprove", "approve"),
        ("aprovals", "approvals"),
        ("pubish", "publish"),
        ("shedule", "schedule"),
        ("optimize", "optimise"),
        ("xyzzy", None),
        ("", None),
    ],
)
def test_an_unknown_verb_gets_the_nearest_one(word: str, verb: str | None) -> None:
    assert nearest(word, VERBS) == verb


@pytest.mark.parametrize(
    ("argument", "found"),
    [
        ("hi --too instagram", ("--too", "--to")),
        ("hi --too=instagram", ("--too", "--to")),
        ("hi --Notes mind the pun", ("--Notes", "--note")),
        ("hi --sharee", ("--sharee", "--share")),
        ("hi --xyz there --too", ("--too", "--to")),
        ('hi "--too instagram" there', None),
        ("hi --xyz -- there -too — too", None),
        ("", None),
    ],
)
def test_what_may_have_been_a_flag_is_found(argument: str, found: tuple[str, str] | None) -> None:
    assert stray_flag(argument) == found


@pytest.mark.parametrize(
    ("escaped", "seen"),
    [
        ("nothing to do", "nothing to do"),
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("a &lt;b&gt; c", "a <b> c"),
        ("&amp;lt;", "&lt;"),
        ("&lt;@U1&gt;", "<@U1>"),
        ("hi <@U1|ana>", "hi @ana"),
        ("hi <@U1>", "hi @U1"),
        ("hi <@U1|@ana>", "hi @ana"),
        ("in <#C1|social>", "in #social"),
        ("in <#C1>", "in #C1"),
        ("in <#C1|>", "in #C1"),
        ("<https://x.org>", "https://x.org"),
        ("<https://x.org|https://x.org>", "https://x.org"),
        ("<https://x.org/|x.org>", "x.org"),
        ("<http://x.org|x.org>", "x.org"),
        ("<http://x.org/|https://x.org>", "https://x.org"),
        ("<https://acme.com/sale|sale>", "sale (https://acme.com/sale)"),
        ("<https://acme.com/sale/|acme.com/sale>", "acme.com/sale"),
        ("<https://acme.com|www.acme.com>", "www.acme.com (https://acme.com)"),
        ("<https://x.org/a|>", "https://x.org/a"),
        ("<mailto:ana@acme.com|acme.com>", "acme.com (ana@acme.com)"),
        ("<tel:+49301234|call us>", "call us (tel:+49301234)"),
        ("<slack://open>", "slack://open"),
        ("<https://x.org/a|read on>", "read on (https://x.org/a)"),
        ("<mailto:a@b.c|a@b.c>", "a@b.c"),
        ("<mailto:a@b.c>", "a@b.c"),
        ("<!here>", "@here"),
        ("<!channel>", "@channel"),
        ("<!subteam^S1|@team>", "@team"),
        ("<!subteam^S1>", "@subteam"),
        ("<!date^1^{date}|Monday>", "Monday"),
        ("<!date^1^{date} {time}^https://x.org|Monday, 9:00>", "Monday, 9:00"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("a <b> c", "a <b> c"),
        ("a </b> c", "a </b> c"),
        ("<b|c>", "<b|c>"),
        ("<br/> <!DOCTYPE html> <!-- x -->", "<br/> <!DOCTYPE html> <!-- x -->"),
        ("vector<int> and std::map<std::string>", "vector<int> and std::map<std::string>"),
        ("<3 <@ana> <#social> <@> <#>", "<3 <@ana> <#social> <@> <#>"),
        ("<https://x.org and more>", "<https://x.org and more>"),
        ("We launch :tada::rocket:", "We launch \U0001f389\U0001f680"),
        ("<https://x.org/a:tada:>:tada:", "https://x.org/a:tada:\U0001f389"),
        ("<https://x.org/:tada:|see :eyes:>", "see \U0001f440 (https://x.org/:tada:)"),
        ("hi <@U1|ana> :wave::skin-tone-3: &amp; :acme:", "hi @ana \U0001f44b\U0001f3fc & :acme:"),
    ],
)
def test_slacks_escapes_become_what_the_person_saw(escaped: str, seen: str) -> None:
    assert plain(escaped) == seen


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("<#C1|social>", "C1"),
        (" <#C0AB12CD3> ", "C0AB12CD3"),
        ("<#G1|>", "G1"),
        ("C0AB12CD3", "C0AB12CD3"),
        ("#social", None),
        ("CATALOG", None),
        ("<@U1|ana>", None),
        ("<#C1|social> 09:00", None),
        ("", None),
    ],
)
def test_a_channel_is_found_in_its_escape(text: str, channel: str | None) -> None:
    assert channel_id(text) == channel


@pytest.mark.parametrize(
    ("text", "user"),
    [
        ("<@U1|ana>", "U1"),
        ("<@W1>", "W1"),
        ("U0AB12CD3", "U0AB12CD3"),
        ("@ana", None),
        ("<#C1|social>", None),
        ("UNKNOWN", None),
    ],
)
def test_a_person_is_found_in_their_escape(text: str, user: str | None) -> None:
    assert user_id(text) == user


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (KEY, "sk_live_****"),
        (f"connect {KEY}", "connect sk_live_****"),
        (f"a {KEY}, b", "a sk_live_****, b"),
        (f"`{KEY}` and {KEY.upper()}", "`sk_live_****` and sk_live_****"),
        ("sk_test_" + "abc", "sk_live_****"),
        ("sk_live_" + "ab.cd-ef/gh==x end.", "sk_live_**** end."),
        ("key=sk_live_" + "abc", "key=sk_live_****"),
    ],
)
def test_a_key_is_masked_wherever_it_is(text: str, masked: str) -> None:
    assert mask_keys(text) == (masked, True)


@pytest.mark.parametrize("text", ["", "no key", "sk_live_...", "sk_live_****", "sk_other_abc", "risk live"])
def test_what_is_no_key_stays(text: str) -> None:
    assert mask_keys(text) == (text, False)


@given(st.text(), st.text(st.characters(categories=["L", "Nd"], max_codepoint=127), min_size=8), st.text())
def test_no_key_survives_masking(before: str, secret: str, after: str) -> None:
    masked, found = mask_keys(f"{before}sk_live_{secret} {after}")

    assert found
    assert f"sk_live_{secret}" not in masked
    assert mask_keys(masked) == (masked, False)
