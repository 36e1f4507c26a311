"""Which door answers which address."""

from allauth.account import views as accounts
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from . import administrators, health, home, second_factor, sign_ins

ROOMS = {
    "desk/": "desk",
    "field/": "field",
    "portal/": "portal",
    "board/": "board",
    "api/v1/": "api",
}


def _closed(request: HttpRequest) -> HttpResponse:
    raise Http404


def _rooms() -> list[URLResolver]:
    return [
        path(prefix, include(f"qingdan.interfaces.{room}.urls")) for prefix, room in ROOMS.items()
    ]


def _demo() -> list[URLResolver]:
    """The strip's addresses: they exist in a demo alone."""
    if not settings.DEMO:
        return []
    return [path("", include("qingdan.interfaces.site.demo_strip"))]


handler400 = "qingdan.interfaces.shared.errors.bad_request"
handler403 = "qingdan.interfaces.shared.errors.forbidden"
handler404 = "qingdan.interfaces.shared.errors.not_found"
handler500 = "qingdan.interfaces.shared.errors.crashed"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("", include("qingdan.interfaces.shared.urls")),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("language/", set_language, name="set_language"),
    path("accounts/login/", accounts.login, name="account_login"),
    path("accounts/logout/", accounts.logout, name="account_logout"),
    path("accounts/password/", accounts.password_change, name="account_change_password"),
    path("accounts/sign-ins/", sign_ins.sign_ins, name="account_sign_ins"),
    path("accounts/second-factor/", second_factor.page, name="account_second_factor"),
    path("administration/accounts/", administrators.accounts, name="administration-accounts"),
    path("administration/roles/", administrators.roles, name="administration-roles"),
    path("administration/journal/", administrators.journal, name="administration-journal"),
    # allauth's pages ask for these names; nobody signs up here
    path("accounts/signup/", _closed, name="account_signup"),
    path("accounts/password/set/", _closed, name="account_set_password"),
    *_rooms(),
    *_demo(),
]
