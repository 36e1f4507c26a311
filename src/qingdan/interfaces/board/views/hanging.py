"""挂到工作群: the text for a chat, by hand, and the record of who hung it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qingdan.domain.groups.actions import hang, may_hang
from qingdan.domain.groups.rules import HungLine, hung_text
from qingdan.domain.ledger.models import Issue
from qingdan.domain.ledger.queries import standings
from qingdan.domain.people.rules import Person
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import NotAllowed

from ...shared.doors import door
from ...shared.history import day_words
from ...shared.rows import light_words, rows_of
from ..cut import Cut, cut_from, open_to_groups


@require_http_methods(["GET", "POST"])
@door("desk", "supervision", "leader", "assistant", "main_leader", "unit")
def hang_text(request: HttpRequest) -> HttpResponse:
    """GET shows the text to copy; POST writes down that it was hung."""
    person = request.person
    if not may_hang(person):
        raise NotAllowed
    cut = cut_from(request.GET.dict(), person)
    only_officials = request.POST.get("officials") or request.GET.get("officials")
    found = open_to_groups(person, cut)
    text = _text(request, person, cut, found, only_officials=bool(only_officials))
    if request.method == "POST" and found:
        hang(found, text, only_officials=bool(only_officials), by=person)
        query = f"{cut.query}&hung=1" + ("&officials=1" if only_officials else "")
        return redirect(f"{reverse('board:hang')}?{query}")
    return render(
        request,
        "board/hang.html",
        {
            "here": "board",
            "cut": cut,
            "text": text,
            "count": len(found),
            "officials": bool(only_officials),
            "hung": request.GET.get("hung") == "1",
        },
    )


def _text(
    request: HttpRequest,
    person: Person,
    cut: Cut,
    found: list[Issue],
    *,
    only_officials: bool,
) -> str:
    """Numbers, lights, dates and units; enterprises and titles only among officials."""
    now = clock.now()
    lines = standings().visible_to(person).today().matters().filter(issue__in=found)
    rows = rows_of(lines.for_rows().after(None)[:200], person, now)
    # a leader's post or a unit may be named anywhere, an enterprise only among officials
    named = cut.words if only_officials or "enterprise=" not in cut.query else ""
    head = _("%(what)s, %(day)s: %(count)d open") % {
        "what": named or _("Lists"),
        "day": day_words(clock.today()),
        "count": len(rows),
    }
    said = [
        HungLine(
            number=row.standing.issue.ref.short,
            light=light_words(row.light),
            when=_("by %(day)s") % {"day": day_words(clock.date_of(row.due_at))},
            unit=row.unit or _("service desk"),
            title=row.title if only_officials else "",
            who=row.firm if only_officials else "",
        )
        for row in rows
    ]
    link = request.build_absolute_uri(f"{reverse('board:lists', args=['problems'])}?{cut.query}")
    return hung_text(head, said, link, _("and %d more"))
