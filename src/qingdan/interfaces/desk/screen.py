"""A matter on one screen: what, who, by when, what next, as one reader may see it.

What the reader may not see is not there: the page draws what it finds, and leaves no gap.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from qingdan.domain.enterprises.models import Contact, Liaison
from qingdan.domain.enterprises.queries import leaders_of
from qingdan.domain.groups.actions import hangable, may_hang
from qingdan.domain.ledger.actions.agreeing import SAYS_YES
from qingdan.domain.ledger.models import Clock, Issue, Responsibility, Result, Standing, Task
from qingdan.domain.ledger.queries import (
    contacts_open,
    has_handled,
    letters_of,
    open_acts,
    promised_now,
    reads_shown_words,
    result_to_agree,
    running_pause,
    standing_of,
    words_for,
)
from qingdan.domain.ledger.rules.lights import light
from qingdan.domain.ledger.rules.rights import may
from qingdan.domain.ledger.states import (
    OPEN,
    A,
    AskedFor,
    ClockKind,
    ContactKind,
    Handling,
    Light,
    S,
    T,
    Turn,
)
from qingdan.domain.people.models import Post, Unit
from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role
from qingdan.foundations.kernel import clock
from qingdan.foundations.workdays.due import Due
from qingdan.interfaces.shared.contacts import Reach, reaches, works_on
from qingdan.interfaces.shared.history import day_words, sentences
from qingdan.interfaces.shared.live import topic_url
from qingdan.interfaces.shared.reasons import pause_words
from qingdan.interfaces.shared.rows import (
    Row,
    class_words,
    part_words,
    result_words,
    row_of,
    source_words,
    track_words,
    why_of,
)

from .asking import queue_of, queue_words, queues_of
from .same import same_of
from .waits import Waits, waits_of

MATTER_READERS = (
    Role.DESK,
    Role.UNIT,
    Role.SUPERVISION,
    Role.LEADER,
    Role.ASSISTANT,
    Role.MAIN_LEADER,
)
"""Who comes to a matter by this door; enterprises have their own, administrators read none."""


@dataclass(frozen=True, slots=True)
class Act:
    """A button of the page. Posted at once with `fields`, or a link to a page with a form."""

    name: str
    words: str
    url: str
    posted: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)
    key: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A task. clock: its running one; finish: where its unit finishes it."""

    task: Task
    light: Light | None
    clock: Clock | None
    finish: str = ""

    @property
    def why(self) -> Due | None:
        return why_of(self.clock) if self.clock else None

    @property
    def is_done(self) -> bool:
        return self.task.state == T.DONE

    @property
    def done_on(self) -> str:
        return day_words(clock.date_of(self.task.done_at)) if self.task.done_at else ""


@dataclass(frozen=True, slots=True)
class Duty:
    """A unit's line of the responsibility list: 责任单位, 责任领导, 责任人."""

    part: str
    unit: Unit
    state: str
    leader: Post | None
    person: Post | None


@dataclass(frozen=True, slots=True)
class _Lit:
    """A clock as `light` reads it."""

    clock_kind: str
    yellow_at: datetime
    red_at: datetime
    paused_until: datetime | None


