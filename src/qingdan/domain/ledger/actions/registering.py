"""A problem comes in: registered, and given at once where unit and date are known."""

from datetime import date, datetime

from django.db import transaction

from qingdan.domain.enterprises.models import Subject
from qingdan.domain.enterprises.queries import leaders_of
from qingdan.domain.people.models import County, Unit
from qingdan.domain.people.rules import Person, post_holder, subject_holder, unit_holder
from qingdan.domain.people.states import Role
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import Incomplete, NotAllowed, Refusal
from qingdan.foundations.kernel.numbers import next_number
from qingdan.foundations.kernel.words import gettext_noop
from qingdan.foundations.workdays.calendar import official

from ..models import Assignment, Issue, Responsibility, Sight, Task
from ..rules.lists import wrong_date
from ..rules.policy import track_and_grade
from ..rules.results import title_from
from ..states import Handling, Part, S, Source
from .acting import begin, finish, offices_open, show, write_down
from .responsible import answers_for

ONLY_BY_TRIAGE = gettext_noop(
    "A matter of this class is given to a unit by triage, which clears the words first."
)


@transaction.atomic
def register_issue(
    subject: Subject,
    *,
    body: str,
    by: Person,
    source: Source,
    title: str = "",
    handling: Handling = Handling.NORMAL,
    category: str = "",
    about: Unit | None = None,
    unit: Unit | None = None,
    due_on: date | None = None,
    happened_at: datetime | None = None,
    entry: str = "",
    reach: str = "",
) -> Issue:
    """Take a problem into the ledger; with a unit and a date it is given at once.

    An enterprise registers for itself alone, from the portal, and names no unit. entry: what
    links the matters of one entry that named several enterprises.
    """
    now = clock.now()
    _may_register(subject, by, unit)
    wrong: dict[str, Refusal | str] = {}
    if not body.strip():
        wrong["body"] = gettext_noop("Write what they said, in their own words.")
    if (unit is None) != (due_on is None):
        wrong["due_on" if unit else "unit"] = gettext_noop(
            "To give it at once, name the unit and the date."
        )
    if unit is not None and handling != Handling.NORMAL:
        wrong["unit"] = ONLY_BY_TRIAGE
    if unit is not None and due_on is not None and "unit" not in wrong:
        wrong |= wrong_order(unit, due_on, now, about=about)
    if wrong:
        raise Incomplete(wrong)
    issue = _create(
        subject,
        by=by,
        now=now,
        title=title.strip() or title_from(body),
        body=body.strip(),
        source=source,
        handling=handling,
        category=category,
        about=about,
        happened_at=happened_at or now,
        entry=entry,
        reach=reach,
    )
    if unit is not None and due_on is not None:
        columns = _order(issue, unit, due_on, issue.title, at=now) | {"state": S.LISTED.value}
        for name, value in columns.items():  # nobody has read it yet: no step, no version
            setattr(issue, name, value)
        issue.save(update_fields=list(columns))
    issue.stand(now)
    words = {"title": issue.title, "body": issue.body, "reach": reach}
    facts = {"source": source.value, "class": handling.value}
    write_down(
        "issue.registered", issue, by=by, at=now, words=words, happened_at=happened_at, **facts
    )
    if unit is not None and due_on is not None:
        write_down(
            "issue.ordered",
            issue,
            by=by,
            at=now,
            words={"text": issue.title},
            unit=unit.code,
            due_on=due_on,
            track=issue.track,
        )
    return issue


def _may_register(subject: Subject, by: Person, unit: Unit | None) -> None:
    if by.role == Role.ENTERPRISE:
        if subject.pk != by.subject_id or unit is not None:
            raise NotAllowed
    elif not (by.role in (Role.DESK, Role.SUPERVISION, Role.LEADER, Role.ASSISTANT) or by.raises):
        raise NotAllowed


def _create(
    subject: Subject,
    *,
    by: Person,
    now: datetime,
    title: str,
    body: str,
    source: Source,
    handling: Handling,
    category: str,
    about: Unit | None,
    happened_at: datetime,
    entry: str,
    reach: str,
) -> Issue:
    county = County.objects.get(pk=by.county)
    liaisons = leaders_of(subject, clock.date_of(now))
    year = clock.date_of(now).year
    issue = Issue.objects.create(
        county=county.code,
        prefix=county.prefix,
        policy=county.policy,
        year=year,
        number=next_number(county.code, "issue", year),
        subject=subject,
        park_id=subject.park_id,
        leader_id=liaisons[0].leader_id if liaisons else _own_leader(by),
        title=title,
        body=body,
        source=source.value,
        handling=handling.value,
        category=category,
        about=about,
        entry=entry,
        reach=reach,
        happened_at=happened_at,
        registered_at=now,
        waiting_from=now,
        registered_by_id=by.post_id,
        registered_unit_id=by.unit_id if by.raises else None,
    )
    _first_sights(issue, by, [post_holder(one.leader_id) for one in liaisons], now)
    return issue


