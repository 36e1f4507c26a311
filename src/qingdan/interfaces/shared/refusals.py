"""Refusals turned into answers, each in the reader's language, in one place.

A page view wears `@refusals` (`@door` puts it on). A form view catches what stands beside fields
itself, so that what was typed stays:

    form = RegisterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused(form):
            perform("register", None, form.cleaned_data, by=request.person)
            return redirect("desk:inbox")
    return form_page(request, "desk/register.html", form)
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from qingdan.foundations.kernel.errors import Incomplete, NotAllowed, NotHere, NotSignedIn, Refusal
from qingdan.foundations.workdays.words import COMMA

from .history import day_words

BY_FETCH = "X-Qingdan-Part"
"""The header with which a page asks for a part of itself (live.js)."""

NUL = "%00"
"""In no address of ours; PostgreSQL refuses to look for it."""


def sentence(refusal: Refusal) -> str:
    """What a refusal says, in the reader's language."""
    text = gettext(refusal.sentence)
    if not refusal.facts:
        return text
    return text % {name: _shown(fact) for name, fact in refusal.facts.items()}


def _shown(fact: object) -> object:
    """A fact as it reads inside a sentence: dates in words, words translated, lists joined."""
    if isinstance(fact, datetime):
        from .phrases import instant_words

        return instant_words(fact)
    if isinstance(fact, date):
        return day_words(fact)
    if isinstance(fact, str):
        return gettext(fact) if fact else fact
    if isinstance(fact, list | tuple | set | frozenset):
        return gettext(COMMA).join(str(_shown(one)) for one in fact)
    return fact


def problem(refusal: Refusal) -> dict[str, Any]:
    """A refusal as problem+json (RFC 9457), for programs. Absent and hidden read the same."""
    body: dict[str, Any] = {
        "type": f"urn:qingdan:refusal:{refusal.code}",
        "title": gettext(type(refusal).sentence) if not refusal.facts else sentence(refusal),
        "status": refusal.status,
        "detail": sentence(refusal),
        "code": refusal.code,
    }
    if isinstance(refusal, Incomplete):
        body["fields"] = {name: sentence(said) for name, said in refusal.fields.items()}
    elif facts := _plain(refusal.facts):
        body["facts"] = facts
    return body


def _plain(facts: Mapping[str, object]) -> dict[str, Any]:
    return {
        name: fact.isoformat() if isinstance(fact, date) else fact
        for name, fact in facts.items()
        if isinstance(fact, str | int | bool | list | date)
    }


def refusals(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer a view's refusals: to the sign-in page, or with a calm page and its status."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        try:
            if NUL in request.META.get("QUERY_STRING", ""):
                raise NotHere
            return view(request, *args, **more)
        except NotSignedIn:
            return to_sign_in(request)
        except Refusal as refusal:
            return refusal_page(request, refusal)

    return answered


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Back here afterwards; after a form that was sent, back to the page that showed it."""
    if BY_FETCH in request.headers:
        return HttpResponse(status=401)
    here = request.get_full_path()
    if request.method != "GET":
        here = _page_before(request) or "/"
    return redirect(f"{reverse('account_login')}?{urlencode({'next': here})}", permanent=False)


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return render(
        request,
        "shared/refused.html",
        {"sentence": sentence(refusal), "refusal": refusal, "back": _page_before(request)},
        status=refusal.status,
    )


def _page_before(request: HttpRequest) -> str:
    """The path of our own page that led here, or nothing."""
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
        return ""
    parts = urlsplit(came_from)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return "" if path == request.get_full_path() and request.method == "GET" else path


def own_address(address: str) -> str:
    """An address that came with a request, if it is a path of ours, else nothing.

    What may follow in a Location: no other host, no line end, no name of a pattern.
    """
    plain = address.startswith("/") and address.isprintable()
    return address if plain and url_has_allowed_host_and_scheme(address, None) else ""


@contextmanager
def refused(form: forms.BaseForm) -> Iterator[None]:
    """Let a refusal stand in the form: beside its fields, or at the head if it has none there.

    The form keeps what was typed, and `form.refusal` the refusal, for `form_page`. What hides
    (NotHere), forbids (NotAllowed) or asks who it is passes on.
    """
    try:
        yield
    except (NotHere, NotAllowed, NotSignedIn):
        raise
    except Incomplete as refusal:
        form.refusal = refusal  # type: ignore[attr-defined]
        for name, said in refusal.fields.items():
            form.add_error(name if name in form.fields else None, sentence(said))
    except Refusal as refusal:
        form.refusal = refusal  # type: ignore[attr-defined]
        form.add_error(None, sentence(refusal))


def form_page(
    request: HttpRequest, template: str, form: forms.BaseForm, **context: Any
) -> HttpResponse:
    """The page of a form: 200 unless it was refused, then 422, 409 or what the refusal says."""
    status = 200
    if form.is_bound and form.errors:
        refusal = getattr(form, "refusal", None)
        status = refusal.status if refusal else Incomplete.status
    return render(request, template, {"form": form, **context}, status=status)