def screen(issue: Issue, person: Person, *, back: str = "") -> dict[str, Any]:
    """Everything that the page shows. back: where its buttons lead when they are done."""
    now = clock.now()
    standing = standing_of(issue, person)
    hidden = reads_shown_words(issue, person)
    title, body = words_for(issue, person)
    acts = open_acts(issue, person)
    letters = letters_of(issue, person)
    row = _row(standing, issue, person, now)
    tasks = list(_tasks(issue, acts, person, now))
    row = _not_accepted(row, issue, acts)
    row = _with_deputy(row, issue, person)
    if any(one.kind == AskedFor.RESULT for one in issue.waiting):
        acts -= {"report-result", "finish-task"}
    main, others = _buttons(issue, acts, row, letters, person, tasks)
    waits = [_with_acts(one, others) for one in waits_of(issue, person, acts)]
    shown = {act.name for one in waits for act in one.acts}
    others = [act for act in others if act.name not in shown]
    duties = _duties(issue)
    liaisons = [] if hidden or issue.handling != Handling.NORMAL else _liaisons(issue)
    works = works_on(letters)
    contacts = [] if hidden else reaches(_contacts(issue), whole=works, issue=issue)
    return {
        "issue": issue,
        "row": row,
        "why": why_of(standing.clock) if standing and standing.clock else None,
        "call": _call(row, duties),
        "call_firm": _call_firm(row, contacts),
        "standing": standing,
        "title": title,
        "body": body,
        "hidden": hidden,
        "firm": None if hidden else issue.subject,
        "firm_url": "" if hidden else _firm_page(issue, person),
        "track": track_words(issue.track),
        "class_said": class_words(issue.handling),
        "park": issue.park.short_name if issue.park and not hidden else "",
        "heard": _heard(issue, hidden),
        "approach": issue.approach,
        "here": _here(issue, person),
        "list_url": _list_of(issue, person),
        "list_words": _list_words(issue, person),
        "hang_url": _hang_page(issue, person),
        "reach": issue.reach if works and not hidden else "",
        "contacts": contacts,
        "main": main,
        "waits": waits,
        "waits_for_us": any(one.acts for one in waits),
        "others": others,
        "near": others[: NEAR - bool(main)],
        "far": others[NEAR - bool(main) :],
        "tasks": tasks,
        "tasks_done": sum(line.is_done for line in tasks),
        "duties": duties,
        "liaisons": liaisons,
        "results": _results(issue),
        "history": sentences(issue, person),
        "same": same_of(issue, person),
        "firm_sees": [] if hidden else list(_firm_sees(issue, standing, duties, tasks)),
        "may_progress": "progress" in acts,
        "version": issue.version,
        "back": back,
        "live": topic_url(issue.county, issue.journal_key),
    }


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line of what waits, with the buttons of who may do something about it."""

    words: str
    says: str
    acts: list[Act]


def _with_acts(one: Waits, others: Sequence[Act]) -> Waiting:
    """The line with its buttons; what the next-step bar has already is not said twice."""
    mine = [act for act in others if act.name in one.acts]
    if one.of:
        mine = [replace(act, url=f"{act.url}?of={one.of}") for act in mine]
    return Waiting(one.words, one.says, mine)


def _with_deputy(row: Row | None, issue: Issue, person: Person) -> Row | None:
    """Where a result waits for the deputy's yes, that is the unit's next step."""
    waits = any(one.kind == AskedFor.RESULT for one in issue.waiting)
    if row is None or not waits or person.unit_id != row.standing.turn_unit_id:
        return row
    ours = person.duty in SAYS_YES
    who = _("We") if ours else _("The deputy")
    return replace(row, what=_("agree to the result"), ours=ours, who=who)


def _not_accepted(row: Row | None, issue: Issue, acts: frozenset[str]) -> Row | None:
    """Where it is asked not to accept it, the next step is to decide that."""
    if row is None or not any(one.kind == AskedFor.DECLINE for one in issue.waiting):
        return row
    ours = "approve-decline" in acts
    who = _("We") if ours else _("A colleague")
    return replace(row, what=_("decide whether it is accepted"), ours=ours, who=who)


def _heard(issue: Issue, hidden: bool) -> str:
    """`10月30日走访听到`: when it was said, and how, unless that leads to the firm."""
    day = day_words(clock.date_of(issue.happened_at))
    if hidden:
        return _("registered on %(date)s") % {"date": day}
    return _("%(date)s, %(how)s") % {"date": day, "how": source_words(issue.source)}


def _here(issue: Issue, person: Person) -> str:
    """The word of the navigation under which it stands; what is over stands under none."""
    if not queues_of(person):
        return "work"
    return queue_of(issue.state) if issue.state in OPEN else ""


def _list_words(issue: Issue, person: Person) -> str:
    if issue.state not in OPEN:
        return _("Over")
    if queues_of(person):
        return queue_words(queue_of(issue.state))
    return _("Our matters") if person.role == Role.UNIT else _("My matters")


def _firm_page(issue: Issue, person: Person) -> str:
    """The enterprise's own page, for those who see every enterprise."""
    if person.role not in (Role.DESK, Role.SUPERVISION, Role.MAIN_LEADER):
        return ""
    try:
        return reverse("board:enterprise", kwargs={"subject_id": issue.subject_id})
    except NoReverseMatch:
        return ""


