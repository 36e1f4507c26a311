"""联系企业: attempts to reach who is silent, and call-backs; what was tried stands beside it."""

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qingdan.domain.enterprises.models import Contact
from qingdan.domain.ledger.models import Issue
from qingdan.domain.ledger.queries import contacts_open, letters_of, reads_shown_words
from qingdan.domain.ledger.states import AskedFor, ContactKind
from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import NotAllowed
from qingdan.interfaces.shared.contacts import Reach, reach, works_on
from qingdan.interfaces.shared.doors import door
from qingdan.interfaces.shared.history import moment_words

from ..act_forms import Button, ContactForm
from ..silence import tried
from .acts import one_act
from .matter import find

REACHES = (Role.DESK, Role.SUPERVISION, Role.MAIN_LEADER)
MOST = 6
"""Attempts that are shown, the last ones."""


@require_http_methods(["GET", "POST"])
@door(*REACHES)
def contact(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """Note who was called, when, and what was said."""
    person: Person = request.person
    issue = find(person, year, number)
    kinds = contact_kinds(issue, person)
    if not kinds and request.method == "GET":
        raise NotAllowed
    asked = request.GET.get("kind", "")
    known = [value for value, _words in kinds]
    first = _first(issue, person)
    at = f"{clock.now().astimezone(clock.COUNTY_ZONE):%Y-%m-%dT%H:%M}"
    initial = {
        "kind": asked if asked in known else next(iter(known), ""),
        "at": at,
        "by": "telephone",
        "number": first.number if first is not None and first.whole else "",
    }
    return one_act(
        request,
        issue,
        "contact",
        lambda sent: ContactForm(kinds, sent, initial=initial),
        "desk/act.html",
        draft="contact",
        words=_("Noted: %(matter)s"),
        head=_("Reach the enterprise"),
        facts=[*_asked_for(first), *_made(issue)],
        buttons=[Button(_("Note it"), main=True)],
    )


def _first(issue: Issue, person: Person) -> Reach | None:
    """Whom one would ring first: whole for who works on the matter, masked for others (D11)."""
    if reads_shown_words(issue, person):
        return None
    found = Contact.objects.filter(county=issue.county, subject=issue.subject_id).first()
    return reach(found, whole=works_on(letters_of(issue, person)), issue=issue) if found else None


def _asked_for(first: Reach | None) -> list[tuple[str, str]]:
    """A masked number leads to the page that says it once, and writes down what for."""
    if first is None or first.whole:
        return []
    words = format_html('<a href="{}">{} {}</a>', first.url, first.name, first.number)
    return [(first.title or _("Number called"), words)]


def contact_kinds(issue: Issue, person: Person) -> list[tuple[str, str]]:
    """The kinds of contact that this person notes here; who asked to withdraw is called back."""
    open_kinds = contacts_open(issue, person)
    withdraws = any(one.kind == AskedFor.WITHDRAWAL for one in issue.waiting)
    order = (ContactKind.CALL_BACK, ContactKind.ATTEMPT)
    names = {
        ContactKind.ATTEMPT: _("Tried, reached nobody"),
        ContactKind.CALL_BACK: _("Called back"),
    }
    found = [(kind.value, names[kind]) for kind in order if kind in open_kinds]
    return found if withdraws else found[::-1]


def _said(kind: str, words: str) -> str:
    return _("%(what)s: %(words)s") % {"what": kind, "words": words} if words else kind


def _made(issue: Issue) -> list[tuple[str, str]]:
    """What was tried since it was verified, and what may follow when."""
    rows = issue.contacts_made.exclude(kind=ContactKind.FIRST.value).order_by("-pk")[:MOST]
    kinds = {
        ContactKind.ATTEMPT.value: _("Tried, reached nobody"),
        ContactKind.CALL_BACK.value: _("Called back"),
    }
    facts = [(moment_words(row.happened_at), _said(kinds[row.kind], row.words)) for row in rows]
    silent = tried(issue)
    return [*facts[::-1], (_("If nobody answers"), silent)] if silent else facts[::-1]
