"""The address without a path: it leads everybody to the door where their work lies."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from qingdan.interfaces.shared.doors import door

DOORS = {
    "enterprise": "/portal/",
    "leader": "/field/",
    "assistant": "/field/",
    "main_leader": "/board/",
    "supervision": "/board/",
    "sysadmin": "/administration/accounts/",
    "secadmin": "/administration/roles/",
    "auditor": "/administration/journal/",
}
DESK = "/desk/"


@door(public=True)
def home(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, or to the door of the post in which one acts."""
    person = getattr(request, "person", None)
    if person is None:
        return redirect("account_login")
    return redirect(DOORS.get(person.role, DESK))
