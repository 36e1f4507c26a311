"""A matter on one screen, and the acts that need no form of their own."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from qingdan.domain.ledger.actions.perform import perform
from qingdan.domain.ledger.models import Issue
from qingdan.domain.ledger.queries import access_issue
from qingdan.domain.people.rules import Person
from qingdan.foundations.kernel.errors import Incomplete, NotHere, Refusal
from qingdan.interfaces.shared.doors import door
from qingdan.interfaces.shared.refusals import sentence

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
    return render(request, "desk/matter.html", {"m": screen(found, request.person)})


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
        return render(
            request,
            "desk/matter.html",
            {"m": screen(fresh, person)} | _refused(request, refusal),
            status=refusal.status,
        )
    done = redirect(_back(request) or "desk:issue", **_at(request, year, number))
    done.status_code = 303
    return done


def _version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def is_ours(address: str) -> bool:
    """Whether an address that came with a request leads back into the desk."""
    return url_has_allowed_host_and_scheme(address, None) and address.startswith("/desk/")


def _back(request: HttpRequest) -> str:
    """The list beside which the button stood, if it stood there."""
    back = request.POST.get("back", "")
    return back if is_ours(back) else ""


def _at(request: HttpRequest, year: int, number: int) -> dict[str, int]:
    return {} if _back(request) else {"year": year, "number": number}


def _refused(request: HttpRequest, refusal: Refusal) -> dict[str, Any]:
    """Beside the field it is about; above everything where it is about none."""
    fields = refusal.fields if isinstance(refusal, Incomplete) else {}
    return {
        "typed": request.POST.get("text", ""),
        "wrong": {name: sentence(said) for name, said in fields.items()},
        "refusal": "" if "text" in fields else sentence(refusal),
    }
