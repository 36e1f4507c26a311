"""What stands around a page: the words of the navigation by hat, and the strips above it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role

from .doors import DOORS

OPEN = frozenset({"*", "+"})

STRIPS: list[Callable[[HttpRequest], str]] = []
"""What an upper room puts above every page: it appends a function that gives safe HTML, or ""."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the navigation. count: shown beside it where the page counted it anyway."""

    key: str
    words: str
    url: str
    here: bool
    count: str = ""


def navigation(
    request: HttpRequest, here: str = "", counts: dict[str, str] | None = None
) -> list[Word]:
    """The words for this hat, at most seven. What leads nowhere is not there.

    here: the key of the page's own word; without it the address decides.
    """
    person: Person | None = getattr(request, "person", None)
    if person is None:
        return []
    items = [item for item in _by_hat(person) if _is_open(item[2].partition("?")[0], person.role)]
    now = here or _key_of(request, items)
    known = counts or {}
    return [Word(key, words, url, key == now, known.get(key, "")) for key, words, url in items]


Item = tuple[str, str, str]


def _by_hat(person: Person) -> list[Item]:
    board = ("board", _("Board"), "/board/")
    if person.role == Role.ENTERPRISE:
        return [
            ("list", pgettext("enterprise", "My list"), "/portal/"),
            ("raise", pgettext("nav", "Raise a problem"), "/portal/raise/"),
        ]
    if person.role == Role.DESK or person.role == Role.SUPERVISION:
        return [
            ("triage", _("To triage"), "/desk/?queue=triage"),
            ("work", _("In work"), "/desk/?queue=work"),
            ("verify", _("To verify"), "/desk/?queue=verify"),
            ("confirm", pgettext("nav", "To be confirmed"), "/desk/?queue=confirm"),
            ("firms", _("Enterprises"), "/board/enterprises/"),
            ("visits", _("Visits"), "/field/"),
            board,
        ]
    if person.role == Role.UNIT:
        words = [
            ("work", _("Our matters"), "/desk/"),
            ("board", pgettext("nav", "Our lists"), "/board/lists/problems/"),
        ]
        if person.raises:
            words.append(("firms", _("Enterprises"), "/board/enterprises/"))
        return words
    if person.role in (Role.LEADER, Role.ASSISTANT):
        return [
            ("visits", _("Visits"), "/field/"),
            ("work", pgettext("nav", "Matters"), "/desk/"),
            ("firms", _("My enterprises"), "/board/enterprises/"),
            board,
        ]
    if person.role == Role.MAIN_LEADER:
        return [board, ("work", pgettext("nav", "Matters"), "/desk/")]
    if person.role == Role.SYSADMIN:
        return [("accounts", _("Accounts"), "/administration/accounts/")]
    if person.role == Role.SECADMIN:
        return [("roles", _("Roles"), "/administration/roles/")]
    if person.role == Role.AUDITOR:
        return [("journal", _("Journal"), "/administration/journal/")]
    return []


def _key_of(request: HttpRequest, items: Iterable[Item]) -> str:
    whole = request.get_full_path()
    for key, _words, url in items:
        if whole == url or (url == request.path and not request.GET):
            return key
    return ""


@lru_cache(maxsize=256)
def _is_open(path: str, role: str) -> bool:
    """Whether the address exists and its door is open to the role."""
    try:
        view = resolve(path).func
    except Resolver404:
        return False
    may = DOORS.get(f"{view.__module__}.{view.__name__}", frozenset())
    return role in may or not may.isdisjoint(OPEN)
