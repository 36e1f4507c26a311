"""Who may open an account: nobody but the administrator. Signing in itself is allauth's.

What a wrong try learns is nothing: a wrong password, an unknown name, an account that is locked or
closed are answered alike, after the same work.
"""

import unicodedata
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

NO_ENTRY = _(
    "The name or the password is not right. After several wrong tries wait half an hour, or ask"
    " the system administrator."
)


class ClosedDoors(DefaultAccountAdapter):
    """Accounts come from the county's administrators, never from a sign-up page."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": NO_ENTRY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """Only our own pages under the name by which the browser asked, not all of our names."""
        asked: HttpRequest = self.request
        return url_has_allowed_host_and_scheme(url, {asked.get_host()}, asked.is_secure())

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """The user, or None for whatever reason; a lockout costs a hash like everything else."""
        try:
            user = super().authenticate(request, **credentials)
        except ValidationError:
            make_password(credentials.get("password", ""))
            return None
        return user if user and user.is_active else None

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """One count for a name, by whichever of our hosts and in whichever letters it came."""
        name = str(credentials.get("username", ""))
        return unicodedata.normalize("NFKC", name).casefold()

    def get_client_ip(self, request: HttpRequest) -> str:
        """Whose tries are counted together. A header that no proxy of ours wrote is not read."""
        try:
            return str(super().get_client_ip(request))
        except (ImproperlyConfigured, PermissionDenied, ValueError):
            return request.META.get("REMOTE_ADDR") or "unknown"
