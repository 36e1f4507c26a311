"""What goes out: JSON in UTF-8, never escaped, and every refusal as a problem (RFC 9457)."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language

from qingdan.foundations.kernel.errors import Incomplete, NotSignedIn, Refusal
from qingdan.foundations.kernel.words import gettext_noop
from qingdan.interfaces.shared.refusals import sentence

JSON = "application/json"
PROBLEM = "application/problem+json"


class WrongMethod(Refusal):
    status = 405
    code = "wrong-method"
    sentence = gettext_noop("This address does not take that method.")


class TooLarge(Refusal):
    status = 413
    code = "too-large"
    sentence = gettext_noop("This is too much at once.")


class NotNow(Refusal):
    status = 503
    code = "not-now"
    sentence = gettext_noop("The database is busy. Please try again in a moment.")


def malformed(why: str) -> Incomplete:
    """The body as a whole cannot be read; `why` is a msgid."""
    refusal = Incomplete({})
    refusal.sentence, refusal.code = why, "malformed"
    return refusal


def text_of(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def answer(
    data: object,
    status: int = HTTPStatus.OK,
    headers: Mapping[str, str] | None = None,
    kind: str = JSON,
) -> HttpResponse:
    # what somebody sent comes back in sentences: a lone surrogate in it is no UTF-8
    content = text_of(data).encode("utf-8", "replace")
    return HttpResponse(content, status=status, content_type=kind, headers=headers)


def problem(refusal: Refusal, **more: Any) -> HttpResponse:
    """A refusal as programs read it. `code` is stable, `detail` is for people and translated.

    Absent and hidden are the same refusal without facts, so their bodies are the same too.
    """
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(refusal.status).phrase,
        "status": refusal.status,
        "detail": sentence(refusal),
        "code": refusal.code,
    }
    if isinstance(refusal, Incomplete):
        body["fields"] = {name: sentence(one) for name, one in refusal.fields.items()}
    headers = {"Content-Language": get_language() or ""}
    if isinstance(refusal, NotSignedIn):
        headers["WWW-Authenticate"] = 'Bearer realm="qingdan"'
    if after := RETRY_AFTER.get(refusal.code):
        headers["Retry-After"] = str(after)
    return answer(body | more, refusal.status, headers, PROBLEM)


RETRY_AFTER = {"not-now": 5, "still-running": 2}
"""Seconds after which it is worth trying again, by the refusal's code."""
