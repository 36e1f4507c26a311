"""What is done on a visit: noting a finding, or that there is nothing to note."""

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
from qingdan.foundations.journal.record import record
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import Incomplete, NotAllowed, StepNotOpen
from qingdan.foundations.kernel.words import gettext_noop

from .models import Finding, Outing, Stop
from .states import OutingKind, Way


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
    on: date, subjects: Sequence[Subject], *, by: Person, leader: Post, title: str = ""
) -> Outing:
    """Plan a visit with its stops in order."""
    _may(by)
    if not subjects:
        raise Incomplete({"subjects": gettext_noop("Choose at least one enterprise.")})
    outing = Outing.objects.create(
        county=by.county,
        kind=OutingKind.VISIT.value,
        on=on,
        title=title,
        leader=leader,
        assistant_id=by.post_id if by.role == Role.ASSISTANT else None,
    )
    for n, subject in enumerate(subjects):
        Stop.objects.create(county=by.county, outing=outing, subject=subject, order=n)
    return outing


def _may(by: Person) -> None:
    if by.role not in (Role.LEADER, Role.ASSISTANT, Role.DESK):
        raise NotAllowed


def _told(kind: str, stop: Stop, by: Person) -> None:
    record(
        kind,
        subject_holder(stop.subject_id),
        county=stop.county,
        by=by,
        at=clock.now(),
        stop=stop.pk,
    )
