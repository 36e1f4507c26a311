"""What may somebody do with a matter now? Actions refuse by it, pages draw their buttons from it.

`require_ready` is one table: what an act needs besides the state, such as a part that was
acknowledged. The action asks it before it reads a body, a page before it draws a button, so that
neither can promise what the other refuses.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from django.db.models import Q

from qingdan.domain.people.models import Holding, Post
from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Duty, Role
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import Refusal, StepNotOpen
from qingdan.foundations.kernel.words import gettext_noop
from qingdan.foundations.workdays.calendar import official
from qingdan.foundations.workdays.due import due

from ..models import Asked, Assignment, Clock, Handled, Issue, Pause, Task
from ..rules.policy import policy
from ..rules.rights import HERE, NEVER_WHO_HANDLED, STANDS_IN, VERIFIES, WHO, may
from ..states import (
    ISSUE_LIFE,
    A,
    AskedFor,
    ClockKind,
    ContactKind,
    Ending,
    Handling,
    Part,
    ResultKind,
    S,
)
from .seeing import FIRST_SUPERVISION

ACKNOWLEDGE_FIRST = gettext_noop("Acknowledge first.")

# ------------------------------------------------------------------ who somebody is to a matter


def letters_of(issue: Issue, person: Person) -> frozenset[str]:
    """What somebody is to a matter, in the letters of the table of acts (`rules.rights`)."""
    letters: set[str] = set()
    sealed = issue.handling == Handling.SUPERVISION_ONLY
    if sealed:
        letters |= _sealed_letters(issue, person)
    elif person.role == Role.DESK:
        letters.add("D")
    elif person.role == Role.SUPERVISION:
        letters.add("S")
    if person.role == Role.MAIN_LEADER and "sealed" not in letters:
        letters |= {f"stands:{act}" for act in _left_to_main_leader(issue)}
    if person.role in (Role.LEADER, Role.ASSISTANT):
        letters.add("L")
    if person.role == Role.ENTERPRISE and person.subject_id == issue.subject_id:
        letters.add("E")
    if person.unit_id is not None and person.role in (Role.UNIT, Role.DESK, Role.SUPERVISION):
        for part in issue.parts:
            if part.unit_id == person.unit_id:
                letters.add("U")
                if part.part == Part.LEAD:
                    letters.add("lead")
        if person.raises and issue.registered_unit_id == person.unit_id:
            letters.add("P")
    return frozenset(letters)


def _sealed_letters(issue: Issue, person: Person) -> set[str]:
    """Of a sealed matter: the first office runs it, the other verifies, and where one of them is
    complained of, or the desk, the main leader stands there."""
    about = issue.about.code if issue.about is not None else ""
    if person.role == Role.SUPERVISION:
        runs = person.unit_code == FIRST_SUPERVISION
        return {"D", "S", "sealed"} if runs else {"V"}
    if person.role == Role.MAIN_LEADER:
        return {"V"} if about == "supervision-2" else {"D", "S", "sealed"}
    return set()


def has_handled(issue: Issue, person: Person) -> bool:
    """Whether this person handled the matter, or sits in the desk or office that held a task."""
    if Handled.objects.filter(issue=issue, person=person.key).exists():
        return True
    held = Task.objects.filter(issue=issue, unit=person.unit_id)
    return person.is_office and person.unit_id is not None and held.exists()


def free_hands(issue: Issue, *, besides: str = "") -> tuple[bool, bool]:
    """Whether somebody at the desk, and somebody of the supervision office, is left for what only
    they do who did not handle it.

    Not free is who handled it, whose office held a task of it, who asked for the decline that
    waits, and `besides`. A sealed matter has the first supervision office alone for both.
    """
    busy = set(Handled.objects.filter(issue=issue).values_list("person", flat=True)) | {besides}
    busy |= {one.asker for one in issue.waiting if one.kind == AskedFor.DECLINE}
    posts = Post.objects.filter(county=issue.county, role__in=(Role.DESK, Role.SUPERVISION))
    sealed = issue.handling == Handling.SUPERVISION_ONLY
    if sealed:
        posts = posts.filter(unit__code=FIRST_SUPERVISION)
    if issue.about_id is not None:
        posts = posts.exclude(unit=issue.about_id)
    held = Task.objects.filter(issue=issue).values("unit")
    now = clock.now()
    users = Holding.objects.filter(post__in=posts.exclude(unit__in=held), from_at__lte=now)
    users = users.filter(Q(to_at=None) | Q(to_at__gt=now), user__is_active=True)
    free = {
        role
        for role, user in users.values_list("post__role", "user")
        if f"user:{user}" not in busy
    }
    if sealed:
        return bool(free), bool(free)
    return Role.DESK in free, Role.SUPERVISION in free


def asks_for_free_hands(issue: Issue) -> bool:
    """Whether somebody who did not handle the matter has to act on it now."""
    waits = any(one.kind in (AskedFor.WITHDRAWAL, AskedFor.DECLINE) for one in issue.waiting)
    return waits or issue.state in (S.REPORTED, S.VERIFIED)


def _left_to_main_leader(issue: Issue) -> set[str]:
    """The acts for which nobody is left: the main leader does them."""
    if not asks_for_free_hands(issue):
        return set()
    desk, office = free_hands(issue)
    sealed = issue.handling == Handling.SUPERVISION_ONLY
    return {
        act
        for act in STANDS_IN
        if not (desk and "D" in WHO[act])
        and not (office and "S" in WHO[act])
        and not (sealed and act in VERIFIES)
    }


# ------------------------------------------------------------------ what an act needs besides


def require_ready(act: str, issue: Issue, person: Person) -> None:
    """Raise StepNotOpen, with what is to be done first, where something is missing for the act."""
    if act not in WHILE_A_DECLINE_WAITS and _waits(issue, AskedFor.DECLINE):
        raise StepNotOpen(
            gettext_noop("It is asked not to accept this matter. Decide that first.")
        )
    need = NEEDS.get(act)
    if need is not None:
        need(issue, person, clock.now())


WHILE_A_DECLINE_WAITS = frozenset({"progress", "contact", "nudge", "approve-decline"})


def _waits(issue: Issue, kind: AskedFor) -> list[Asked]:
    return [asked for asked in issue.waiting if asked.kind == kind]


def _mine(issue: Issue, person: Person) -> Assignment | None:
    return next((part for part in issue.parts if part.unit_id == person.unit_id), None)


def _undisputed(part: Assignment | None) -> None:
    if part is not None and part.state == A.DISPUTED:
        raise StepNotOpen(
            gettext_noop("Your unit asked for another one. Wait for that to be decided.")
        )


def _acknowledges(issue: Issue, person: Person, now: datetime) -> None:
    mine = _mine(issue, person)
    _undisputed(mine)
    if mine is None or mine.state != A.ASSIGNED:
        raise StepNotOpen


def _works(issue: Issue, person: Person, now: datetime) -> None:
    mine = _mine(issue, person)
    _undisputed(mine)
    if mine is not None and mine.state == A.ASSIGNED:
        raise StepNotOpen(ACKNOWLEDGE_FIRST)
    if mine is None or mine.state != A.WORKING:
        raise StepNotOpen


def _speaks(issue: Issue, person: Person, now: datetime) -> None:
    mine = _mine(issue, person)
    _undisputed(mine)
    if mine is not None and mine.state == A.ASSIGNED:
        raise StepNotOpen(ACKNOWLEDGE_FIRST)


def _none_disputed(issue: Issue, person: Person, now: datetime) -> None:
    if any(part.state == A.DISPUTED for part in issue.parts):
        raise StepNotOpen(
            gettext_noop("A unit asks for another one to do this. Decide that first.")
        )


def _draws(issue: Issue, person: Person, now: datetime) -> None:
    _none_disputed(issue, person, now)
    lead, mine = issue.lead, _mine(issue, person)
    if lead is None:
        raise StepNotOpen
    if mine is not None and mine.pk == lead.pk and mine.state == A.ASSIGNED:
        raise StepNotOpen(ACKNOWLEDGE_FIRST)


def _reports(issue: Issue, person: Person, now: datetime) -> None:
    _none_disputed(issue, person, now)
    _works(issue, person, now)
    if _waits(issue, AskedFor.RESULT) and person.duty not in (Duty.HEAD, Duty.DEPUTY):
        raise StepNotOpen(gettext_noop("The result waits for your deputy's yes."))


def _objects(issue: Issue, person: Person, now: datetime) -> None:
    mine = _mine(issue, person)
    _undisputed(mine)
    if mine is None or mine.state != A.ASSIGNED:
        raise StepNotOpen
    before = Asked.objects.filter(issue=issue, kind=AskedFor.OBJECTION.value)
    if before.filter(assignment__unit=mine.unit_id).exists():
        raise StepNotOpen(gettext_noop("Your unit asked once already. That decision binds."))
    limit = policy(issue.policy).object_within
    if now > due(mine.assigned_at, limit, official(), pauses=_pauses(issue)).at:
        raise StepNotOpen(
            gettext_noop("The time to ask for another unit is over. Speak with the desk.")
        )


def _pauses(issue: Issue) -> list[tuple[datetime, datetime]]:
    if not issue.interrupted:
        return []
    return [(p.from_at, max(p.from_at, p.ended_at or p.until_at)) for p in issue.pauses.all()]


def nudge_day(now: datetime) -> date:
    """The working day for which a nudge counts: each person has one a day."""
    return official().next_working_day(clock.date_of(now))


def running_pause(issue: Issue, now: datetime) -> Pause | None:
    """The pause in which the matter's clocks stand still now."""
    if not issue.interrupted:
        return None
    found: Pause | None = issue.pauses.filter(
        ended_at=None, from_at__lte=now, until_at__gt=now
    ).first()
    return found


