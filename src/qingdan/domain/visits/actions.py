"""What is done on a visit: who goes along, noting a finding, or that there is none."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from qingdan.domain.enterprises.models import Subject
from qingdan.domain.ledger.actions.perform import perform
from qingdan.domain.ledger.actions.registering import register_issue
from qingdan.domain.ledger.states import Source
from qingdan.domain.people.models import Post
from qingdan.domain.people.rules import Person, subject_holder
from qingdan.domain.people.states import Role
from qingdan.foundations.journal.record import Note, record_many
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import Incomplete, NotAllowed, Refusal, StepNotOpen
from qingdan.foundations.kernel.words import gettext_noop

from .models import Companion, Finding, Outing, Stop
from .queries import GO_ALONG, LEADS, called
from .states import Goes, OutingKind, Way

NO_COMPANY = gettext_noop("Only leaders of the county and posts of its units go along.")


@transaction.atomic
def note_finding(
    stop: Stop,
    text: str,
    way: Way,
    fields: Mapping[str, Any],
    *,
    key: str,
    by: Person,
    title: str = "",
) -> Finding:
    """Note what an enterprise said and how it goes on: one act, one matter.

    fields: of an order `unit`, `due_on` and, if the sentence differs from what was said, `text`;
    of what was settled `text` and `evidence`. key: names this sending, so that a second one of
    the same hands back the first.
    """
    _may(by)
    Stop.objects.select_for_update().get(pk=stop.pk)  # of two sendings one waits, then looks
    if sent := Finding.objects.filter(county=stop.county, stop=stop, key=key).first():
        return sent
    issue = register_issue(stop.subject, body=text, title=title, by=by, source=Source.VISIT)
    if way == Way.ORDERED:
        perform("order-on-spot", issue, {"text": issue.title} | dict(fields), by=by)
    elif way == Way.SETTLED:
        perform("settle-on-site", issue, fields, by=by)
    last = stop.findings.aggregate(last=Max("number"))["last"] or 0
    Stop.objects.filter(pk=stop.pk).exclude(nothing_at=None).update(nothing_at=None)
    return Finding.objects.create(
        county=stop.county,
        stop=stop,
        issue=issue,
        number=last + 1,
        way=way.value,
        key=key,
        noted_at=clock.now(),
    )


@transaction.atomic
def nothing_to_report(stop: Stop, *, by: Person) -> None:
    """没有问题: one tap, and a good result. A stop with findings has something to report."""
    _may(by)
    if stop.findings.exists():
        raise StepNotOpen(gettext_noop("This stop has findings already."))
    now = clock.now()
    if Stop.objects.filter(pk=stop.pk, nothing_at=None).update(nothing_at=now):
        _told("visit.nothing", stop, by)


@transaction.atomic
def leave(stop: Stop, *, by: Person) -> None:
    """走完这家: the stop is done."""
    _may(by)
    now = clock.now()
    if Stop.objects.filter(pk=stop.pk, left_at=None).update(left_at=now):
        _told("visit.left", stop, by)


@transaction.atomic
def plan_outing(
    on: date,
    subjects: Sequence[Subject],
    *,
    by: Person,
    leader: Post,
    company: Sequence[Post] = (),
    kind: OutingKind = OutingKind.VISIT,
    title: str = "",
) -> Outing:
    """Plan a visit with its stops in order, and with who goes along, by post.

    Leaders and their assistants plan the leader's own outings. In the company a county's leader
    counts as one more leader of the outing, everybody else as present.
    """
    _may(by)
    if by.role != Role.DESK and leader.pk != (by.behalf_id or by.post_id):
        raise NotAllowed
    wrong: dict[str, Refusal | str] = {}
    if not subjects:
        wrong["subjects"] = gettext_noop("Choose at least one enterprise.")
    if not all(_goes_along(post, by.county) for post in company):
        wrong["company"] = NO_COMPANY
    if wrong:
        raise Incomplete(wrong)
    outing = Outing.objects.create(
        county=by.county,
        kind=kind.value,
        on=on,
        title=title,
        leader=leader,
        assistant_id=by.post_id if by.role == Role.ASSISTANT else None,
    )
    for n, subject in enumerate(subjects):
        Stop.objects.create(county=by.county, outing=outing, subject=subject, order=n)
    for post in company:
        _add(outing, post)
    _told_of(
        "visit.planned", outing, by, on=on, what=kind.value, subjects=[one.pk for one in subjects]
    )
    return outing


@transaction.atomic
def take_along(outing: Outing, post: Post, *, by: Person) -> None:
    """同行: this post goes along; said twice it counts once."""
    _may(by)
    if not _goes_along(post, outing.county):
        raise Incomplete({"company": NO_COMPANY})
    if _add(outing, post):
        _told_of("visit.joined", outing, by, words={"post": called(post)}, post=post.pk)


@transaction.atomic
def leave_behind(outing: Outing, post_id: int, *, by: Person) -> None:
    """This post does not go along after all. What was noted meanwhile keeps who was there then."""
    _may(by)
    companion = outing.company.filter(post=post_id).select_related("post__unit").first()
    if companion is not None and companion.delete()[0]:
        words = {"post": called(companion.post)}
        _told_of("visit.left_behind", outing, by, words=words, post=post_id)


def _goes_along(post: Post, county: str) -> bool:
    return post.county == county and post.role in GO_ALONG


def _add(outing: Outing, post: Post) -> bool:
    """One more in the company; who leads it or keeps its notes goes anyway."""
    if post.pk in (outing.leader_id, outing.assistant_id):
        return False
    goes_as = Goes.LEADER if post.role in LEADS else Goes.PRESENT
    return Companion.objects.get_or_create(
        county=outing.county, outing=outing, post=post, defaults={"goes_as": goes_as.value}
    )[1]


def _may(by: Person) -> None:
    if by.role not in (Role.LEADER, Role.ASSISTANT, Role.DESK):
        raise NotAllowed


def _told_of(
    kind: str, outing: Outing, by: Person, words: Mapping[str, str] | None = None, **facts: object
) -> None:
    _write(kind, f"outing:{outing.pk}", outing, by, words or {}, facts)


def _told(kind: str, stop: Stop, by: Person) -> None:
    _write(kind, subject_holder(stop.subject_id), stop.outing, by, {}, {"stop": stop.pk})


def _write(
    kind: str,
    about: str,
    outing: Outing,
    by: Person,
    words: Mapping[str, str],
    facts: Mapping[str, object],
) -> None:
    """Write it down with who goes on the outing: posts as facts, their titles as words (D3)."""
    along = list(outing.company.select_related("post__unit"))
    who = {
        "leaders": [outing.leader_id, *(c.post_id for c in along if c.goes_as == Goes.LEADER)],
        "present": [c.post_id for c in along if c.goes_as == Goes.PRESENT],
    }
    titles = {"company": "；".join(called(c.post) for c in along)} if along else {}
    note = Note(kind, about, by, clock.now(), words=titles | dict(words), facts={**who, **facts})
    record_many([note], county=outing.county)
