"""Calm pages for what goes wrong outside a view: nothing of the inside is shown.

`site.urls` names them as handler400, 403, 404 and 500, its settings as CSRF_FAILURE_VIEW. The API
answers with problem+json instead.
"""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from qingdan.foundations.kernel.errors import NotAllowed, NotHere, NotSignedIn, Refusal

from .refusals import problem, refusal_page, sentence, to_sign_in

API = "/api/"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _said(request, 400, _("The address or the form could not be read. Nothing changed."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _refusal(request, NotAllowed())


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _refusal(request, NotHere())


def crashed(request: HttpRequest) -> HttpResponse:
    """Asks for nothing that may be what has broken: no session, no database."""
    if request.path.startswith(API):
        return _problem(500, _("Something went wrong here. It has been written down."))
    return HttpResponse(render_to_string("shared/crashed.html"), status=500)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is gone or old: most often a sign-in that ended while somebody typed."""
    if getattr(request, "person", None) is None and not request.path.startswith(API):
        return to_sign_in(request)
    return _said(
        request,
        403,
        _("This form is too old to be sent. Go back, load the page again and send it once more."),
    )


def _refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    if request.path.startswith(API):
        return _answer(problem(refusal))
    if isinstance(refusal, NotSignedIn):
        return to_sign_in(request)
    if not hasattr(request, "person"):
        return _said(request, refusal.status, sentence(refusal))
    return refusal_page(request, refusal)


def _said(request: HttpRequest, status: int, words: str) -> HttpResponse:
    if request.path.startswith(API):
        return _problem(status, words)
    return render(request, "shared/refused.html", {"sentence": words}, status=status)


def _problem(status: int, words: str) -> HttpResponse:
    return _answer(
        {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": words,
            "code": HTTPStatus(status).phrase.lower().replace(" ", "-"),
        }
    )


def _answer(body: dict[str, Any]) -> HttpResponse:
    return JsonResponse(
        body,
        status=body["status"],
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )
