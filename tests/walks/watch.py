"""Who looks on while others act, and knows the life of a matter by heart.

It reads neither the table of states nor the rules of the ledger: what it expects is written here
once more, from `life.md`, so that a check that somebody takes out of the product is missed here.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from qingdan.domain.ledger.models import Clock, Issue, Sight, Standing
from qingdan.domain.ledger.queries import issues, lights_by, lights_of, lines_for
from qingdan.domain.people.models import Holding
from qingdan.domain.people.rules import Person
from qingdan.foundations.journal.record import history
from qingdan.foundations.journal.verify import verify
from qingdan.foundations.kernel import clock
from qingdan.foundations.workdays.calendar import official

OPEN = {"registered", "triaged", "listed", "reported", "verified"}
OFFICES = ("desk", "supervision", "supervision-2")
WORD = {"verify", "send-back", "approve-explanation", "approve-decline", "lapse"}


@dataclass
class Matter:
    """What the onlooker remembers of one matter."""

    pk: int
    subject: int
    handling: str
    about: str
    by_role: str
    by_unit: str
    state: str = "registered"
    ending: str = ""
    level: int = 0
    drawn: bool = False
    units: set[str] = field(default_factory=set)
    leader_sees: bool = False
    handled: set[str] = field(default_factory=set)
    office_held: set[str] = field(default_factory=set)
    result: str = ""
    flagged: bool = False
    attempts: list[date] = field(default_factory=list)
    withdrawal_at: datetime | None = None
    called_back: bool = False
    decline_by: str = ""
    objected: set[str] = field(default_factory=set)
    reported: bool = False
    left: bool = False
    """Nobody of the offices is left who did not handle it: the main leader stands there."""


@dataclass
class Step:
    """An act that went through. before: the matter's row as it was."""

    act: str
    fields: dict[str, Any]
    by: Person
    at: datetime
    before: Issue
    after: Issue


def fresh(matter: Issue, by: Person, linked: set[int]) -> Matter:
    """Begin to remember a matter that was just registered."""
    seen = Matter(
        pk=matter.pk,
        subject=matter.subject_id,
        handling=matter.handling,
        about=matter.about.code if matter.about else "",
        by_role=by.role.value,
        by_unit=by.unit_code if by.raises else "",
    )
    if matter.handling == "normal":
        seen.leader_sees = matter.subject_id in linked or by.role in ("leader", "assistant")
    if matter.state == "listed":
        seen.state, seen.drawn = "listed", True
        seen.units = units_of(matter)
        seen.office_held |= seen.units & set(OFFICES)
    return seen


def units_of(matter: Issue) -> set[str]:
    rows = matter.assignments.exclude(state="released").values_list("unit__code", flat=True)
    return set(rows)


# ------------------------------------------------------------------ one act


