"""意见建议: one field, from every page; each with a number, a date, and an answer that is tracked.

It stands in `shared` because it belongs to every page, whoever's door that is.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingdan.domain.evaluation import actions
from qingdan.domain.evaluation.models import Suggestion
from qingdan.domain.evaluation.queries import (
    Suggestions,
    access_suggestion,
    matters_seen,
    suggestions,
)
from qingdan.domain.evaluation.rules import (
    LONGEST,
    answers,
    is_late,
    may_answer,
    page_kept,
    plain_path,
)
from qingdan.domain.evaluation.states import Heard
from qingdan.domain.ledger.models import Issue
from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import NotHere

from .arrived import arrived
from .doors import door
from .refusals import form_page, refused

DRAFT = "suggestion"
MOST = 50
"""Shown at once; older ones a page further."""


class SuggestionForm(forms.Form):
    """One field. What is wrong with it the action says."""

    text = forms.CharField(
        required=False,
        strip=False,
        label=gettext_lazy("What could be better?"),
        widget=forms.Textarea({"rows": 5, "maxlength": LONGEST, "required": True}),
    )


class AnswerForm(forms.Form):
    """The answer to one suggestion; `answer` is what the action calls it."""

    answer = forms.CharField(
        required=False,
        strip=False,
        label=gettext_lazy("Your answer"),
        widget=forms.Textarea({"rows": 2, "maxlength": LONGEST, "required": True}),
    )


class AgainForm(forms.Form):
    """What is still not right, if the writer wants to say it."""

    again = forms.CharField(
        required=False,
        strip=False,
        label=gettext_lazy("What is still not right?"),
        widget=forms.Textarea({"rows": 2, "maxlength": LONGEST}),
    )


@dataclass(frozen=True, slots=True)
class Told:
    """One suggestion as its reader sees it: what it says, where it stands, what may be done."""

    row: Suggestion
    name: str
    late: bool
    page: str
    issue: Issue | None
    matter: str
    answering: AnswerForm | None
    taking: bool
    again: AgainForm | None

    @property
    def open(self) -> bool:
        return self.row.state == Heard.OPEN


@require_http_methods(["GET", "POST"])
@door()
def suggest(request: HttpRequest) -> HttpResponse:
    """The one field; sent twice by one tap too many, it counts once."""
    sent = request.POST if request.method == "POST" else None
    page = plain_path((sent or request.GET).get("page", "/"))
    form = SuggestionForm(sent)
    if sent is not None and form.is_valid():
        with refused(form):
            made = actions.suggest(
                form.cleaned_data["text"], by=request.person, page=page, key=sent.get("key", "")
            )
            arrived(request, DRAFT)
            return redirect(f"{reverse('shared:suggestions')}?sent={made.year}-{made.number}")
    return form_page(
        request,
        "shared/suggest.html",
        form,
        key=sent.get("key", "")[:64] if sent else uuid4().hex,
        page=page,
        about=page_words(page_kept(page)),
        raises=request.person.role == Role.ENTERPRISE,
    )


@require_GET
@door()
def all_of_them(request: HttpRequest) -> HttpResponse:
    """One's own with their answers; for whoever answers, first those that wait."""
    return _listed(request)


@require_POST
@door()
def act(request: HttpRequest, year: int, number: int, act: str) -> HttpResponse:
    """Answer one, take its answer, or say it again."""
    found = access_suggestion(request.person, year, number)
    form: forms.Form
    if act == "answer":
        form = AnswerForm(request.POST)
    elif act in ("again", "understood"):
        form = AgainForm(request.POST)
    else:
        raise NotHere
    if form.is_valid():
        with refused(form):
            if act == "answer":
                actions.answer(found, form.cleaned_data["answer"], by=request.person)
            elif act == "again":
                actions.say_again(found, form.cleaned_data["again"], by=request.person)
            else:
                actions.understood(found, by=request.person)
            arrived(request, _name(found))
            return redirect(f"{reverse('shared:suggestions')}#{_name(found)}")
    return _listed(request, found, form)


