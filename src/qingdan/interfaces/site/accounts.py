"""Who may open an account: nobody but the administrator. Signing in itself is allauth's."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedDoors(DefaultAccountAdapter):
    """Accounts come from the county's administrators, never from a sign-up page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
