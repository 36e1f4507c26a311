"""不予受理: asked by one, decided by another; and the register of what was not accepted."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qingdan.domain.ledger.rules.policy import policy
from qingdan.domain.people.states import Role
from qingdan.interfaces.shared.doors import door
from qingdan.interfaces.shared.reasons import addressee_words, decline_words, letter_words

from ..act_forms import Button, DeclineForm
from .acts import one_act
from .matter import find

DECLINES = (Role.DESK, Role.SUPERVISION, Role.MAIN_LEADER)


@require_http_methods(["GET", "POST"])
@door(*DECLINES)
def decline(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """Ask that a matter is not accepted, with its coded reason; until then nothing is done."""
    issue = find(request.person, year, number)
    letters = policy(issue.policy).decline_letters
    codes = [(code, decline_words(code)) for code in letters]
    notes = {
        code: _("by %(letter)s to %(addressee)s")
        % {"letter": letter_words(letter), "addressee": addressee_words(code)}
        for code, letter in letters.items()
        if letter
    }
    return one_act(
        request,
        issue,
        "decline",
        lambda sent: DeclineForm(codes, notes, sent),
        "desk/act.html",
        draft="decline",
        words=_("Asked not to accept it: %(matter)s"),
        head=_("Do not accept it"),
        note=_("A colleague decides; until then nothing else is done with it."),
        says=issue.body,
        buttons=[Button(_("Ask not to accept it"), main=True)],
    )