def extends_from(issue: Issue, part: Assignment) -> date | None:
    """The date that an extension of this part would move: the lead's end date, or the last task's.

    A lead whose matter has no end date moves his own last task too.
    """
    running = Clock.objects.filter(issue=issue, stopped_at=None).order_by("-due_on")
    if part.part == Part.LEAD and (end := running.filter(kind=ClockKind.END.value).first()):
        return end.due_on
    last = running.filter(kind=ClockKind.TASK.value, task__unit=part.unit_id).first()
    return last.due_on if last else None


def _asks_extension(issue: Issue, person: Person, now: datetime) -> None:
    _works(issue, person, now)
    mine = _mine(issue, person)
    if mine is None:
        raise StepNotOpen
    if issue.round or issue.held or running_pause(issue, now):
        raise StepNotOpen(
            gettext_noop("In a hold, a pause or a redo no date can be asked to move.")
        )
    rules = policy(issue.policy).extension
    asked = Asked.objects.filter(
        issue=issue, kind=AskedFor.EXTENSION.value, assignment=mine
    ).exclude(granted=False, decided_at__isnull=False)
    if any(one.decided_at is None for one in asked):
        raise StepNotOpen(gettext_noop("A new date is asked for already. Wait for the decision."))
    if sum(one.granted is True for one in asked) >= rules.max_times:
        raise StepNotOpen(gettext_noop("The date was moved as often as it may be."))
    day = extends_from(issue, mine)
    if day is None:
        raise StepNotOpen
    if official().working_days_between(clock.date_of(now), day) < rules.asked_before:
        raise StepNotOpen(
            gettext_noop("A new date is asked for at least two working days before the old one.")
        )