def follow(seen: Matter, step: Step, linked: set[int], offices: list[Person]) -> None:
    """Judge an act that went through, and remember what it did."""
    act, by, told = step.act, step.by, step.fields
    assert step.after.version > step.before.version, "an act moves the version"
    assert seen.state == step.before.state, "somebody moved it unseen"
    state, ending = seen.state, seen.ending
    if act in WORD or (act == "confirm" and told["by"] in ("telephone", "paper")):
        assert by.key not in seen.handled, f"{by.title} handled it"
        assert by.unit_code not in seen.office_held, f"{by.unit_code} held a task of it"
    if seen.decline_by and act not in ("progress", "contact", "nudge", "approve-decline"):
        raise AssertionError(f"{act} while a decline waits")
    if state in ("ended", "answered"):
        assert act in ("rate", "reopen"), f"{act} on a matter that is over"
    match act:
        case "triage":
            state = moves(seen, {"registered": "triaged"})
        case "answer":
            state = moves(seen, {"registered": "answered"})
        case "order-on-spot":
            state = moves(seen, {"registered": "listed"})
            seen.drawn = True
        case "settle-on-site":
            state = moves(seen, {"registered": "reported", "triaged": "reported"})
            seen.result = "solved"
        case "draw-lists":
            state = moves(seen, {"triaged": "listed", "listed": "listed"})
            seen.drawn = True
        case "report-result":
            state = moves(seen, {"listed": "reported"})
            owes = step.after.tasks.filter(state="open").exists()
            assert not owes, "a result while a task is owed"
            seen.result = told["kind"]
        case "verify":
            state = moves(seen, {"reported": "verified"})
        case "send-back":
            state = moves(seen, {"reported": back(seen)})
        case "confirm":
            firm = by.role == "enterprise"
            assert firm == (told["by"] in ("account", "link")), "whose word is it"
            assert not firm or by.subject_id == seen.subject, "another enterprise's word"
            if str(told["solved"]).lower() == "true":
                state, ending = moves(seen, {"verified": "ended"}), "confirmed"
            else:
                state = moves(seen, {"verified": back(seen)})
                seen.level = min(3, seen.level + 1)
        case "approve-explanation":
            assert seen.result in ("partly", "explained"), "nothing was explained"
            assert by.role in ("supervision", "main_leader"), "who approves"
            state, ending = moves(seen, {"verified": "ended"}), "explained"
        case "lapse":
            days = sorted(set(seen.attempts))
            assert len(days) >= 2, "two attempts on two days"
            assert clock.date_of(step.at) > fifth_after(days[1]), "five working days after"
            state, ending = moves(seen, {"verified": "ended"}), "unanswered"
        case "withdraw" if by.role != "enterprise":
            assert seen.withdrawal_at, "nobody asked to withdraw it"
            assert seen.called_back, "nobody called back"
            here = {"registered": "ended", "triaged": "ended", "listed": "ended"}
            state, ending = moves(seen, here), "withdrawn"
        case "withdraw":
            assert seen.withdrawal_at is None, "asked twice"
            seen.withdrawal_at, seen.called_back = step.at, False
        case "decline":
            moves(seen, {"registered": "registered", "triaged": "triaged"})
            seen.decline_by = by.key
        case "approve-decline":
            assert seen.decline_by, "nobody asked to decline it"
            assert seen.decline_by != by.key, "one person declined it alone"
            if str(told["approved"]).lower() == "true":
                state, ending = "ended", "declined"
            seen.decline_by = ""
        case "reopen":
            assert by.subject_id == seen.subject, "another enterprise reopens"
            if seen.state == "ended":
                seen.level = min(3, seen.level + 1)
            state, ending = moves(seen, {"ended": back(seen), "answered": "registered"}), ""
    _remember(seen, step, state, linked)
    if state == "reported" and step.after.state == "verified":
        plain = step.after.grade == "C" and seen.result == "solved" and not seen.flagged
        assert plain, "passed by itself, though somebody has to look"
        state = "verified"
    assert (step.after.state, step.after.ending) == (state, ending), (act, state, ending)
    assert step.after.level == seen.level, "the level that answers"
    seen.state, seen.ending = state, ending
    seen.reported = seen.reported or state in ("reported", "verified")
    if state in ("reported", "verified", "ended", "answered"):
        seen.withdrawal_at = None
    if state == "verified" and step.before.state != "verified":
        seen.attempts = []
    if state not in ("ended", "answered"):
        seen.left = nobody_left(seen, offices)


def nobody_left(seen: Matter, offices: list[Person]) -> bool:
    """Whether somebody would have to act now, and of the desk or of the office nobody is left."""
    waits = seen.withdrawal_at is not None or bool(seen.decline_by)
    if not waits and seen.state not in ("reported", "verified"):
        return False
    here = [one for one in offices if one.unit_code != seen.about]
    hands = [
        [one for one in here if one.role == "desk"],
        [one for one in here if one.role == "supervision"],
    ]
    if seen.handling == "supervision_only":
        hands = [[one for one in here if one.unit_code == "supervision"]]
    busy = seen.handled | {seen.decline_by}
    return any(
        all(one.key in busy or one.unit_code in seen.office_held for one in group)
        for group in hands
    )


def moves(seen: Matter, ways: dict[str, str]) -> str:
    assert seen.state in ways, f"from {seen.state}"
    return ways[seen.state]


def back(seen: Matter) -> str:
    return "listed" if seen.drawn else "registered"


