"""How a form that does an act on a matter is opened, sent, refused and shown again."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme

from qingdan.domain.ledger.actions.acting import require
from qingdan.domain.ledger.actions.perform import perform
from qingdan.domain.ledger.models import Issue
from qingdan.domain.ledger.queries import reads_shown_words, require_ready, words_for
from qingdan.domain.ledger.states import ISSUE_LIFE
from qingdan.domain.people.rules import Person
from qingdan.foundations.kernel.errors import ChangedMeanwhile, Incomplete
from qingdan.interfaces.shared.arrived import arrived
from qingdan.interfaces.shared.history import Sentence, sentences
from qingdan.interfaces.shared.refusals import form_page, refused
from qingdan.interfaces.shared.rows import class_words, source_words

from ..forms import ActForm
from .matter import find


def ready(act: str, issue: Issue, person: Person) -> None:
    """Raise the refusal of the table of acts unless this person can do this now."""
    require(person, act, issue)
    ISSUE_LIFE.require_open(act, issue.state)
    require_ready(act, issue, person)


def send(
    request: HttpRequest,
    act: str,
    issue: Issue,
    form: forms.BaseForm,
    told: Mapping[str, Any],
    names: Mapping[str, str] | None = None,
) -> bool:
    """Do the act, or let its refusal stand in the form: whether it was done.

    names: what the form calls fields that the action calls otherwise.
    """
    with refused(form), renamed(names or {}):
        perform(act, issue, told, by=request.person, version=version_in(request))
        return True
    return False


class renamed:
    """Let a refusal name the fields as the form calls them."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: Any, refusal: Any, trace: Any) -> None:
        if self.names and isinstance(refusal, Incomplete):
            named = {self.names.get(name, name): said for name, said in refusal.fields.items()}
            raise Incomplete(named) from refusal


def version_in(request: HttpRequest) -> int:
    """The version of the matter that the form showed; one that says none is too old."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def about(issue: Issue, person: Person) -> dict[str, Any]:
    """What stands above each form: which matter it is, in the words this person may read."""
    title, body = words_for(issue, person)
    hidden = reads_shown_words(issue, person)
    return {
        "issue": issue,
        "version": issue.version,
        "short": issue.ref.short,
        "title": title,
        "body": body,
        "firm": None if hidden else issue.subject,
        "source": "" if hidden else source_words(issue.source),
        "class_words": class_words(issue.handling),
    }


def act_page(
    request: HttpRequest, template: str, issue: Issue, form: forms.BaseForm, **context: Any
) -> HttpResponse:
    """The page of an act's form. After a refusal the matter is read again, with what is new."""
    person: Person = request.person
    news: list[Sentence] = []
    if isinstance(getattr(form, "refusal", None), ChangedMeanwhile):
        fresh = find(person, issue.year, issue.number)
        since = fresh.version - version_in(request)
        news = sentences(fresh, person)[: min(since, 5)] if since > 0 else []
        issue = fresh
    return form_page(request, template, form, **{"news": news} | about(issue, person) | context)


def done(request: HttpRequest, words: str, draft: str, to: str, *args: Any, **at: Any) -> Any:
    """Go on after an act, say in one line what was done, and let the browser drop the draft."""
    messages.success(request, format_html('<span data-draft-sent="{}">{}</span>', draft, words))
    arrived(request, draft)
    answer = redirect(to, *args, **at)
    answer.status_code = 303
    return answer


def back_to(request: HttpRequest, issue: Issue, words: str, draft: str) -> HttpResponse:
    """Go on to the matter, or to the page of ours that the address names, such as an outing's."""
    asked = request.GET.get("next", "")
    if asked.startswith("/") and url_has_allowed_host_and_scheme(asked, None):
        return done(request, words, draft, asked)
    return done(request, words, draft, "desk:issue", year=issue.year, number=issue.number)


def named(issue: Issue, person: Person) -> str:
    """`133 消防验收排不上号`, as a line about a matter begins."""
    return f"{issue.ref.short} {words_for(issue, person)[0]}"


Make = Callable[[Any], ActForm]


def one_act(
    request: HttpRequest,
    issue: Issue,
    act: str,
    make: Make,
    template: str,
    *,
    draft: str,
    words: str,
    told: Callable[[ActForm], Mapping[str, Any]] = lambda form: form.told(),
    names: Mapping[str, str] | None = None,
    **context: Any,
) -> HttpResponse:
    """Show the form of an act, or do it and go on to the matter. words: what was done.

    names: what the form calls fields that the action calls otherwise.
    """
    person: Person = request.person
    draft = f"{draft}-{issue.pk}"
    if request.method == "POST":
        form = make(request.POST)
        if form.is_valid() and send(request, act, issue, form, told(form), names):
            return back_to(request, issue, words % {"matter": named(issue, person)}, draft)
    else:
        ready(act, issue, person)
        form = make(None)
    return act_page(request, template, issue, form, draft=draft, **context)
