"""一企一清单: the register of subjects, and one enterprise before a visit."""

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from qingdan.domain.enterprises.actions import make_link, revoke_link
from qingdan.domain.enterprises.models import Link
from qingdan.domain.enterprises.queries import (
    access_subject,
    leaders_of,
    subjects,
    uses_of_links,
)
from qingdan.domain.enterprises.rules import works_with
from qingdan.domain.ledger.models import Standing, Verdict
from qingdan.domain.ledger.queries import Standings, standings
from qingdan.domain.ledger.states import OPEN, Ending, S
from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role
from qingdan.domain.visits.models import Stop
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import NotHere

from ...shared.contacts import reaches
from ...shared.doors import door
from ...shared.hiding import of_known_firms
from ...shared.rows import rows_of

PAGE = 50


@require_GET
@door("desk", "supervision", "leader", "assistant", "main_leader", "unit")
def register_of(request: HttpRequest) -> HttpResponse:
    """The enterprises that this person may see, by name; a few letters of it narrow the list."""
    person = request.person
    asked = request.GET.get("q", "").replace("\x00", "").strip()[:40]
    after = request.GET.get("after", "").replace("\x00", "")[:120]
    found = subjects().visible_to(person).select_related("park")
    if asked:
        found = found.filter(Q(name__contains=asked) | Q(uscc=asked.upper()))
    if after:
        found = found.filter(sort_key__gt=after)
    page = list(found.order_by("sort_key", "id")[: PAGE + 1])
    shown = page[:PAGE]
    counts = _open_counts(person, [subject.pk for subject in shown])
    return render(
        request,
        "board/enterprises.html",
        {
            "here": "firms",
            "rows": [{"subject": s, "open": counts.get(s.pk, 0)} for s in shown],
            "q": asked,
            "more": shown[-1].sort_key if len(page) > PAGE else "",
        },
    )


def _open_counts(person: Person, ids: list[int]) -> dict[int, int]:
    rows = _named(person).filter(subject__in=ids, state__in=OPEN).order_by()
    return dict(rows.values_list("subject").annotate(Count("pk")))


def _named(person: Person) -> Standings:
    """The matters' lines that may stand under an enterprise's name for this person.

    One whose name is hidden does so for the desk and the supervision offices alone (D11): a park
    that works on it must not find it on the page of the enterprise that raised it.
    """
    return of_known_firms(standings().visible_to(person).today().matters(), person)


@require_GET
@door("desk", "supervision", "leader", "assistant", "main_leader", "unit")
def one(request: HttpRequest, subject_id: int) -> HttpResponse:
    return _page(request, subject_id)


def _page(request: HttpRequest, subject_id: int, *, new: str = "") -> HttpResponse:
    person = request.person
    subject = access_subject(person, subject_id)
    now = clock.now()
    lines = _named(person).filter(subject=subject)
    still_open = lines.filter(state__in=OPEN).for_rows().after(None)[:100]
    solved = lines.filter(state=S.ENDED.value, issue__ending=Ending.CONFIRMED.value)
    ended = list(solved.for_rows().order_by("-due_at", "-id")[:20])
    visits = Stop.objects.filter(county=person.county, subject=subject)
    return render(
        request,
        "board/enterprise.html",
        {
            "here": "firms",
            "subject": subject,
            "contacts": reaches(subject.contacts.order_by("pk"), whole=works_with(person)),
            "phases": subject.phases.order_by("pk"),
            "leaders": leaders_of(subject, clock.today()),
            "rows": rows_of(still_open, person, now),
            "ended": _with_words(ended),
            "visits": visits.select_related("outing__leader").order_by("-outing__on")[:10],
            "links": subject.links.select_related("made_by").order_by("-made_at")[:10],
            "uses": uses_of_links(subject) if may_link(person) else [],
            "may_link": may_link(person),
            "may_end": person.role == Role.DESK,
            "new": new,
            "now": now,
        },
    )


def may_link(person: Person) -> bool:
    """Who makes the enterprise's link, and sees how it is used."""
    return person.role in (Role.DESK, Role.LEADER, Role.ASSISTANT)


def _with_words(ended: list[Standing]) -> list[dict[str, object]]:
    words = {
        v.issue_id: v.words
        for v in Verdict.objects.filter(issue__in=[r.issue_id for r in ended], solved=True)
    }
    return [{"issue": r.issue, "words": words.get(r.issue_id, "")} for r in ended]


@require_POST
@door("desk", "leader", "assistant")
def new_link(request: HttpRequest, subject_id: int) -> HttpResponse:
    """Make the enterprise's own link and show it, this once."""
    subject = access_subject(request.person, subject_id)
    token = make_link(subject, by=request.person)
    address = request.build_absolute_uri(reverse("portal:link", args=[token]))
    return _page(request, subject_id, new=address)


@require_POST
@door("desk")
def end_link(request: HttpRequest, subject_id: int, link_id: int) -> HttpResponse:
    subject = access_subject(request.person, subject_id)
    link = Link.objects.filter(county=request.person.county, subject=subject, pk=link_id).first()
    if link is None:
        raise NotHere
    revoke_link(link, by=request.person)
    return redirect("board:enterprise", subject_id=subject_id)