def _listed(
    request: HttpRequest, found: Suggestion | None = None, form: forms.Form | None = None
) -> HttpResponse:
    person: Person = request.person
    before = request.GET.get("before", "")
    rows = _rows(person, int(before) if before.isdecimal() and len(before) < 16 else None)
    shown = rows[:MOST]
    if found and found.pk not in {row.pk for row in shown}:
        shown = [found, *shown]
    told = _told(shown, person, clock.now(), found, form)
    status = 200
    if form is not None:
        refusal = getattr(form, "refusal", None)
        status = refusal.status if refusal else 422
    year, _dash, number = request.GET.get("sent", "").partition("-")
    sent = next(
        (t.row for t in told if (year, number) == (str(t.row.year), str(t.row.number))), None
    )
    return render(
        request,
        "shared/suggestions.html",
        {
            "waiting": [one for one in told if one.open and one.answering],
            "others": [one for one in told if not (one.open and one.answering)],
            "answers": answers(person),
            "sent": sent if sent and sent.writer == person.key else None,
            "older": f"?before={rows[MOST - 1].pk}" if len(rows) > MOST else "",
            "form": form,
        },
        status=status,
    )


def _rows(person: Person, before: int | None) -> list[Suggestion]:
    """What waits for this hat's answer, the longest first; then the others, the newest first."""
    mine: Suggestions = suggestions().visible_to(person).told()
    older = mine.filter(pk__lt=before) if before else mine
    if not answers(person):
        return list(older.order_by("-pk")[: MOST + 1])
    waiting = [] if before else list(mine.open().order_by("due_at", "pk")[: MOST * 4])
    rest = older.exclude(state=Heard.OPEN.value).order_by("-pk")[: MOST + 1]
    return [*waiting, *rest]


def _told(
    rows: list[Suggestion],
    person: Person,
    now: datetime,
    refused_one: Suggestion | None,
    form: forms.Form | None,
) -> list[Told]:
    seen = matters_seen(rows, person)
    own = set(
        suggestions()
        .own(person)
        .filter(pk__in=[row.pk for row in rows])
        .values_list("pk", flat=True)
    )

    def one(row: Suggestion) -> Told:
        here = form if refused_one is not None and row.pk == refused_one.pk else None
        open_to_me = row.state == Heard.OPEN and may_answer(person, row.writer)
        taking = row.state == Heard.ANSWERED and row.pk in own
        return Told(
            row=row,
            name=_name(row),
            late=answers(person) and is_late(row.state, row.due_at, now),
            page=page_words(row.page),
            issue=seen.get(row.issue_id or 0),
            matter=_matter_address(seen.get(row.issue_id or 0), person),
            answering=(
                here if isinstance(here, AnswerForm) else AnswerForm(auto_id=f"{_name(row)}-%s")
            )
            if open_to_me
            else None,
            taking=taking,
            again=(here if isinstance(here, AgainForm) else AgainForm(auto_id=f"{_name(row)}-%s"))
            if taking and row.again_at is None
            else None,
        )

    return [one(row) for row in rows]


def _name(row: Suggestion) -> str:
    return f"s-{row.year}-{row.number}"


def _matter_address(issue: Issue | None, person: Person) -> str:
    if issue is None:
        return ""
    room = "portal" if person.role == Role.ENTERPRISE else "desk"
    return reverse(f"{room}:issue", args=[issue.year, issue.number])


def page_words(page: str) -> str:
    """How a page is called, by its address without numbers; "" for one that has no name."""
    first, _slash, rest = page.strip("/").partition("/")
    if first == "desk":
        if not rest:
            return pgettext("page", "the list of matters")
        return _("Register a problem") if rest == "register" else pgettext("page", "a matter")
    if first == "portal":
        if rest.startswith("-/"):
            return pgettext("page", "a matter")
        return pgettext("page", "the enterprise's page")
    if first == "board":
        if rest.startswith("enterprises"):
            return _("Enterprises")
        if rest.startswith("lists"):
            return pgettext("page", "the three lists")
        return _("Board")
    return {
        "field": _("Visits"),
        "accounts": pgettext("page", "account and password"),
        "suggestions": _("Suggestions"),
    }.get(first, "")