def _remember(seen: Matter, step: Step, state: str, linked: set[int]) -> None:
    """Who handled it, who has it, what was tried."""
    act, by, told = step.act, step.by, step.fields
    works = by.unit_code in seen.units
    if act in ("settle-on-site", "answer", "finish-task", "report-result", "acknowledge"):
        seen.handled.add(by.key)
    if act == "progress" and works:
        seen.handled.add(by.key)
    if act == "progress" and str(told.get("flag", "")).lower() == "true":
        seen.flagged = True
    if act == "contact":
        if told["kind"] == "first" and works:
            seen.handled.add(by.key)
        if told["kind"] == "attempt":
            assert by.role in ("desk", "supervision", "main_leader")
            seen.attempts.append(clock.date_of(step.at))
        if told["kind"] == "call-back":
            assert by.key not in seen.handled, "who handled it called back"
            assert by.unit_code not in seen.office_held
            seen.called_back = True
    if act == "object":
        assert by.unit_code not in seen.objected, "objected twice"
        seen.objected.add(by.unit_code)
    if step.before.handling != step.after.handling:
        assert act in ("triage", "change")
        seen.handling = step.after.handling
        seen.leader_sees = seen.handling == "normal" and seen.subject in linked
    units = units_of(step.after)
    if act in ("triage", "order-on-spot", "draw-lists", "change", "decide"):
        assert seen.about not in units or not seen.about, "given to whom it complains of"
    elif state == "registered" and seen.state != "registered":
        assert not units, "its parts are released"
        seen.drawn = False
    else:
        assert units == seen.units, "a unit came or went unseen"
    seen.units = units
    tasks = set(step.after.tasks.values_list("unit__code", flat=True))
    seen.office_held |= tasks & set(OFFICES)


def fifth_after(day: date) -> date:
    """Five working days later, counted one by one."""
    left, calendar = 5, official()
    while left:
        day = date.fromordinal(day.toordinal() + 1)
        left -= calendar.is_working(day)
    return day


# ------------------------------------------------------------------ one matter, as it stands


def stands_well(matter: Issue) -> None:
    """An open matter has its clocks, a next date and a living hand; one that is over has none."""
    running = list(Clock.objects.filter(issue=matter, stopped_at=None))
    line = Standing.objects.get(issue=matter, to_at=None, assignment=None, task=None)
    assert line.state == matter.state
    if matter.state not in OPEN:
        assert not running, "a clock runs on a matter that is over"
        assert not matter.held
        assert not matter.asked
        return
    kinds = {(c.kind, c.assignment_id, c.task_id) for c in running}
    assert kinds == owed(matter), (kinds ^ owed(matter), matter.state, matter.track)
    nearest = min(running, key=lambda c: (c.due_at, c.pk))
    assert (line.clock_kind, line.due_at) == (nearest.kind, nearest.due_at)
    assert line.turn, "nobody's turn"
    if line.turn == "unit":
        assert line.turn_unit_id is not None
        holders = Holding.objects.filter(post__unit=line.turn_unit_id, to_at=None)
        assert holders.exists(), "a turn without a living hand"
    if line.turn == "leader":
        assert matter.leader_id is not None
    paused = matter.pauses.filter(
        ended_at=None, from_at__lte=clock.now(), until_at__gt=clock.now()
    ).exists()
    assert (nearest.paused_until is not None and nearest.paused_until > clock.now()) == paused
    on_it = matter.assignments.exclude(state="released")
    assert on_it.filter(part="lead").count() == (matter.state in ("triaged", "listed")) or (
        matter.state in ("reported", "verified")
    )
    sights = Sight.objects.filter(issue=matter, why="part", to_at=None)
    assert {s.holder for s in sights} == {
        f"unit:{pk}" for pk in on_it.values_list("unit", flat=True)
    }


def owed(matter: Issue) -> set[tuple[str, int | None, int | None]]:
    """The clocks that have to run, from `life.md`."""
    found: set[tuple[str, int | None, int | None]] = set()
    state, at_work = matter.state, matter.state in ("triaged", "listed")
    dated = matter.track in ("on_site", "scheduled")
    hold = matter.holds.filter(to_at=None).exists()
    own = {
        "registered": "triage",
        "triaged": "answer",
        "reported": "verify",
        "verified": "confirm",
    }
    if state in own:
        found.add((own[state], None, None))
    knows_end = dated and matter.grade and state != "verified" and matter.round == 0
    if knows_end and not hold:
        found.add(("end", None, None))
    replies = not dated and bool(matter.track) and state in ("triaged", "listed", "reported")
    if replies or hold:
        found.add(("next_reply", None, None))
    given = matter.assignments.exclude(state="released").exists()
    if matter.round and given and state in ("triaged", "listed", "reported"):
        found.add(("redo", None, None))
    for part in matter.assignments.exclude(state="released") if at_work else ():
        if part.state == "assigned":
            found.add(("acknowledge", part.pk, None))
        if part.part == "cooperating" and part.state in ("assigned", "working", "disputed"):
            found.add(("cooperating", part.pk, None))
        silent = part.part == "lead" and part.contacted_at is None
        if silent and part.state in ("assigned", "working"):
            found.add(("first_contact", part.pk, None))
        if part.state == "disputed":
            found.add(("objection", part.pk, None))
    for task in matter.tasks.filter(state="open") if state == "listed" else ():
        found.add(("task", task.assignment_id, task.pk))
    for asked in matter.asks.filter(kind="extension", decided_at=None):
        found.add(("extension", asked.assignment_id, None))
    return found


