"""Registering from what somebody sent: the API's body and the forms' fields."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.db import transaction

from qingdan.domain.enterprises.models import Subject
from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role
from qingdan.foundations.kernel.errors import Refusal
from qingdan.foundations.kernel.identifiers import check_uscc
from qingdan.foundations.kernel.words import gettext_noop

from ..models import Issue
from ..states import Handling, Source
from .bodies import SHORT, Body, needed
from .registering import register_issue


def register(fields: Mapping[str, Any], *, by: Person, title_required: bool = False) -> Issue:
    """Register a matter from `enterprise` (a USCC) or `subject` (an id), title, body, source …

    An enterprise need not name itself. Raises Incomplete with a sentence for each wrong field.
    """
    body = Body(fields, by.county)
    subject = _subject(body, by)
    told = _told(body, by, title_required=title_required)
    body.done()
    return register_issue(needed(subject), by=by, **told)


@transaction.atomic
def register_several(
    fields: Mapping[str, Any], *, by: Person, title_required: bool = False
) -> list[Issue]:
    """One entry that names several enterprises makes one matter each, linked by their entry.

    enterprises: by code; subjects: by id.

    Every enterprise keeps its own answer and its own word. Who names one, or none, registers as
    ever. All are registered or none.
    """
    body = Body(fields, by.county)
    codes = body.texts("enterprises")
    numbers = body.wholes("subjects")
    body.done()
    if len(numbers) > 1:
        here = Subject.objects.filter(county=by.county).in_bulk(numbers)
        told = _told(body, by, title_required=title_required)
        body.done()
        return _each(list(here.values()), told, by)
    if len(codes) < 2:
        single = {**fields, "enterprise": codes[0]} if codes else fields
        return [register(single, by=by, title_required=title_required)]
    found_here: dict[int, Subject] = {}
    for code in codes:
        one = Body({"enterprise": code}, by.county)
        found = _subject(one, by)
        if one.wrong:
            body.wrong["enterprises"] = one.wrong["enterprise"]
        if found is not None:
            found_here[found.pk] = found
    told = _told(body, by, title_required=title_required)
    body.done()
    return _each(list(found_here.values()), told, by)


def _each(subjects: list[Subject], told: dict[str, Any], by: Person) -> list[Issue]:
    entry = str(uuid4())
    return [register_issue(subject, by=by, entry=entry, **told) for subject in subjects]


def _told(body: Body, by: Person, *, title_required: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "title": body.text("title", required=title_required, longest=SHORT),
        "body": body.text("body", required=True),
        "category": body.text("category", longest=12),
        "handling": body.choice("class", Handling) or Handling.NORMAL,
        "about": body.unit("about"),
        "unit": body.unit("unit"),
        "due_on": body.day("due_on"),
        "happened_at": body.instant("happened_at"),
        "reach": body.text("reach", longest=60),
    }
    default = Source.PORTAL if by.role == Role.ENTERPRISE else Source.DESK
    source = body.choice("source", Source) or default
    if by.role == Role.ENTERPRISE:
        source = Source.PORTAL
    return told | {"source": source}


def _subject(body: Body, by: Person) -> Subject | None:
    here = Subject.objects.filter(county=by.county)
    code = body.text("enterprise", longest=100)
    number = body.whole("subject", least=1, most=2**31 - 1)
    if code:
        checked = check_uscc(code)
        if checked.reason is not None:
            body.wrong["enterprise"] = Refusal(
                checked.reason.msgid, code="uscc", **checked.reason.facts
            )
            return None
        if found := here.filter(uscc=checked.code).first():
            return found
        body.no(
            "enterprise",
            gettext_noop("The register has no enterprise %(uscc)s. Add it first."),
            uscc=checked.code,
        )
        return None
    if number is not None:
        if found := here.filter(pk=number).first():
            return found
        body.no("subject", gettext_noop("The register has no such subject."))
        return None
    if by.role == Role.ENTERPRISE and by.subject_id is not None:
        return here.filter(pk=by.subject_id).first()
    body.no("enterprise", gettext_noop("Say which enterprise it is."))
    return None
