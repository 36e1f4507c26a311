"""What a unit asks for, and what leaves it: another unit, a later date, the deputy's yes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qingdan.domain.ledger.actions.agreeing import agree as say_yes
from qingdan.domain.ledger.actions.agreeing import return_draft
from qingdan.domain.ledger.models import Issue
from qingdan.domain.ledger.queries import extends_from, result_to_agree, words_for
from qingdan.domain.people.actions import let_deputy_answer
from qingdan.domain.people.queries import units_to_give_to
from qingdan.domain.people.states import Role
from qingdan.foundations.kernel.errors import ChangedMeanwhile, Refusal, StepNotOpen
from qingdan.foundations.workdays.calendar import official
from qingdan.interfaces.shared.doors import door
from qingdan.interfaces.shared.history import day_words
from qingdan.interfaces.shared.refusals import refused, sentence

from ..act_forms import Button
from ..unit_forms import ExtensionForm, ObjectForm, ReturnForm
from .acts import act_page, back_to, named, one_act, version_in
from .matter import find


@require_http_methods(["GET", "POST"])
@door(Role.UNIT)
def object_to(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """申请调整承办单位: once, within a working day; why, and which unit instead."""
    issue = find(request.person, year, number)
    on_it = {part.unit_id for part in issue.parts} | {issue.about_id}
    units = [one for one in units_to_give_to(issue.county) if one.pk not in on_it]
    return one_act(
        request,
        issue,
        "object",
        lambda sent: ObjectForm(units, sent),
        "desk/act.html",
        draft="object",
        words=_("Asked for another unit: %(matter)s"),
        head=_("Ask for another unit"),
        note=_("Once only. It is decided today, and the decision binds; until then it rests."),
        says=words_for(issue, request.person)[1],
        buttons=[Button(_("Ask for another unit"), main=True)],
    )


FEW = 5
"""Working days later that are proposed."""


@require_http_methods(["GET", "POST"])
@door(Role.UNIT)
def request_extension(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """申请延期: until when, and why; at least two working days before the date."""
    issue = find(request.person, year, number)
    mine = next((part for part in issue.parts if part.unit_id == request.person.unit_id), None)
    before = extends_from(issue, mine) if mine else None
    calendar = official()
    later = calendar.day_of(calendar.ordinal(before) + FEW).isoformat() if before else ""
    return one_act(
        request,
        issue,
        "request-extension",
        lambda sent: ExtensionForm(sent, initial={"due_on": later}),
        "desk/act.html",
        draft="extension",
        words=_("Asked for a later date: %(matter)s"),
        head=_("Ask for a later date"),
        note=_("The enterprise reads why a date moved; the old one stays in sight."),
        facts=[(_("Now due"), day_words(before))] if before else [],
        buttons=[Button(_("Ask for a later date"), main=True)],
    )


# ------------------------------------------------------------------ the deputy's yes


@require_POST
@door(Role.UNIT)
def agree(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """One tap: the result that waits leaves the unit."""
    issue = find(request.person, year, number)
    try:
        if issue.version != version_in(request):
            raise ChangedMeanwhile
        say_yes(issue, by=request.person)
    except Refusal as refusal:
        messages.warning(request, sentence(refusal))
    else:
        words = _("The result is reported: %(matter)s")
        messages.success(request, words % {"matter": named(issue, request.person)})
    return redirect("desk:issue", year=year, number=number)


@require_http_methods(["GET", "POST"])
@door(Role.UNIT)
def return_result(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """Give the result back to who wrote it, with what is lacking."""
    issue = find(request.person, year, number)
    asked = result_to_agree(issue, request.person)
    if asked is None:
        raise StepNotOpen
    form = ReturnForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _returned(request, issue, form):
        words = _("Given back: %(matter)s") % {"matter": named(issue, request.person)}
        return back_to(request, issue, words, f"return-{issue.pk}")
    return act_page(
        request,
        "desk/act.html",
        issue,
        form,
        draft=f"return-{issue.pk}",
        head=_("Give the result back"),
        says=asked.reason,
        buttons=[Button(_("Give it back"), main=True)],
    )


def _returned(request: HttpRequest, issue: Issue, form: ReturnForm) -> bool:
    with refused(form):
        if issue.version != version_in(request):
            raise ChangedMeanwhile
        return_draft(issue, form.told().get("reason", ""), by=request.person)
        return True
    return False


@require_POST
@door(Role.UNIT)
def deputy_answers(request: HttpRequest) -> HttpResponse:
    """Whether results leave this unit only with its deputy's yes: the unit's own choice."""
    wants = request.POST.get("wants") == "yes"
    let_deputy_answer(wants, by=request.person)
    messages.success(
        request,
        _("From now on results leave with your yes.")
        if wants
        else _("From now on results leave at once."),
    )
    return redirect("desk:inbox")