def _decides(kind: AskedFor) -> Callable[[Issue, Person, datetime], None]:
    def need(issue: Issue, person: Person, now: datetime) -> None:
        if not _waits(issue, kind):
            raise StepNotOpen(gettext_noop("Nothing is asked that would wait for a decision."))

    return need


def _not_paused(issue: Issue, person: Person, now: datetime) -> None:
    if running_pause(issue, now):
        raise StepNotOpen(gettext_noop("Its clocks stand still already. Resume them first."))


def _paused(issue: Issue, person: Person, now: datetime) -> None:
    if not running_pause(issue, now):
        raise StepNotOpen(gettext_noop("Its clocks are running."))


def _held(issue: Issue, person: Person, now: datetime) -> None:
    if not issue.held:
        raise StepNotOpen(gettext_noop("Nothing holds this matter."))


def _declines(issue: Issue, person: Person, now: datetime) -> None:
    """Two persons decline: where nobody else could decide, nobody asks."""
    if person.role == Role.MAIN_LEADER and not any(free_hands(issue, besides=person.key)):
        raise StepNotOpen(gettext_noop("Nobody else could decide this with you."))


def _withdraws(issue: Issue, person: Person, now: datetime) -> None:
    asked = _waits(issue, AskedFor.WITHDRAWAL)
    if person.role == Role.ENTERPRISE:
        if asked:
            raise StepNotOpen(gettext_noop("You asked already. Somebody will call you back."))
        return
    if not asked:
        raise StepNotOpen(gettext_noop("The enterprise did not ask to withdraw it."))
    called = issue.contacts_made.filter(
        kind=ContactKind.CALL_BACK.value, recorded_at__gte=asked[0].asked_at
    )
    if not called.exists():
        raise StepNotOpen(
            gettext_noop("Call the enterprise back first: somebody who did not handle it.")
        )


