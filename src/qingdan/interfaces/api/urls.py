"""The API's addresses. Whatever happens under them is answered as a program expects it."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from qingdan.foundations.kernel.errors import NotHere, Refusal
from qingdan.interfaces.shared.doors import DOORS

from . import operations
from .answers import JSON, PROBLEM, NotNow, TooLarge, WrongMethod, problem
from .operations import api, bearer, description

log = logging.getLogger(__name__)
View = Callable[..., HttpResponse]


def answered(view: View) -> View:
    """Turn what a view refuses, and what Django would say as a page, into problems."""

    @csrf_exempt  # a token is no cookie: no other site's page sends it
    @wraps(view)
    def answering(request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        is_head = request.method == "HEAD"
        if is_head:
            request.method = "GET"
        response = _try(view, request, *args, **more)
        if response.status_code == 405 and response["Content-Type"] != PROBLEM:
            allowed = response["Allow"]
            response = _try(_wrong_method, request)
            if response.status_code == 405:
                response["Allow"] = allowed
        response.headers.setdefault("Cache-Control", "no-store")
        patch_vary_headers(response, ("Authorization", "Accept-Language"))
        if is_head:
            response["Content-Length"] = str(len(response.content))
            response.content = b""
        return response

    return answering


def _try(view: View, request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
    try:
        return view(request, *args, **more)
    except Refusal as refusal:
        return problem(refusal)
    except Http404:
        return problem(NotHere())
    except RequestDataTooBig:
        return problem(TooLarge())
    except SuspiciousOperation:
        return problem(Refusal())
    except OperationalError:
        log.exception("the database did not serve %s", request.path)
        return problem(NotNow())


def _wrong_method(request: HttpRequest) -> HttpResponse:
    bearer(request)  # first of all: who asks
    raise WrongMethod


def _absent(request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
    bearer(request)
    raise NotHere


def openapi(request: HttpRequest) -> HttpResponse:
    """The description of the API, open to everybody."""
    return HttpResponse(description(), content_type=JSON)


def _operations() -> list[URLPattern]:
    """The operations' own patterns, but for ninja's page at the root."""
    patterns = [found for found in api.urls[0] if found.name != "api-root"]
    for found in patterns:
        found.callback = view = answered(found.callback)
        view.__module__, view.__name__ = operations.__name__, str(found.name)
        DOORS[f"{view.__module__}.{view.__name__}"] = frozenset({"+"})
    return patterns


DOORS[f"{__name__}.{openapi.__name__}"] = frozenset({"*"})
DOORS[f"{__name__}.{_absent.__name__}"] = frozenset({"+"})

app_name = "api"
urlpatterns = [
    path("openapi.json", answered(openapi), name="openapi"),
    *_operations(),
    re_path("", answered(_absent)),
]