def _hang_page(issue: Issue, person: Person) -> str:
    """Where the matter is hung in a work group; a hidden class never is."""
    if not may_hang(person) or issue.state not in OPEN or not hangable([issue]):
        return ""
    try:
        return f"{reverse('board:hang')}?issue={quote(str(issue.ref))}"
    except NoReverseMatch:
        return ""


def _list_of(issue: Issue, person: Person) -> str:
    """The list in which this reader finds the matter."""
    queue = queue_of(issue.state) if queues_of(person) else ""
    return reverse("desk:inbox") + (f"?queue={queue}" if queue else "")


def _row(standing: Standing | None, issue: Issue, person: Person, now: datetime) -> Row | None:
    if standing is None:
        return None
    standing.issue = issue  # read already: the row asks for nothing more
    return row_of(standing, person, now)


def _tasks(issue: Issue, acts: frozenset[str], person: Person, now: datetime) -> Iterator[Line]:
    clocks = {
        c.task_id: c
        for c in Clock.objects.filter(issue=issue, stopped_at=None, kind=ClockKind.TASK.value)
    }
    tasks = issue.tasks.exclude(state=T.DROPPED.value).select_related("unit", "section", "person")
    for task in tasks.order_by("due_on", "number"):
        runs = clocks.get(task.pk)
        lit = (
            light(_Lit(runs.kind, runs.yellow_at, runs.red_at, runs.paused_until), now)
            if runs
            else None
        )
        mine = "finish-task" in acts and task.unit_id == person.unit_id
        finish = (
            address("desk:finish", issue.year, issue.number)
            if mine and task.state == T.OPEN
            else ""
        )
        yield Line(task, lit, runs, f"{finish}?task={task.number}" if finish else "")


def _duties(issue: Issue) -> list[Duty]:
    answering = {
        r.assignment_id: r
        for r in Responsibility.objects.filter(issue=issue, to_at=None).select_related(
            "leader", "person"
        )
    }
    found = []
    for part in issue.parts:
        who = answering.get(part.pk)
        found.append(
            Duty(
                part=part_words(part.part),
                unit=part.unit,
                state=part_state_words(part.state),
                leader=who.leader if who else None,
                person=who.person if who else None,
            )
        )
    return found


def part_state_words(state: str) -> str:
    names = {
        A.ASSIGNED: _("to be acknowledged"),
        A.WORKING: _("at work"),
        A.DISPUTED: _("asks for another unit"),
        A.RELEASED: _("released"),
        A.DONE: _("done"),
    }
    return names[A(state)]


def _liaisons(issue: Issue) -> list[Liaison]:
    return leaders_of(issue.subject, clock.today())


def _contacts(issue: Issue) -> list[Contact]:
    return list(Contact.objects.filter(county=issue.county, subject=issue.subject_id)[:3])


def _call(row: Row | None, duties: Sequence[Duty]) -> str:
    """The office number of the unit whose turn it is, where somebody else is to act."""
    if row is None or row.ours:
        return ""
    for duty in duties:
        if duty.unit.pk == row.standing.turn_unit_id:
            return (duty.person.phone if duty.person else "") or duty.unit.phone
    return ""


def _call_firm(row: Row | None, contacts: Sequence[Reach]) -> Reach | None:
    """Whom to ring at the enterprise where it is the enterprise's turn."""
    if row is None or row.ours or row.standing.turn != Turn.ENTERPRISE:
        return None
    return next((one for one in contacts if one.whole and one.number), None)


def _results(issue: Issue) -> list[dict[str, Any]]:
    """What was reported in this round, to be looked at before it is verified."""
    if issue.reported_at is None or issue.state not in (S.REPORTED, S.VERIFIED, S.ENDED):
        return []
    rows = Result.objects.filter(issue=issue, round=issue.round).order_by("-pk")[:1]
    return [{"result": row, "words": result_words(row.kind)} for row in rows]


# ------------------------------------------------------------------ what can be done

_LINKS = {
    "triage": "desk:triage",
    "settle-on-site": "desk:settle",
    "order-on-spot": "desk:order",
    "draw-lists": "desk:lists",
    "report-result": "desk:result",
    "finish-task": "desk:finish",
    "send-back": "desk:send-back",
    "confirm": "desk:word",
    "decide": "desk:decide",
    "grant-extension": "desk:grant-extension",
    "approve-decline": "desk:approve-decline",
    "approve-explanation": "desk:approve-explanation",
    "reach": "desk:contact",
    "answer": "desk:answer",
    "change": "desk:change",
    "pause": "desk:pause",
    "hold": "desk:hold",
    "decline": "desk:decline",
    "object": "desk:object",
    "request-extension": "desk:request-extension",
    "agree": "desk:agree",
    "return-result": "desk:return-result",
}
_POSTED: dict[str, dict[str, str]] = {
    "contact": {"kind": "first", "by": "telephone"},
    "acknowledge": {},
    "verify": {},
    "nudge": {},
    "resume": {},
    "release": {},
    "lapse": {},
    "withdraw": {},
}
NEAR = 3
"""How many buttons the next-step bar has; the others stand in a menu."""
POSTED = frozenset({*_POSTED, "progress"})
"""The acts that this page posts itself; the others have pages of their own."""
_ORDER = (
    "agree",
    "return-result",
    "decide",
    "grant-extension",
    "approve-decline",
    "triage",
    "contact",
    "acknowledge",
    "verify",
    "report-result",
    "draw-lists",
    "finish-task",
    "settle-on-site",
    "order-on-spot",
    "send-back",
    "confirm",
    "approve-explanation",
    "lapse",
    "withdraw",
    "release",
    "resume",
    "reach",
    "nudge",
    "answer",
    "change",
    "pause",
    "hold",
    "decline",
    "object",
    "request-extension",
)
"""Which act is offered first when it is the reader's turn."""
_STEPS = frozenset(_ORDER[: _ORDER.index("send-back")])
"""The acts that can be somebody's next step; the others are there for who needs them."""
_KEYS = {"nudge": "c", "order-on-spot": "e", "triage": "t", "draw-lists": "l", "verify": "v"}


def drawn(issue: Issue, tasks: Iterable[Task]) -> bool:
    """Whether lists were drawn: what an order on the spot gives is a task and no list yet."""
    if issue.listed_at is None or issue.listed_at != issue.triaged_at:
        return issue.listed_at is not None
    return any(task.drawn_at != issue.triaged_at for task in tasks)


def _words(act: str, issue: Issue) -> str:
    names = {
        "triage": _("Triage"),
        "contact": _("Enterprise contacted"),
        "acknowledge": _("Acknowledge"),
        "verify": _("Verified"),
        "report-result": _("Report the result"),
        "draw-lists": _("Draw the lists"),
        "finish-task": _("Finish a task"),
        "settle-on-site": _("Settle on the spot"),
        "order-on-spot": _("Give work"),
        "send-back": _("Send back"),
        "confirm": _("Take down the enterprise's word"),
        "nudge": _("Nudge"),
        "decide": _("Decide who does it"),
        "grant-extension": _("Decide on a later date"),
        "approve-decline": _("Decide whether it is accepted"),
        "approve-explanation": _("Approve the explanation"),
        "lapse": _("End it without an answer"),
        "withdraw": _("End it as withdrawn"),
        "release": _("End the waiting"),
        "resume": _("Let the clocks run on"),
        "reach": _("Note a call"),
        "answer": _("Answer the question"),
        "change": _("Change it"),
        "pause": _("Pause the clocks"),
        "hold": _("Still waits") if issue.held else _("Let it wait"),
        "decline": _("Do not accept it"),
        "object": _("Ask for another unit"),
        "request-extension": _("Ask for a later date"),
        "agree": _("Agree: report the result"),
        "return-result": _("Give it back"),
    }
    return names[act]


def address(name: str, year: int, number: int) -> str:
    """The page of an act, or nothing while the product has none."""
    try:
        return reverse(name, kwargs={"year": year, "number": number})
    except NoReverseMatch:
        return ""