def _explained(issue: Issue, person: Person, now: datetime) -> None:
    last = issue.results.order_by("pk").last()
    if last is None or last.kind not in (ResultKind.PARTLY, ResultKind.EXPLAINED):
        raise StepNotOpen(
            gettext_noop("Only a result that solves it partly or explains it ends this way.")
        )


def attempts(issue: Issue) -> list[date]:
    """The days on which somebody tried to reach the enterprise since the last verified."""
    tried = issue.contacts_made.filter(
        kind=ContactKind.ATTEMPT.value, recorded_at__gte=issue.verified_at
    )
    days = {clock.date_of(at) for at in tried.values_list("recorded_at", flat=True)}
    return sorted(days)


def _lapses(issue: Issue, person: Person, now: datetime) -> None:
    rules = policy(issue.policy).silence
    if len(attempts(issue)) < rules.attempts:
        raise StepNotOpen(
            gettext_noop("Try to reach the enterprise on two days first, and note each attempt.")
        )
    runs = Clock.objects.filter(issue=issue, kind=ClockKind.CONFIRM.value, stopped_at=None).first()
    if runs is None or clock.date_of(now) <= runs.due_on:
        raise StepNotOpen(
            gettext_noop("The enterprise still has time to answer. Wait for its five days.")
        )


def _rates(issue: Issue, person: Person, now: datetime) -> None:
    if issue.state == S.ENDED and issue.ending != Ending.CONFIRMED:
        raise StepNotOpen
    if issue.state == S.ENDED and too_late(issue, now):
        raise StepNotOpen(gettext_noop("The time for rating is over."))
    if issue.ratings.exists():
        raise StepNotOpen(gettext_noop("You rated this matter already. Thank you."))


def _reopens(issue: Issue, person: Person, now: datetime) -> None:
    if too_late(issue, now):
        raise StepNotOpen(
            gettext_noop("The time to reopen is over. Please raise it as a new matter.")
        )


def too_late(issue: Issue, now: datetime) -> bool:
    """Whether the days in which a matter can be rated or reopened are over."""
    days = policy(issue.policy).reopen_days
    return issue.ended_at is not None and (now - issue.ended_at).total_seconds() > days * 86400


def contacts_open(issue: Issue, person: Person) -> frozenset[ContactKind]:
    """The kinds of contact that this person could note now."""
    letters = letters_of(issue, person)
    found: set[ContactKind] = set()
    if issue.state in (S.TRIAGED, S.LISTED) and makes_first_contact(issue, person, letters):
        part = issue.lead if "U" not in letters else _mine(issue, person)
        if part and part.state in (A.ASSIGNED, A.WORKING) and part.contacted_at is None:
            found.add(ContactKind.FIRST)
    if letters & {"D", "S", "stands:contact"}:
        if issue.state == S.VERIFIED:
            found.add(ContactKind.ATTEMPT)
        calls = issue.state == S.VERIFIED or _waits(issue, AskedFor.WITHDRAWAL)
        if calls and not has_handled(issue, person):
            found.add(ContactKind.CALL_BACK)
    return frozenset(found)


