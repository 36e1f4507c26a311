"""A matter on one screen, and the acts that need no form of their own."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qingdan.domain.ledger.actions.linking import link_same, may_link, unlink_same
from qingdan.domain.ledger.actions.perform import perform
from qingdan.domain.ledger.models import Issue
from qingdan.domain.ledger.queries import access_issue
from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role
from qingdan.foundations.kernel.errors import Incomplete, NotAllowed, NotHere, Refusal
from qingdan.foundations.kernel.words import gettext_noop
from qingdan.interfaces.shared.arrived import arrived
from qingdan.interfaces.shared.doors import door
from qingdan.interfaces.shared.refusals import own_address, sentence

from ..screen import MATTER_READERS, POSTED, screen


def find(person: Person, year: int, number: int) -> Issue:
    """The matter of an address, or NotHere."""
    return access_issue(person, f"〔{year:04d}〕{number}")


@require_GET
@door(*MATTER_READERS)
def issue(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """The whole screen; asked for by a list, its short form to stand beside that list."""
    found = find(request.person, year, number)
    beside = request.GET.get("beside", "")
    if beside and is_ours(beside):
        context = {"m": screen(found, request.person, back=beside)}
        return render(request, "desk/_beside.html", context)
    return _page(request, found)


def _page(request: HttpRequest, found: Issue, refusal: Refusal | None = None) -> HttpResponse:
    m = screen(found, request.person)
    context = {"m": m, "here": m["here"]}
    if refusal is None:
        return render(request, "desk/matter.html", context)
    told = _refused(request, refusal)
    return render(request, "desk/matter.html", context | told, status=refusal.status)


@require_POST
@door(*MATTER_READERS)
def act(request: HttpRequest, year: int, number: int, act: str) -> HttpResponse:
    """Do an act of one tap, or write a sentence of progress; a refusal keeps what was typed."""
    person: Person = request.person
    found = find(person, year, number)
    if act not in POSTED:
        raise NotHere
    try:
        perform(act, found, request.POST.dict(), by=person, version=_version(request))
    except Refusal as refusal:
        fresh = find(person, year, number)  # somebody may have changed it meanwhile
        return _page(request, fresh, refusal)
    words = _done_words(act)
    if act == "progress":  # the browser may drop what it kept
        arrived(request, f"progress-{found.pk}")
        words = format_html('<span data-draft-sent="progress-{}">{}</span>', found.pk, words)
    messages.success(request, words)
    own = reverse("desk:issue", kwargs={"year": year, "number": number})
    return HttpResponse(status=303, headers={"Location": _back(request) or own})


@require_POST
@door(Role.DESK, Role.SUPERVISION, Role.MAIN_LEADER)
def same(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """Link another matter about the same thing, or take a link back."""
    person: Person = request.person
    found = find(person, year, number)
    try:
        if not may_link(found, person):
            raise NotAllowed
        other = _other(request.POST.get("ref", ""), person)
        (unlink_same if "undo" in request.POST else link_same)(found, other, by=person)
    except Incomplete as refusal:
        return _page(request, found, refusal)
    own = reverse("desk:issue", kwargs={"year": year, "number": number})
    return HttpResponse(status=303, headers={"Location": f"{own}#head-same"})


def _other(ref: str, person: Person) -> Issue:
    try:
        return access_issue(person, ref.strip())
    except NotHere:
        raise Incomplete({"ref": gettext_noop("There is no matter of this number.")}) from None


def _done_words(act: str) -> str:
    return {
        "acknowledge": _("Acknowledged."),
        "contact": _("The first contact is noted."),
        "nudge": _("Nudged. They see it at once."),
        "progress": _("Noted."),
        "verify": _("Verified. The enterprise is asked now."),
        "resume": _("The clocks run on."),
        "release": _("The waiting is over; the end date counts again."),
        "lapse": _("It is ended without an answer and does not count as solved."),
        "withdraw": _("It is ended as withdrawn and does not count as solved."),
    }[act]


def _version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def is_ours(address: str) -> bool:
    """Whether an address that came with a request leads back into the desk."""
    return own_address(address).startswith("/desk/")


def _back(request: HttpRequest) -> str:
    """The list beside which the button stood, if it stood there."""
    back = request.POST.get("back", "")
    return back if is_ours(back) else ""


def _refused(request: HttpRequest, refusal: Refusal) -> dict[str, Any]:
    """Beside the field it is about; above everything where it is about none."""
    fields = refusal.fields if isinstance(refusal, Incomplete) else {}
    return {
        "typed_ref": request.POST.get("ref", ""),
        "typed": request.POST.get("text", ""),
        "wrong": {name: sentence(said) for name, said in fields.items()},
        "refusal": "" if fields.keys() & {"text", "ref"} else sentence(refusal),
    }