def _buttons(
    issue: Issue,
    acts: frozenset[str],
    row: Row | None,
    letters: frozenset[str],
    person: Person,
    tasks: Sequence[Line],
) -> tuple[Act | None, list[Act]]:
    """The reader's own next act, if it is their turn, and what else is open to them."""
    names = set(acts)
    if issue.state == S.VERIFIED and may("confirm", letters) and not has_handled(issue, person):
        names.add("confirm")
    kinds = contacts_open(issue, person) if "contact" in names else frozenset()
    if ContactKind.FIRST not in kinds:
        names.discard("contact")
    if kinds - {ContactKind.FIRST}:
        names.add("reach")  # attempts and call-backs have a page of their own
    if "finish-task" in names and not any(line.finish for line in tasks):
        names.discard("finish-task")
    if issue.asked and result_to_agree(issue, person):
        names |= {"agree", "return-result"}
        names.discard("report-result")  # it is written already
    if issue.held and "release" not in names:
        names.discard("hold")  # 挂账 is the linked leader's to look at again
    ours = row is not None and row.ours
    if ours:
        names.discard("nudge")  # nobody nudges himself
    found = [act for name in _ORDER if name in names and (act := _act(name, issue))]
    first = next((line.finish for line in tasks if line.finish), "")
    found = [replace(act, url=first) if act.name == "finish-task" else act for act in found]
    if drawn(issue, (line.task for line in tasks)):
        again = _("Change the lists")
        found = [replace(act, words=again) if act.name == "draw-lists" else act for act in found]
    reviews = issue.held and row is not None and row.clock_kind == ClockKind.NEXT_REPLY
    if not ours or not found or not (reviews or found[0].name in _STEPS):
        return None, found
    main = found[0]
    if main.name == "agree":
        return main, found[1:]
    if row and row.clock_kind == ClockKind.TASK and _finishes_first(letters, tasks):
        main = next((act for act in found if act.name == "finish-task"), main)
    if reviews:
        main = next((act for act in found if act.name == "hold"), main)
    return main, [act for act in found if act is not main]


def _finishes_first(letters: frozenset[str], tasks: Sequence[Line]) -> bool:
    """Whether a task is the next thing to do; a lead's last one is finished with the result."""
    return "lead" not in letters or sum(not line.is_done for line in tasks) > 1


def _act(name: str, issue: Issue) -> Act | None:
    key = _KEYS.get(name, "")
    if name in _POSTED:
        at = {"year": issue.year, "number": issue.number, "act": name}
        url = reverse("desk:act", kwargs=at)
        return Act(name, _words(name, issue), url, posted=True, fields=_POSTED[name], key=key)
    url = address(_LINKS[name], issue.year, issue.number)
    return Act(name, _words(name, issue), url, key=key, posted=name == "agree") if url else None


# ------------------------------------------------------------------ what the enterprise sees


def _firm_sees(
    issue: Issue, standing: Standing | None, duties: Sequence[Duty], tasks: Sequence[Line]
) -> Iterator[str]:
    """The same words as on the enterprise's own page: who, what next, by when."""
    lead = duties[0] if duties else None
    if lead is not None and issue.state in (S.TRIAGED, S.LISTED):
        title = lead.person.title if lead.person else ""
        if title:
            yield _("%(unit)s, %(title)s, is on it.") % {
                "unit": lead.unit.short_name,
                "title": title,
            }
        else:
            yield _("%(unit)s is on it.") % {"unit": lead.unit.short_name}
    yield from _next_for_firm(issue, standing, tasks)
    if pause := running_pause(issue, clock.now()):
        yield _("The clocks stand still until %(date)s: %(why)s.") % {
            "date": day_words(clock.date_of(pause.until_at)),
            "why": pause_words(pause.reason, to_firm=True),
        }
    if issue.held and (hold := issue.holds.filter(to_at=None).first()):
        yield _("It waits; the enterprise hears again by %(date)s.") % {
            "date": day_words(hold.next_on)
        }
        return
    promised = promised_now(issue)
    if promised and issue.state in (S.TRIAGED, S.LISTED, S.REPORTED):
        yield _("Promised for %(date)s.") % {"date": day_words(promised)}


def _next_for_firm(
    issue: Issue, standing: Standing | None, tasks: Sequence[Line]
) -> Iterator[str]:
    match issue.state:
        case S.REGISTERED if standing:
            day = day_words(clock.date_of(standing.due_at))
            yield _("The service desk finds the unit by %(date)s.") % {"date": day}
        case S.LISTED:
            first = next((line for line in tasks if not line.is_done), None)
            if first:
                runs = first.clock  # what stood still meanwhile has moved its day
                by = clock.date_of(runs.due_at) if runs else first.task.due_on
                yield _("Next: %(task)s, by %(date)s.") % {
                    "task": first.task.title,
                    "date": day_words(by),
                }
        case S.REPORTED:
            yield _("The service desk checks the result, then asks.")
        case S.VERIFIED:
            yield _("Asked whether it is solved.")
