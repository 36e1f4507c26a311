"""The strip above every page of a demo: its date, the next morning, and every account's chair.

Never outside a demo: its addresses exist only there, and the strip itself asks again.
"""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from qingdan.domain.people.models import User
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import NotHere
from qingdan.foundations.workdays.calendar import official
from qingdan.interfaces.jobs.tick import tick
from qingdan.interfaces.shared.doors import door
from qingdan.interfaces.shared.frame import STRIPS
from qingdan.interfaces.shared.refusals import own_address

from .demo.load import ACCOUNTS

MORNING = time(9)
IN_THE_CASE = (
    "assistant",
    "market-regulation",
    "admin-approval",
    "enterprise",
    "desk",
    "main-leader",
)
"""Who plays the first case: their chairs stand in the strip itself, the others behind a word."""


def strip(request: HttpRequest) -> str:
    if not settings.DEMO:
        return ""
    user = getattr(request, "user", None)
    here = user.get_username() if user and user.is_authenticated else ""
    accounts = [{"name": n, "label": label, "here": n == here} for n, label in ACCOUNTS]
    known = {account["name"]: account for account in accounts}
    return render_to_string(
        "shared/demo_strip.html",
        {
            "now": clock.now(),
            "in_the_case": [known[name] for name in IN_THE_CASE if name in known],
            "accounts": accounts,
            "advance": reverse("demo:advance"),
            "become": reverse("demo:become"),
            "token": get_token(request),
            "back": request.get_full_path() if request.method == "GET" else "/",
        },
    )


def next_morning(now: datetime) -> datetime:
    """9:00 of the next working day; of today, where that is still ahead."""
    local = now.astimezone(clock.COUNTY_ZONE)
    first = local.date() if local.time() < MORNING else local.date() + timedelta(days=1)
    return datetime.combine(official().next_working_day(first), MORNING, clock.COUNTY_ZONE)


@require_POST
@door(public=True)
def advance(request: HttpRequest) -> HttpResponse:
    """Move the county's clock to the next morning; everything due until then happens."""
    _only_in_a_demo()
    tick(next_morning(clock.now()))
    return redirect(own_address(request.POST.get("next", "")) or "/")


@require_POST
@door(public=True)
def become(request: HttpRequest) -> HttpResponse:
    """Sit down in a demo account's chair, without its password."""
    _only_in_a_demo()
    name = request.POST.get("account", "")
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None or name not in dict(ACCOUNTS):
        raise NotHere
    logout(request)  # whoever sat here gets up first: their sign-in ends, the next has its own key
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("/")


def _only_in_a_demo() -> None:
    if not settings.DEMO:
        raise NotHere


app_name = "demo"

urlpatterns = [
    path("demo/advance/", advance, name="advance"),
    path("demo/become/", become, name="become"),
]

if strip not in STRIPS:
    STRIPS.append(strip)
