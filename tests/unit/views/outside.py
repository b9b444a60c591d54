"""Every view, with text from outside in every field that can hold any."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle

from scrm_bot.domain import errors
from scrm_bot.domain.approvals import Approval, Decision, State, Step
from scrm_bot.domain.audit import Entry, Filter
from scrm_bot.domain.besttime import BestTime
from scrm_bot.domain.brands import Brand
from scrm_bot.domain.bulk import Choice, Outcome, Wish
from scrm_bot.domain.calendar import Calendar, Mark, Span, Stand
from scrm_bot.domain.calendar import Entry as Slot
from scrm_bot.domain.cards import CopyKind
from scrm_bot.domain.clashes import ClashKind
from scrm_bot.domain.digests import DigestSchedule, Planned, Report
from scrm_bot.domain.insights import Account, Idea, Metrics, Persona, Trend
from scrm_bot.domain.jobs import DeadJob, Job, JobKind, LostJob
from scrm_bot.domain.lists import Listed, Place
from scrm_bot.domain.movements import AccountRow, Cause, Headline, Moved
from scrm_bot.domain.posts import Content, Drift, Post
from scrm_bot.domain.remarks import Remark
from scrm_bot.domain.rules import RULES
from scrm_bot.domain.shortages import Shortage
from scrm_bot.domain.team import Holders, Role, Team
from scrm_bot.domain.versions import Versions
from scrm_bot.domain.workspaces import Connection, ListedBrand, Pause, WorkspaceSettings
from scrm_bot.views import (
    admin,
    answers,
    approval_lists,
    approvals,
    assist,
    audit,
    brands,
    bulk,
    calendar,
    copies,
    digest_details,
    digest_schedules,
    digests,
    draft_window,
    home,
    insights,
    modals,
    posts,
    problems,
    repairing,
    request_windows,
    settings,
    status,
    team,
    threads,
    unfurls,
)
from scrm_bot.views import help as help_page
from scrm_bot.views.assist import Beside, Suggestion
from scrm_bot.views.blocks import Message, View, actions, button, message, section
from scrm_bot.views.bulk import Item, Sheet
from scrm_bot.views.draft_window import DraftForm
from tests.builders import LATER, NOW, a_policy, a_report, an_attempt

Say = Callable[[], str]
Shown = Message | View
ID = "post_123"  # ids in buttons and metadata come from the bot or were looked up before


@dataclass(frozen=True, slots=True)
class AVerb:
    verb: str
    usage: str
    summary: str
    aliases: tuple[str, ...]
    examples: tuple[str, ...]
    admin_only: bool = True


def account(say: Say) -> Account:
    return Account(say() or "a", say(), say(), say(), say())


def post(say: Say, *, at: datetime | None = LATER) -> Post:
    return Post(say() or ID, say(), say(), (say(), "a"), (say(),), at, None, NOW, LATER, say())


def metrics(say: Say) -> Metrics:
    return Metrics(((say(), 1.0), ("likes", float("inf")), ("impressions", float("nan"))), say())


def trend(say: Say) -> Trend:
    return Trend(say(), 3.0)


def pause(say: Say) -> Pause:
    return Pause(say(), say(), NOW)


def listed_brand(say: Say) -> ListedBrand:
    return ListedBrand(Brand("b2", say(), (say(),) * 21), connection(say), is_default=True)


def connection(say: Say) -> Connection:
    return Connection(say(), "f", say(), NOW)


def rules(say: Say) -> WorkspaceSettings:
    return WorkspaceSettings("C1", ("U1",), ("S1",), 1, self_approval=False, timezone=say(), pause=pause(say))


def approval(say: Say, state: State = State.PENDING) -> Approval:
    content = Content(say(), (say(), say()), (say(),), LATER)
    return Approval(
        id="apr_1",
        team_id="T1",
        post_id=say(),
        content=content,
        author=say(),
        requested_by=say(),
        created_at=NOW,
        policy=a_policy(approvers=(say(),)),
        note=say(),
        state=state,
        decisions=tuple(
            Decision(say(), step, NOW, content.hash, say()) for step in (Step.APPROVE, Step.REJECT)
        ),
        act_at=LATER,
        attempt=an_attempt(),
        detail=say(),
        changed_body=say(),
        found=Content(say(), (say(),), (say(), say())),
        drift=tuple(Drift) if state is State.VOID else (),
        confirmed_at=LATER,
        zone=say(),
        needs_person=True,
        standing=say(),
    )


def report(say: Say) -> Report:
    def row(name: str) -> AccountRow:
        moved = (Moved("reach", 5.0, 4.0, 2.0), Moved(say(), 5.0), Moved(say(), 7.0, before=6.0))
        return AccountRow(name, moved, (1.0, None, 2.0))

    blamed = Cause(3.0, 4.0, "a", post(say) if say() else None)
    return replace(
        a_report(),
        workspace=say(),
        zone=say(),
        accounts=(account(say), Account("a", "x", say())),
        rows=(row("a"), *(row(say()) for _ in range(30))),
        headline=Headline(say(), 5.0, 1, 2, is_gain=True, before=4.0, since=NOW, cause=blamed),
        skipped=say(),
        late=NOW,
        best_time=BestTime(20, 9, 5, 1.5, say()),
        published=((post(say), Metrics((("likes", 1.0),))), (post(say), Metrics((("likes", 2.0),)))),
        failed=(post(say), post(say)),
        upcoming=tuple(post(say) for _ in range(6)),
        waiting=tuple(approval(say) for _ in range(4)),
        trends=(trend(say), trend(say), trend(say)),
        missing=(say(), say()),
    )


def suggestion(say: Say) -> Suggestion:
    return Suggestion(say(), say(), say(), say(), (), (say(), say()))


def thread(say: Say) -> Suggestion:
    return Suggestion(
        "thread", say(), say(), say(), tuple(say() for _ in range(11)), tuple(say() for _ in range(11))
    )


def verb(say: Say) -> AVerb:
    return AVerb(say(), say(), say(), (say(),), (say(), say()))


def form(say: Say) -> DraftForm:
    chosen = (account(say), account(say))
    texts = (say() or "a", say() or "b")
    return DraftForm(
        say(),
        1,
        chosen,
        say(),
        say(),
        say(),
        own_tone=say(),
        zone=say(),
        versions=Versions(texts, 1),
        voice=voice(say),
    )


def voice(say: Say) -> str:
    return insights.voice(Persona(((say(), (say(), say())), (say(), (say(),)))))


def beside(say: Say) -> Beside:
    return Beside((Account("a", "x"), account(say)), voice(say))


def tagged(say: Say) -> Suggestion:
    tags = assist.fresh_tags(say(), [say() for _ in range(11)])
    return Suggestion("hashtags", say(), say(), hints=tags)


def a_calendar(say: Say) -> Calendar:
    """A page that is full, with everything in the way of everything."""
    entries = tuple(
        Slot(f"post_{n}", LATER + timedelta(days=n), stand, say()[:200], say(), (say(), say(), say()))
        for n, stand in zip(range(30), cycle(Stand), strict=False)
    )
    marked = {entry.post_id: tuple(Mark(kind, NOW) for kind in ClashKind) for entry in entries}
    span = Span(LATER.date(), 7, say())
    return Calendar(span, NOW.date(), entries, marked, 90, looked=950, is_all=False, untimed=2, key="k_1")


def desk(say: Say) -> home.Desk:
    standing = status.Standing(connection(say), rules(say), works=True, version=say())
    some = [post(say) for _ in range(9)]
    waiting = [approval(say) for _ in range(6)]
    return home.Desk(
        standing,
        waiting,
        some,
        some,
        [account(say)],
        say(),
        admin=True,
        missing=[say()],
        blocked=waiting,
        numbers=metrics(say),
        new=True,
    )


def schedule(say: Say, *, stopped: bool = False) -> DigestSchedule:
    return DigestSchedule(
        say(), say(), say(), say(), muted_until=NOW, problem=say(), last_sent=say(), stopped=stopped,
        problem_day=say(),
    )  # fmt: skip


def entry(say: Say) -> Entry:
    return Entry(NOW, say(), say(), say(), say(), say(), say(), say(), say(), say())


def dead(say: Say) -> DeadJob:
    return DeadJob("d1", Job(JobKind.ACT, say(), "T1", NOW, {}), say(), 10, NOW)


def drifted(say: Say, state: State = State.SCHEDULED) -> Approval:
    return replace(approval(say, state), drift=tuple(Drift))


def card_of(state: State, say: Say) -> Shown:
    return approvals.card(approval(say, state), accounts=[account(say)], paused=pause(say), now=NOW)


def notice_of(state: State, say: Say) -> Shown:
    return approvals.notice(approval(say, state), accounts=[account(say)])


def explained(make: Callable[[Say], Exception], say: Say) -> Shown:
    return problems.explain(make(say), request_id=say(), verb=say(), connected_by=say())


ERRORS: dict[str, Callable[[Say], Exception]] = {
    "scope": lambda say: errors.ForbiddenScopeError(say(), endpoint=say(), scope=say()),
    "invalid": lambda say: errors.InvalidRequestError(say(), endpoint=say()),
    "contract": lambda say: errors.SocialCRMContractError(say(), endpoint=say()),
    "other": lambda say: errors.SocialCRMError(say(), endpoint=say()),
    "slack": lambda say: errors.SlackRefusedError(say(), method=say()),
    "usage": lambda say: errors.UsageError(say()),
    "when": lambda say: errors.WhenError(say()),
    "not_permitted": lambda say: errors.NotPermittedError(say()),
    "decided": lambda say: errors.AlreadyDecidedError(say(), state=say(), by=say()),
    "paused": lambda say: errors.PausedError(by=say(), reason=say()),
}

VIEWS: dict[str, Callable[[Say], Shown]] = {
    **{f"approvals.card.{state}": partial(card_of, state) for state in State},
    **{f"approvals.notice.{state}": partial(notice_of, state) for state in State},
    **{f"problems.explain.{name}": partial(explained, make) for name, make in ERRORS.items()},
    "approval_lists.listing": lambda say: approval_lists.listing(
        approval_lists.Waiting([approval(say) for _ in range(5)], 6, 20),
        accounts=[account(say)],
        paused=pause(say),
    ),
    "approvals.confirmation": lambda say: approvals.confirmation(
        approval(say), accounts=[account(say)], value="apr_1:s:"
    ),
    "approvals.seen_whole": lambda say: approvals.seen_whole(
        approval(say), accounts=[account(say)], metadata="{}"
    ),
    "admin.connect": lambda say: admin.connect(connection(say)),
    "admin.connect.brand": lambda say: admin.connect(
        connection(say), naming=admin.Naming(say(), say(), asks_first=True)
    ),
    "admin.connected.brand": lambda say: admin.connected(connection(say), brand=say()),
    "brands.brands": lambda say: brands.brands([listed_brand(say)] * 3),
    "brands.labelled": lambda say: brands.labelled(message(section("x")), say()),
    "brands.mapped": lambda say: brands.mapped("C1", listed_brand(say).brand),
    "brands.made_default": lambda say: brands.made_default(listed_brand(say).brand),
    "brands.renamed": lambda say: brands.renamed(listed_brand(say).brand, say()),
    "brands.removed": lambda say: brands.removed(listed_brand(say).brand),
    "status.status.brands": lambda say: status.status(
        status.Standing(connection(say), rules(say)), brands=[listed_brand(say)] * 11
    ),
    "admin.connected": lambda say: admin.connected(
        connection(say), account_names=[say()] * 21, missing=[say()] * 3
    ),
    "admin.disconnect": lambda say: admin.disconnect(connection(say)),
    "repairing.given_up": lambda say: repairing.given_up(LostJob(say(), JobKind.DIGEST)),
    "repairing.given_up.unreadable": lambda say: repairing.given_up(LostJob(say())),
    "settings.settings": lambda say: settings.settings(
        rules(say),
        group_names={"S1": say()},
        problem="No.",
        overtaken=settings.Overtaken(RULES, by="UBOB"),
    ),
    "team.team": lambda say: team.team(
        replace(rules(say), team=Team(Holders((say(),) * 41, (say(),)))), role=Role.EDITOR, admin=True
    ),
    "team.change": lambda say: team.change(
        Team(Holders((), ("S1",))), group_names={"S1": say()}, problem="No."
    ),
    "answers.asked": lambda say: answers.asked(approval(say), approvals_channel=say()),
    "answers.decided": lambda say: answers.decided(approval(say, State.REJECTED)),
    "answers.dry_run": lambda say: answers.dry_run(say(), at=LATER, zone=say(), approvals_channel=say()),
    "answers.raw": lambda say: answers.raw(say(), say()),
    "answers.saved": lambda say: answers.saved(say(), voided=True),
    "approvals.card.drifted": lambda say: approvals.card(drifted(say), accounts=[account(say)]),
    "bulk.sheet": lambda say: bulk.sheet(
        Sheet([Item(number, approval(say)) for number in range(1, 7)], 2, 3, total=20, reason=say()),
        accounts=[account(say)],
        paused=pause(say),
    ),
    "bulk.results": lambda say: bulk.results(
        [
            Outcome(Wish("apr_1", Choice.REJECT, "s"), approval(say, state), error)
            for state in (State.REJECTED, State.PENDING)
            for error in (None, errors.UsageError(say()))
            for _ in range(bulk.MOST // 4)
        ]
    ),
    "audit.listing": lambda say: audit.listing(
        [entry(say) for _ in range(21)], wanted=Filter(say(), say(), NOW), zone=say()
    ),
    "audit.with_file": lambda say: audit.with_file([entry(say)], wanted=Filter(say(), say(), NOW)),
    "audit.as_csv": lambda say: audit.as_csv([entry(say) for _ in range(30)]),
    "threads.remark": lambda say: threads.remark(drifted(say, State.PUBLISHED), Remark()),
    "threads.remark.numbers": lambda say: threads.remark(
        approval(say), Remark(timedelta(hours=1), metrics(say))
    ),
    "status.status.dead": lambda say: status.status(
        status.Standing(None, rules(say)), admin=True, dead=[dead(say) for _ in range(6)]
    ),
    "assist.answer": lambda say: assist.answer(suggestion(say), key="k", beside=beside(say)),
    "assist.answer.hashtags": lambda say: assist.answer(tagged(say), key="k", beside=beside(say)),
    "assist.kept_mine": lambda say: assist.kept_mine(say()),
    "assist.answer.thread": lambda say: assist.answer(thread(say), key="k", post_id=ID, beside=beside(say)),
    "assist.ideas": lambda say: assist.ideas([Idea(say(), say())] * 11, topic=say(), key="k"),
    "assist.answer_window": lambda say: assist.answer_window(suggestion(say), beside=beside(say)),
    "assist.answer_window.hashtags": lambda say: assist.answer_window(tagged(say), beside=beside(say)),
    "assist.answer_window.thread": lambda say: assist.answer_window(thread(say)),
    "assist.working_window": lambda say: assist.working_window(say(), say()),
    "assist.failed_window": lambda say: assist.failed_window("rewrite", say(), problem="No.", tone=say()),
    "digests.digest": lambda say: digests.digest(report(say), channel_id="C1"),
    "digests.digest.quiet": lambda say: digests.digest(replace(a_report(), workspace=say(), zone=say())),
    "digest_details": lambda say: digest_details.details(report(say))[0],
    "digest_schedules.schedules": lambda say: digest_schedules.schedules(
        [Planned(schedule(say, stopped=n % 2 > 0), LATER) for n in range(21)]
    ),
    "digest_schedules.stopped": lambda say: digest_schedules.stopped(schedule(say)),
    "admin.key_refused": lambda say: admin.key_refused(connection(say)),
    "digest_schedules.switched_off": lambda say: digest_schedules.switched_off(schedule(say)),
    "help.one": lambda say: help_page.one(verb(say)),
    "help.overview": lambda say: help_page.overview([verb(say) for _ in range(40)]),
    "help.unknown": lambda say: help_page.unknown(
        say(),
        verb(say),
        [verb(say)],
        words=say(),
        rest=say(),
        instead=say(),
        offered=[actions(button("Run", "again"))],
    ),
    "help.console": lambda say: help_page.console(
        verbs=[replace(verb(say), verb=f"v{n}") for n in range(40)]
    ),
    "help.sure": lambda say: help_page.sure(verb(say)),
    "answers.in_brief": lambda say: answers.in_brief(posts.drafted(post(say), accounts=[account(say)])),
    "answers.with_stray_flag": lambda say: answers.with_stray_flag(posts.deleted("post_1"), say(), say()),
    "home.home": lambda say: home.home(desk(say)),
    "home.welcome": lambda _: home.welcome(admin=True),
    "insights.accounts": lambda say: insights.accounts([account(say) for _ in range(21)]),
    "insights.account_stats": lambda say: insights.account_stats(
        [metrics(say) for _ in range(11)], accounts=[account(say)]
    ),
    "insights.persona": lambda say: insights.persona(
        Persona(tuple((say(), (say(), say())) for _ in range(21)))
    ),
    "insights.post_stats": lambda say: insights.post_stats(
        post(say), [metrics(say)], accounts=[], zone=say()
    ),
    "insights.trending": lambda say: insights.trending([trend(say) for _ in range(11)]),
    "modals.attach": lambda say: modals.attach(post(say)),
    "modals.compose": lambda say: modals.compose(prompt=say(), tone=say()),
    "draft_window.draft": lambda say: draft_window.draft(form(say)),
    "draft_window.edit": lambda say: draft_window.edit(post(say), form(say)),
    "request_windows.history": lambda say: request_windows.history(approval(say)),
    "copies.card": lambda say: copies.copy(
        approval(say, State.PENDING), CopyKind.CARD, accounts=[account(say)]
    ),
    "copies.news": lambda say: copies.copy(approval(say, State.VOID), CopyKind.NEWS, accounts=[account(say)]),
    "copies.nudge": lambda say: copies.copy(
        approval(say, State.EXPIRED), CopyKind.NUDGE, accounts=[account(say)]
    ),
    "copies.overtaken": lambda say: copies.overtaken(approval(say, State.PENDING)),
    "copies.unreachable": lambda say: copies.unreachable(
        replace(approval(say, State.PENDING), unreachable=say())
    ),
    "modals.notice": lambda say: modals.notice(say(), posts.deleted(say())),
    "modals.pick_post": lambda say: modals.pick_post(say(), [modals.post_option(post(say))]),
    "request_windows.reject": lambda say: request_windows.reject(approval(say)),
    "request_windows.request_changes": lambda say: request_windows.request_changes(approval(say)),
    "modals.schedule": lambda say: modals.schedule(post(say), zone=say(), when=say(), note=say()),
    "calendar.calendar": lambda say: calendar.calendar(
        a_calendar(say), accounts=[account(say), account(say)]
    ),
    "posts.card.waiting": lambda say: posts.card(
        replace(post(say), status="draft"), accounts=[account(say)], zone=say(), request=approval(say)
    ),
    "posts.card": lambda say: posts.card(post(say), accounts=[account(say)], zone=say()),
    "posts.delete_question": lambda say: posts.delete_question(post(say)),
    "posts.deleted": lambda say: posts.deleted(say(), text=say()),
    "posts.drafted": lambda say: posts.drafted(post(say), accounts=[account(say)], saved=say(), note=say()),
    "posts.listing": lambda say: posts.listing(
        Listed(tuple((n, post(say)) for n in range(900, 911)), Place(900, 950), 940, 950, is_all=False),
        accounts=[account(say)],
        title=say(),
        key=say(),
    ),
    "unfurls.preview": lambda say: unfurls.preview(post(say), accounts=[account(say)], zone=say()),
    "status.paused": lambda say: status.paused(rules(say)),
    "status.saved": lambda say: status.saved(rules(say), short=Shortage((say(),), 2)),
    "status.saved.unreadable": lambda say: status.saved(rules(say), short=Shortage((), 2, (say(), say()))),
    "status.saved.only_authors": lambda say: status.saved(rules(say), short=Shortage((say(), say()), 2)),
    "status.status": lambda say: status.status(
        status.Standing(connection(say), rules(say), works=False, version=say()), admin=True
    ),
}
