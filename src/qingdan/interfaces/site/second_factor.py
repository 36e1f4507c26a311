"""The second factor: a code from an app on the phone, asked of administrators after the password.

A sign-in that has not proved it counts as nobody's: every page leads to the one that asks, and
`request.person` is None, so that a door that was forgotten stays shut too. Whoever must have a
factor and has none is led to add it. Codes follow the machine's clock (D17).
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import segno
from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from qingdan.domain.people.models import User
from qingdan.domain.people.states import ADMINISTRATORS
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import NotHere
from qingdan.interfaces.shared.doors import door
from qingdan.interfaces.shared.refusals import BY_FETCH, own_address

from . import totp
from .models import RecoveryCode, SecondFactor

PROVED = "second_factor"
"""In the session: the factor's id once its code was right."""
HAS_ONE = "has_second_factor"
"""In the session since the password: the account has a factor, whatever its posts."""
NEW_KEY = "second_factor_key"
"""In the session: the key that is being added, until a first code proves it arrived."""
CODES = "second_factor_codes"
"""In the session: recovery codes just made, until they were shown once."""
MAY_REPLACE = "second_factor_replaced"
BEFORE_PROOF = ("/accounts/second-factor/", "/accounts/logout/", "/language/", "/look/",
                "/health/", "/api/", "/demo/")  # fmt: skip
"""What answers a sign-in that has yet to prove it; the API reads no sign-in at all."""
LONGEST = 40


class SecondFactorMiddleware:
    """Stands behind the one that says who asks, whose posts decide."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY not in request.session or not is_owed(request):
            return self.get_response(request)
        request.owes_factor = True
        request.person, request.posts = None, []
        if request.path.startswith(BEFORE_PROOF):
            return self.get_response(request)
        if BY_FETCH in request.headers:
            return HttpResponse(status=401)
        here = request.get_full_path() if request.method == "GET" else "/"
        return redirect(f"{reverse('account_second_factor')}?{urlencode({'next': here})}")


def is_owed(request: Any) -> bool:
    """Whether this sign-in must still prove, or add, a second factor."""
    session = request.session
    if PROVED in session or not request.user.is_authenticated:
        return False
    return HAS_ONE in session or must_have(request.posts)


def must_have(posts: list[Any]) -> bool:
    return settings.SECOND_FACTOR and any(post.role in ADMINISTRATORS for post in posts)


@receiver(user_logged_in)
def asked_anew(sender: object, request: HttpRequest, user: User, **_: object) -> None:
    """Each sign-in proves it for itself."""
    for name in (PROVED, HAS_ONE, NEW_KEY, CODES, MAY_REPLACE):
        request.session.pop(name, None)
    if SecondFactor.objects.filter(user=user).exists():
        request.session[HAS_ONE] = True


# ------------------------------------------------------------------ what is kept


def is_right(user: User, typed: str) -> bool:
    """Whether a code opens the account now. One that did never does again, of two at once one."""
    said = totp.plain(typed[:LONGEST])
    factor = SecondFactor.objects.filter(user=user).first()
    if factor is None:
        return False
    step = totp.step_of(said, factor.key, clock.real(), after=factor.used_step)
    if step is not None:
        older = SecondFactor.objects.filter(pk=factor.pk, used_step__lt=step)
        return older.update(used_step=step) == 1
    unused = RecoveryCode.objects.filter(user=user, digest=totp.digest(said), real_used_at=None)
    return unused.update(real_used_at=clock.real()) == 1


@transaction.atomic
def add(user: User, key: str, step: int) -> list[str]:
    """Keep a key whose first code was right, instead of an older one; its recovery codes."""
    forget(user)
    SecondFactor.objects.create(user=user, key=key, used_step=step, real_added_at=clock.real())
    return renew_codes(user)


@transaction.atomic
def renew_codes(user: User) -> list[str]:
    codes = totp.new_codes()
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, digest=totp.digest(code)) for code in codes
    )
    return codes


@transaction.atomic
def forget(user: User) -> bool:
    """Take the factor off an account whose phone and paper are lost; whether there was one."""
    RecoveryCode.objects.filter(user=user).delete()
    return SecondFactor.objects.filter(user=user).delete()[0] > 0


# ------------------------------------------------------------------ the page


@sensitive_post_parameters("code")
@door(public=True)  # the post is hidden until the code was right; the page looks for itself
def page(request: HttpRequest) -> HttpResponse:
    """Ask for the code, add a factor, show the recovery codes once, or say how things stand."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    answer = _page(request)
    add_never_cache_headers(answer)  # a key or a code never comes back by the button "back"
    return answer