# ------------------------------------------------------------------ everything


def all_agree(remembered: dict[int, Matter], people: dict[str, Person]) -> None:
    """What each may see is what `life.md` says, and the sums of all lists agree."""
    now = clock.now()
    for code, person in people.items():
        seen = set(issues().visible_to(person).values_list("pk", flat=True))
        theirs = {m.pk for m in remembered.values() if sees(m, person)}
        if code != "section":
            assert seen == theirs, (code, seen ^ theirs)
        rows = lines_for(person)
        lights = lights_of(rows, now)
        assert sum(lights.values()) == rows.count(), code
        assert all(rows.with_light(light, now).count() == n for light, n in lights.items())
        by_unit = lights_by(rows, "unit", now)
        assert sum(sum(cut.values()) for cut in by_unit.values()) == rows.count(), code
        if person.role == "unit" and code != "section":
            followed = {m.pk for m in remembered.values() if _follows(m, person)}
            has = {m.pk for m in remembered.values() if person.unit_code in m.units}
            assert set(rows.values_list("issue", flat=True)) == has | followed, code
        elif code != "section":
            assert set(rows.values_list("issue", flat=True)) == theirs, code


def _follows(matter: Matter, person: Person) -> bool:
    return person.raises and matter.by_unit == person.unit_code != matter.about


def sees(m: Matter, person: Person) -> bool:
    """Whether somebody sees a matter, by the classes of `life.md`."""
    sealed = m.handling == "supervision_only"
    over = m.state in ("reported", "verified") or (m.state == "ended" and m.reported)
    match person.role.value:
        case "desk":
            return not sealed
        case "supervision":
            if sealed and m.about == person.unit_code:
                return False
            return not sealed or person.unit_code == "supervision" or over
        case "main_leader":
            return m.handling == "normal" or (sealed and m.about in OFFICES) or m.left
        case "leader" | "assistant":
            return m.leader_sees
        case "enterprise":
            return m.subject == person.subject_id
        case "unit":
            return person.unit_code in m.units or _follows(m, person)
    return False


def replayed(remembered: dict[int, Matter]) -> None:
    """The journal is whole, and read from its beginning it gives the same lists."""
    assert verify(None) == []
    for matter in remembered.values():
        row = Issue.objects.get(pk=matter.pk)
        again = retold(row)
        assert again == (matter.state, matter.ending, matter.level, matter.units), (matter, again)
        line = Standing.objects.get(issue=row, to_at=None, assignment=None, task=None)
        assert (line.state, row.state) == (again[0], again[0])


def retold(row: Issue) -> tuple[str, str, int, set[str]]:
    """State, ending, level and units of a matter, from its entries in the journal alone."""
    state, ending, level, drawn = "registered", "", 0, False
    units: set[str] = set()
    finishers: set[str] = set()
    for told in history(row.county, row.journal_key):
        facts = told.facts
        match told.kind:
            case "issue.triaged":
                state, drawn = "triaged", False
                units = {facts["lead"], *facts["cooperating"]}
            case "issue.ordered":
                state, drawn, units = "listed", True, {facts["unit"]}
            case "issue.listed":
                named = {task["unit"] for task in facts["tasks"]}
                state, drawn, units = "listed", True, named | (units & finishers)
            case "task.finished":
                finishers.add(facts["unit"])
            case "issue.settled":
                state = "reported"
            case "issue.reported":
                state = "reported"
                finishers |= {facts["unit"]} if facts["finished"] else set()
            case "issue.passed" | "issue.verified":
                state = "verified"
            case "issue.sent_back":
                state = "listed" if drawn else "registered"
            case "issue.not_solved":
                state, level = "listed" if drawn else "registered", min(3, level + 1)
            case "issue.reopened":
                level = level if state == "answered" else min(3, level + 1)
                state = "listed" if drawn and state == "ended" else "registered"
                ending = ""
            case "issue.answered":
                state = "answered"
            case "issue.ended":
                state, ending = "ended", facts["ending"]
            case "task.moved":
                units = (units - {facts["unit"]}) | {facts["to"]}
            case "issue.changed" if "lead" in facts:
                units = (units - {facts["was"]}) | {facts["lead"]}
        if state == "registered":
            units, drawn = set(), False
    return state, ending, level, units