def makes_first_contact(issue: Issue, person: Person, letters: frozenset[str]) -> bool:
    """A unit for its own part; of a name-hidden matter the desk for the lead (D11)."""
    if issue.handling == Handling.NAME_HIDDEN:
        return "D" in letters
    return "U" in letters


def _reaches(issue: Issue, person: Person, now: datetime) -> None:
    if not contacts_open(issue, person):
        raise StepNotOpen


NEEDS: Mapping[str, Callable[[Issue, Person, datetime], None]] = {
    "acknowledge": _acknowledges,
    "object": _objects,
    "decide": _decides(AskedFor.OBJECTION),
    "finish-task": _works,
    "progress": _speaks,
    "contact": _reaches,
    "draw-lists": _draws,
    "report-result": _reports,
    "request-extension": _asks_extension,
    "grant-extension": _decides(AskedFor.EXTENSION),
    "pause": _not_paused,
    "resume": _paused,
    "release": _held,
    "withdraw": _withdraws,
    "decline": _declines,
    "approve-decline": _decides(AskedFor.DECLINE),
    "approve-explanation": _explained,
    "lapse": _lapses,
    "rate": _rates,
    "reopen": _reopens,
}

# ------------------------------------------------------------------ what buttons are drawn from


def open_acts(issue: Issue, person: Person) -> frozenset[str]:
    """The acts that this person may do on this matter now: what buttons are drawn from."""
    letters = letters_of(issue, person)
    found = {act for act in ISSUE_LIFE.open_acts(issue.state) & HERE if may(act, letters)}
    if found & NEVER_WHO_HANDLED and has_handled(issue, person):
        found -= NEVER_WHO_HANDLED
    found = {act for act in found if _is_ready(act, issue, person)}
    mine = _mine(issue, person)
    if mine is not None and mine.state != A.WORKING and letters <= {"U", "lead"}:
        found -= {"progress"}  # it may still say something, but nobody waits for it
    if "E" not in letters:
        found -= {"confirm"}  # taken down by telephone or on paper: on a page of its own
    found -= _not_mine_to_decide(issue, person, letters, found)
    if (
        "nudge" in found
        and issue.nudges.filter(person=person.key, day=nudge_day(clock.now())).exists()
    ):
        found -= {"nudge"}
    return frozenset(found)


def _is_ready(act: str, issue: Issue, person: Person) -> bool:
    try:
        require_ready(act, issue, person)
    except Refusal:
        return False
    return True


def _not_mine_to_decide(
    issue: Issue, person: Person, letters: frozenset[str], found: set[str]
) -> set[str]:
    """What waits for a decision, but of somebody else."""
    others = set()
    for act, kind in (("decide", AskedFor.OBJECTION), ("grant-extension", AskedFor.EXTENSION)):
        if act in found and not any(decides(one, letters) for one in _waits(issue, kind)):
            others.add(act)
    if "approve-decline" in found and any(
        one.asker == person.key for one in _waits(issue, AskedFor.DECLINE)
    ):
        others.add("approve-decline")
    if "release" in found and "L" not in letters and issue.held:
        hold = issue.holds.filter(to_at=None).first()
        if hold is not None and hold.kind == "carried":
            others.add("release")
    return others


def decides(asked: Asked, letters: frozenset[str]) -> bool:
    """Whether somebody with these letters decides what was asked.

    The third objection is the supervision office's alone, and so is an extension that the policy
    gives to it; what the desk decides of extensions, the supervision office may decide too.
    """
    if asked.decides == "supervision":
        return "S" in letters
    if asked.kind == AskedFor.EXTENSION:
        return bool(letters & {"D", "S"})
    return "D" in letters