def _page(request: Any) -> HttpResponse:
    user, session = request.user, request.session
    factor = SecondFactor.objects.filter(user=user).first()
    owes = getattr(request, "owes_factor", False)
    if factor and owes:
        return _ask(request)
    if owes or session.get(MAY_REPLACE):
        return _add(request)
    if factor is None:
        raise NotHere  # nothing asks this account for one
    if codes := session.pop(CODES, None):
        return render(request, "account/recovery_codes.html", {"codes": codes, "next": "/"})
    return _standing(request, factor)


def _ask(request: Any) -> HttpResponse:
    wrong = ""
    if request.method == "POST":
        if _tried(request, lambda code: is_right(request.user, code)):
            _proved(request)
            return redirect(_next(request))
        wrong = _not_right()
    return _shown(request, "account/second_factor.html", wrong)


def _add(request: Any) -> HttpResponse:
    session = request.session
    key = session.get(NEW_KEY) or totp.new_key()
    session[NEW_KEY] = key
    wrong = ""
    if request.method == "POST":
        found: list[int] = []

        def fits(code: str) -> bool:
            step = totp.step_of(totp.plain(code), key, clock.real(), after=0)
            found.extend([] if step is None else [step])
            return step is not None

        if _tried(request, fits):
            codes = add(request.user, key, found[0])
            _proved(request)
            return render(
                request,
                "account/recovery_codes.html",
                {"codes": codes, "next": _next(request)},
            )
        wrong = _not_right()
    told = totp.address(key, request.user.get_username(), _("Qingdan"))
    return _shown(
        request,
        "account/second_factor_add.html",
        wrong,
        picture=segno.make(told, error="m", micro=False).svg_data_uri(
            scale=5, border=4, light="#fff"
        ),
        told=told,
        key=" ".join(key[at : at + 4] for at in range(0, len(key), 4)),
        replaces=session.get(MAY_REPLACE, False),
    )


def _standing(request: Any, factor: SecondFactor) -> HttpResponse:
    """Since when there is one, how many recovery codes are left; a code opens either change."""
    wrong, codes = "", RecoveryCode.objects.filter(user=request.user, real_used_at=None)
    if request.method == "POST":
        if _tried(request, lambda code: is_right(request.user, code)):
            if "replace" in request.POST:
                request.session[MAY_REPLACE] = True
            else:
                request.session[CODES] = renew_codes(request.user)
            return redirect("account_second_factor")
        wrong = _not_right()
    return _shown(
        request,
        "account/second_factor_standing.html",
        wrong,
        since=factor.real_added_at,
        left=codes.count(),
    )


def _not_right() -> str:
    return _(
        "This code is not right, or it was used already. Wait for the next one; after several"
        " wrong ones wait half an hour."
    )


def _tried(request: Any, fits: Callable[[str], bool]) -> bool:
    """Whether the typed code fits, unless too many did not: then no code does, and none is said
    to be right. Only a right one takes the count back."""
    key = f"user:{request.user.pk}"
    code = request.POST.get("code", "")
    if not ratelimit.consume(request, action="second_factor", key=key) or not fits(code):
        return False
    ratelimit.clear(request, action="second_factor", key=key)
    return True


def _proved(request: Any) -> None:
    session = request.session
    for name in (NEW_KEY, MAY_REPLACE):
        session.pop(name, None)
    session[PROVED] = session[HAS_ONE] = True
    session.cycle_key()


def _shown(request: Any, template: str, wrong: str, **more: Any) -> HttpResponse:
    context = {"wrong": wrong, "next": _next(request), **more}
    return render(request, template, context, status=422 if wrong else 200)


def _next(request: Any) -> str:
    return own_address(request.POST.get("next") or request.GET.get("next") or "") or "/"
