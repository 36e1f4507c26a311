"""What a row of a list says, and the words for states, tracks and parts that every door uses."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from qingdan.domain.ledger.models import Clock, Issue, Standing
from qingdan.domain.ledger.models.clocks import reckoned
from qingdan.domain.ledger.queries import FIRST_SUPERVISION, reads_shown_words, words_for
from qingdan.domain.ledger.rules.lights import light
from qingdan.domain.ledger.states import (
    ClockKind,
    Ending,
    Grade,
    Handling,
    Light,
    Part,
    ResultKind,
    S,
    Source,
    Track,
    Turn,
)
from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role
from qingdan.foundations.workdays.due import Due


@dataclass(frozen=True, slots=True)
class Row:
    """A row answers: how urgent, which matter, whose, on whom, by when, whose turn.

    light, due_at, paused and provisional are those of the clock that this reader watches. who is
    empty where nobody's turn it is, firm where the enterprise is hidden from the reader. ours: it
    is the reader's turn. cursor: where the next page goes on, were this the last row.
    """

    light: Light
    due_at: datetime
    clock_kind: str
    year: int
    number: int
    short: str
    ref: str
    title: str
    firm: str
    unit: str
    who: str
    what: str
    ours: bool
    part: str
    state: str
    cursor: str
    standing: Standing

    @property
    def late(self) -> bool:
        return self.light == Light.RED

    @property
    def key(self) -> str:
        return f"{self.year}/{self.number}"

    @property
    def turn(self) -> str:
        """`市场监管局：报办结结果`, as a list says it."""
        if not self.who:
            return self.what
        return _("%(who)s: %(what)s") % {"who": self.who, "what": self.what}

    @property
    def next_step(self) -> str:
        """`该市场监管局：报办结结果`, as the next-step bar says it."""
        if self.ours:
            return _("Your turn: %(what)s") % {"what": self.what}
        if not self.who:
            return self.what
        return _("Next, %(who)s: %(what)s") % {"who": self.who, "what": self.what}


def rows_of(standings: Iterable[Standing], person: Person, now: datetime) -> list[Row]:
    """The rows of `lines_for(person)…for_rows()`; asks the database nothing more."""
    return [row_of(one, person, now) for one in standings]


def row_of(standing: Standing, person: Person, now: datetime) -> Row:
    issue = standing.issue
    return Row(
        light=light(standing, now),
        due_at=standing.due_at,
        clock_kind=standing.clock_kind,
        year=issue.year,
        number=issue.number,
        short=issue.ref.short,
        ref=str(issue.ref),
        title=words_for(issue, person)[0],
        firm="" if reads_shown_words(issue, person) else issue.subject.short_name,
        unit=standing.unit.short_name if standing.unit else "",
        who=whose_turn(standing, issue, person),
        what=what_next(standing, issue),
        ours=is_ours(standing, issue, person),
        part=standing.part,
        state=standing.state,
        cursor=f"{standing.due_at.isoformat()}~{standing.pk}",
        standing=standing,
    )


def why_of(running: Clock) -> Due:
    """Why a clock is due when it is, reckoned again from what stands in its row."""
    return reckoned(running)


def parse_cursor(text: str) -> tuple[datetime, int] | None:
    """Where a page goes on, from the address; None for the first page and for nonsense."""
    moment, _sep, number = text.partition("~")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, int(number)) if at.tzinfo else None


def is_ours(standing: Standing, issue: Issue, person: Person) -> bool:
    """Whether it is this reader's turn."""
    match standing.turn:
        case Turn.DESK:
            return stands_at_the_desk(issue, person)
        case Turn.UNIT:
            return person.role == Role.UNIT and standing.turn_unit_id == person.unit_id
        case Turn.ENTERPRISE:
            return person.role == Role.ENTERPRISE
        case Turn.SUPERVISION:
            return person.role == Role.SUPERVISION
        case Turn.LEADER:
            leads = person.role in (Role.LEADER, Role.ASSISTANT)
            return leads and issue.leader_id in (person.post_id, person.behalf_id)
    return False


def stands_at_the_desk(issue: Issue, person: Person) -> bool:
    """The desk; of a matter sent to the supervision office alone, that office."""
    if issue.handling == Handling.SUPERVISION_ONLY:
        return person.role == Role.SUPERVISION and person.unit_code == FIRST_SUPERVISION
    return person.role == Role.DESK


def whose_turn(standing: Standing, issue: Issue, person: Person) -> str:
    """Who is to act, as this reader calls them."""
    if is_ours(standing, issue, person):
        return _("You") if person.role == Role.ENTERPRISE else _("We")
    match standing.turn:
        case Turn.DESK:
            sealed = issue.handling == Handling.SUPERVISION_ONLY
            return _("Supervision office") if sealed else _("Service desk")
        case Turn.UNIT:
            return standing.turn_unit.short_name if standing.turn_unit else ""
        case Turn.ENTERPRISE:
            return _("Enterprise")
        case Turn.SUPERVISION:
            return _("Supervision office")
        case Turn.LEADER:
            return _("The linked leader")
    return ""


