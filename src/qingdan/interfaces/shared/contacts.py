"""An enterprise's contacts: whole for who works on its matter, masked for who does not.

Who works on it rings with one tap, by an address of ours that writes it down and leads on to
`tel:`. Others say in a sentence why they need the number, and are shown it once. The enterprise's
page and a matter's page both lead here; `matter` in the query says from which matter ("2023-12").
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from qingdan.domain.enterprises.actions import REASON_AT_MOST, reveal, ring
from qingdan.domain.enterprises.models import Contact
from qingdan.domain.enterprises.queries import access_contact, subjects
from qingdan.domain.enterprises.rules import dialled, masked_name, masked_number, works_with
from qingdan.domain.ledger.models import Issue
from qingdan.domain.ledger.queries import access_issue, letters_of, reads_shown_words
from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role
from qingdan.foundations.kernel.errors import NotHere

from .doors import door
from .refusals import form_page, refused

READERS = (
    Role.DESK,
    Role.UNIT,
    Role.SUPERVISION,
    Role.LEADER,
    Role.ASSISTANT,
    Role.MAIN_LEADER,
)
WORKS = frozenset("DULP")
"""Who works on a matter, in the letters of the table of acts."""


@dataclass(frozen=True, slots=True)
class Reach:
    """A contact as one reader sees it. url: rings where `whole`, else asks for the reason."""

    title: str
    name: str
    number: str
    whole: bool
    url: str


def works_on(letters: frozenset[str]) -> bool:
    """Whether somebody with these letters works on the matter, and reads its contacts in full."""
    return bool(letters & WORKS)


def reaches(
    contacts: Iterable[Contact], *, whole: bool, issue: Issue | None = None
) -> list[Reach]:
    """The contacts as a page shows them, in full or masked."""
    return [reach(contact, whole=whole, issue=issue) for contact in contacts]


def reach(contact: Contact, *, whole: bool, issue: Issue | None = None) -> Reach:
    url = reverse("shared:ring" if whole else "shared:contact", args=[contact.pk])
    asked = f"?{urlencode({'matter': f'{issue.year}-{issue.number}'})}" if issue else ""
    return Reach(
        title=contact.title,
        name=contact.name if whole else masked_name(contact.name),
        number=contact.phone if whole else masked_number(contact.phone),
        whole=whole,
        url=url + asked,
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("What do you need the number for?"),
        required=False,  # the action says what is missing
        widget=forms.TextInput(attrs={"maxlength": REASON_AT_MOST, "autocomplete": "off"}),
    )

    def clean_reason(self) -> str:
        return "".join(sign for sign in self.cleaned_data["reason"] if sign.isprintable())


@require_http_methods(["GET", "POST"])
@door(*READERS)
def contact(request: HttpRequest, contact_id: int) -> HttpResponse:
    """A masked number; the reason that is asked for; and then, this once, the number."""
    found, issue, whole = _found(request, contact_id)
    form = ReasonForm(request.POST or None)
    shown = whole
    if request.method == "POST" and not whole and form.is_valid():
        with refused(form):
            key = issue.journal_key if issue else ""
            reveal(found, form.cleaned_data["reason"], by=request.person, matter=key)
            shown = True
    return form_page(
        request,
        "shared/contact.html",
        form,
        contact=found,
        seen=reach(found, whole=shown, issue=issue),
        once=shown and not whole,
        rings=reach(found, whole=True, issue=issue).url if whole else _tel(found),
        issue=issue,
    )


@require_GET
@door(*READERS)
def ring_contact(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Write the call down and lead on to the telephone; the page that was open stays open.

    What only looks ahead (a prefetch), and what another site leads to, rings nobody.
    """
    found, issue, whole = _found(request, contact_id)
    from_elsewhere = request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none")
    looks_ahead = "prefetch" in request.headers.get("Sec-Purpose", "")
    number = dialled(found.phone)
    if not whole or not number or from_elsewhere or looks_ahead:
        asked = request.GET.urlencode()
        address = reverse("shared:contact", args=[contact_id])
        return redirect(f"{address}?{asked}" if asked else address)
    ring(found, by=request.person, matter=issue.journal_key if issue else "")
    return HttpResponse(status=303, headers={"Location": _tel(found), "Cache-Control": "no-store"})


def _tel(contact: Contact) -> str:
    return f"tel:{dialled(contact.phone)}"


def _found(request: HttpRequest, contact_id: int) -> tuple[Contact, Issue | None, bool]:
    """The contact, the matter from which it was reached, and whether it is shown in full.

    NotHere for whoever may not see the enterprise, or reads the matter without its name (D11).
    """
    person: Person = request.person  # type: ignore[attr-defined]
    named = request.GET.get("matter", "")
    if not named:
        return access_contact(subjects().visible_to(person), contact_id), None, works_with(person)
    at = re.fullmatch(r"(\d{4})-(\d{1,9})", named, re.ASCII)
    if at is None:
        raise NotHere
    issue = access_issue(person, f"〔{at[1]}〕{at[2]}")
    if reads_shown_words(issue, person):
        raise NotHere
    found = access_contact(subjects().filter(pk=issue.subject_id), contact_id)
    return found, issue, works_on(letters_of(issue, person))