def _own_leader(by: Person) -> int | None:
    """Of an enterprise that no leader is linked to, the leader who brings its problem home."""
    return by.post_id if by.role == Role.LEADER else by.behalf_id


def _first_sights(issue: Issue, by: Person, leaders: list[str], now: datetime) -> None:
    """Its enterprise, its linked leaders, who registered it (D10); no leader of a hidden one."""
    rows = [(subject_holder(issue.subject_id), "subject")]
    if issue.handling == Handling.NORMAL:
        rows += [(holder, "liaison") for holder in leaders]
        if by.role in (Role.LEADER, Role.ASSISTANT) and by.holder not in leaders:
            rows.append((by.holder, "registered"))
    if by.raises and by.unit_id is not None and by.unit_id != issue.about_id:
        rows.append((unit_holder(by.unit_id), "registered"))
    Sight.objects.bulk_create(
        Sight(county=issue.county, issue=issue, holder=holder, why=why, from_at=now)
        for holder, why in rows
    )


def wrong_order(
    unit: Unit, due_on: date, now: datetime, *, about: Unit | None
) -> dict[str, Refusal | str]:
    """Why this unit cannot be ordered to be done by this date."""
    wrong: dict[str, Refusal | str] = {}
    if about is not None and unit.pk == about.pk:
        wrong["unit"] = gettext_noop("The unit that a matter complains of is never given it.")
    calendar = official()
    if refusal := wrong_date(
        due_on,
        today=clock.date_of(now),
        offices_open=offices_open(now),
        end_on=None,
        calendar=calendar,
    ):
        wrong["due_on"] = refusal
    return wrong


@transaction.atomic
def order_on_spot(issue: Issue, unit: Unit, due_on: date, text: str, *, by: Person) -> None:
    """现场交办: a unit, a date and one sentence make a task at once; the date is the end date."""
    now = begin("order-on-spot", issue, by)
    wrong = wrong_order(unit, due_on, now, about=issue.about)
    if issue.handling != Handling.NORMAL:
        wrong["unit"] = ONLY_BY_TRIAGE
    if not text.strip():
        wrong["text"] = gettext_noop("Say in one sentence what is to be done.")
    if wrong:
        raise Incomplete(wrong)
    columns = _order(issue, unit, due_on, text.strip(), at=now)
    finish(
        "order-on-spot",
        issue,
        by=by,
        at=now,
        kind="issue.ordered",
        words={"text": text.strip()},
        columns=columns,
        unit=unit.code,
        due_on=due_on,
        track=columns["track"],
    )


def _order(
    issue: Issue, unit: Unit, due_on: date, text: str, *, at: datetime
) -> dict[str, object]:
    """Give the matter with one task; hand back the columns that come with it."""
    days = official().working_days_between(clock.date_of(at), due_on)
    track, grade = track_and_grade(days)
    part = assign(issue, unit, Part.LEAD, at)
    Task.objects.create(
        county=issue.county,
        issue=issue,
        assignment=part,
        unit=unit,
        number=issue.tasks.count() + 1,
        title=text[:200],
        due_on=due_on,
        drawn_at=at,
        dated_at=at,
    )
    columns: dict[str, object] = {
        "track": track.value,
        "grade": grade.value,
        "end_on": due_on,
        "end_dated_at": at,
        "approach": text,
        "triaged_at": at,
        "listed_at": at,
        "replied_at": at,
    }
    if issue.round:
        columns["redo_from"] = at
    return columns


def assign(issue: Issue, unit: Unit, part: Part, at: datetime) -> Assignment:
    """Give a unit its part: the assignment, who answers for it, and the matter in its sight."""
    given = Assignment.objects.create(
        county=issue.county, issue=issue, unit=unit, part=part.value, assigned_at=at
    )
    leader, person = answers_for(unit)
    Responsibility.objects.create(
        county=issue.county,
        issue=issue,
        assignment=given,
        unit=unit,
        leader=leader,
        person=person,
        from_at=at,
    )
    show(issue, unit_holder(unit.pk), "part", at)
    issue.__dict__.pop("parts", None)
    return given