def what_next(standing: Standing, issue: Issue) -> str:
    """What is to be done next: the nearest clock's work, a task by its own title."""
    match issue.state:
        case S.ENDED:
            return ending_words(issue.ending)
        case S.ANSWERED:
            return _("answered")
        case S.REGISTERED:
            return _("triage")
        case S.REPORTED if standing.turn == Turn.DESK:
            return _("verify the result")
        case S.VERIFIED:
            return _("say whether it is solved")
    if standing.clock_kind == ClockKind.TASK and standing.clock and standing.clock.task:
        return standing.clock.task.title
    if issue.state == S.TRIAGED and standing.clock_kind in (
        ClockKind.END,
        ClockKind.REDO,
        ClockKind.NEXT_REPLY,
    ):
        return _("draw the lists")
    return clock_words(standing.clock_kind)


def clock_words(kind: str) -> str:
    """What a clock asks for."""
    names = {
        ClockKind.TRIAGE: _("triage"),
        ClockKind.ANSWER: _("draw the lists"),
        ClockKind.END: _("report the result"),
        ClockKind.NEXT_REPLY: _("say how it goes"),
        ClockKind.ACKNOWLEDGE: _("acknowledge"),
        ClockKind.COOPERATING: _("do its part"),
        ClockKind.FIRST_CONTACT: _("contact the enterprise"),
        ClockKind.TASK: _("finish the task"),
        ClockKind.OBJECTION: _("decide the objection"),
        ClockKind.EXTENSION: _("decide the extension"),
        ClockKind.VERIFY: _("verify the result"),
        ClockKind.CONFIRM: _("say whether it is solved"),
        ClockKind.REDO: _("do it again and report"),
    }
    return names.get(ClockKind(kind), "") if kind else ""


def state_words(state: str) -> str:
    names = {
        S.REGISTERED: _("to be triaged"),
        S.TRIAGED: _("to be listed"),
        S.ANSWERED: _("answered"),
        S.LISTED: _("in work"),
        S.REPORTED: _("to be verified"),
        S.VERIFIED: _("waiting for the enterprise"),
        S.ENDED: _("written off"),
    }
    return names[S(state)]


def ending_words(ending: str) -> str:
    names = {
        Ending.CONFIRMED: _("confirmed by the enterprise"),
        Ending.UNANSWERED: _("ended without an answer"),
        Ending.EXPLAINED: _("ended with an explanation"),
        Ending.DECLINED: _("not accepted"),
        Ending.WITHDRAWN: _("withdrawn"),
    }
    return names.get(Ending(ending), "") if ending else ""


def track_words(track: str) -> str:
    names = {
        Track.ON_SITE: _("on the spot"),
        Track.SCHEDULED: _("by a date"),
        Track.COMMON: _("as a project"),
        Track.LONG_TERM: _("against a deadline"),
    }
    return names.get(Track(track), "") if track else ""


def grade_words(grade: str) -> str:
    names = {
        Grade.A: _("difficult or long-standing"),
        Grade.B: _("ordinary, several departments"),
        Grade.C: _("simple"),
    }
    return names.get(Grade(grade), "") if grade else ""


def class_words(handling: str) -> str:
    names = {
        Handling.NORMAL: _("normal handling"),
        Handling.NAME_HIDDEN: _("name hidden"),
        Handling.SUPERVISION_ONLY: _("to the supervision office alone"),
    }
    return names[Handling(handling)]


def part_words(part: str) -> str:
    names = {
        Part.LEAD: _("lead"),
        Part.COOPERATING: _("cooperating"),
        Part.EXECUTING: _("executing"),
    }
    return names.get(Part(part), "") if part else ""


def source_words(source: str) -> str:
    names = {
        Source.VISIT: _("heard on a visit"),
        Source.PORTAL: _("raised on its page"),
        Source.DESK: _("told at the desk"),
        Source.TELEPHONE: _("told by telephone"),
        Source.LETTER: _("written in a letter"),
        Source.MEETING: _("said in a meeting"),
        Source.HOTLINE: _("from the hotline"),
        Source.IMPORT: _("taken over"),
        Source.API: _("sent by another system"),
    }
    return names[Source(source)]


def result_words(kind: str) -> str:
    names = {
        ResultKind.SOLVED: _("solved"),
        ResultKind.PARTLY: _("partly solved"),
        ResultKind.EXPLAINED: _("explained"),
    }
    return names[ResultKind(kind)]


def light_words(value: str) -> str:
    names = {
        Light.RED: _("Overdue"),
        Light.YELLOW: _("Soon due"),
        Light.GREEN: _("On time"),
        Light.GREY: _("Paused"),
        Light.OFF: _("No clock"),
    }
    return names[Light(value)]
