"""我的清单: raise a problem, see who is on it, say whether it is solved."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingdan.domain.enterprises.actions import use_link
from qingdan.domain.enterprises.queries import access_subject, leaders_of
from qingdan.domain.ledger.actions.perform import perform
from qingdan.domain.ledger.actions.register_body import register
from qingdan.domain.ledger.models import Issue
from qingdan.domain.ledger.queries import access_issue, issues, open_acts
from qingdan.domain.ledger.states import OPEN, Handling, Source
from qingdan.domain.people.models import Unit
from qingdan.domain.people.queries import units_to_give_to
from qingdan.domain.people.states import UnitKind
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import Incomplete, NotAllowed, NotHere, Refusal

from ..shared.arrived import arrived
from ..shared.doors import door
from ..shared.history import satisfied_words, sentences
from ..shared.live import topic_url
from ..shared.refusals import sentence
from .serving import Serving, of_leaders
from .story import Story, tell

SHOWN = 100
"""The most matters on the list; an enterprise with more finds the older ones by their year."""

ACTS = frozenset({"confirm", "rate", "reopen", "nudge", "withdraw"})


@require_GET
@door(public=True)
def come_in(request: HttpRequest, token: str) -> HttpResponse:
    """By the enterprise's own link: no password; the page behind it keeps asking the link."""
    if use_link(token) is None:
        raise NotHere
    request.session.cycle_key()
    request.session["link"] = token
    return redirect("portal:list")


@require_GET
@door("enterprise")
def my_list(request: HttpRequest) -> HttpResponse:
    person = request.person
    rows = issues().visible_to(person).filter(subject=person.subject_id)
    stories = tell(list(rows.select_related("subject", "about").order_by("-id")[:SHOWN]))
    groups = {
        name: [story for story in stories if story.group == name]
        for name in ("waits", "working", "solved", "over")
    }
    groups["working"].sort(key=lambda story: (story.by, story.issue.pk))
    subject = access_subject(person, person.subject_id)
    return render(
        request,
        "portal/list.html",
        {
            "subject": subject,
            "groups": groups,
            "live": topic_url(person.county, person.holder),
        },
    )


@require_http_methods(["GET", "POST"])
@door("enterprise")
def raise_problem(request: HttpRequest) -> HttpResponse:
    """Say it, say who may read it, say how to be reached: three steps on one page."""
    said: dict[str, Any] = {"class": Handling.NORMAL.value}
    wrong: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        said = request.POST.dict()
        if said.get("class") != Handling.SUPERVISION_ONLY:
            said.pop("about", None)  # chosen before another class was
        try:
            key = request.session.get("raised", {})
            if key.get("key") == said.get("key") and key.get("ref"):
                year, number = key["ref"]  # sent twice: the same matter again
                return redirect("portal:issue", year=year, number=number)
            issue = register(said | {"source": Source.PORTAL.value}, by=request.person)
        except Incomplete as refused:
            wrong = {name: sentence(refusal) for name, refusal in refused.fields.items()}
            status = 422
        else:
            request.session["raised"] = {
                "key": said.get("key"),
                "ref": [issue.year, issue.number],
            }
            arrived(request, "portal-raise")
            address = reverse("portal:issue", args=[issue.year, issue.number])
            return redirect(f"{address}?sent=raise")
    return render(
        request,
        "portal/raise.html",
        {
            "said": said,
            "wrong": wrong,
            "units": _to_complain_of(request.person.county),
            "key": said.get("key") or clock.real().isoformat(),
        },
        status=status,
    )


def _to_complain_of(county: str) -> list[Unit]:
    """Every unit, and the offices that watch over them too."""
    offices = Unit.objects.filter(county=county, kind=UnitKind.OFFICE).order_by("order", "id")
    return [*units_to_give_to(county), *offices]


@require_GET
@door("enterprise")
def matter(request: HttpRequest, year: int, number: int) -> HttpResponse:
    issue = access_issue(request.person, f"〔{year}〕{number}")
    return _matter(request, issue)


@require_POST
@door("enterprise")
def act(request: HttpRequest, year: int, number: int, act: str) -> HttpResponse:
    """The enterprise's word, its rating, its nudge; refused, the page comes back as typed."""
    if act not in ACTS:
        raise NotHere
    issue = access_issue(request.person, f"〔{year}〕{number}")
    fields = request.POST.dict()
    if act == "confirm":
        fields["by"] = "link" if request.person.link_id else "account"
    version = fields.get("version", "")
    read = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None
    try:
        perform(act, issue, fields, by=request.person, version=read)
    except (NotAllowed, NotHere):
        raise
    except Refusal as refused:
        fresh = access_issue(request.person, f"〔{year}〕{number}")
        return _matter(request, fresh, refused=refused, act=act, said=fields)
    arrived(request, f"portal-{act}-{year}-{number}")
    address = reverse("portal:issue", args=[year, number])
    return redirect(f"{address}?sent={act}")


def _matter(
    request: HttpRequest,
    issue: Issue,
    *,
    refused: Refusal | None = None,
    act: str = "",
    said: dict[str, Any] | None = None,
) -> HttpResponse:
    wrong = {}
    if isinstance(refused, Incomplete):
        wrong = {name: sentence(refusal) for name, refusal in refused.fields.items()}
    (story,) = tell([issue], whole=True)
    sent = request.GET.get("sent", "")[:12]
    word = {"yes": "true", "no": "false"}.get(request.GET.get("word", ""), "")
    return render(
        request,
        "portal/issue.html",
        {
            "story": story,
            "issue": issue,
            "acts": open_acts(issue, request.person),
            "history": sentences(issue, request.person),
            "refused": sentence(refused) if refused else "",
            "wrong": wrong,
            "act": act,
            "said": said or {"solved": word},
            "rated": issue.ratings.first(),
            "levels": [(str(level), satisfied_words(level)) for level in (5, 4, 3, 2, 1)],
            "live": topic_url(issue.county, issue.journal_key),
            "sent": sent,
            "draft_sent": _draft_of(sent, issue),
        },
        status=refused.status if refused else 200,
    )


def _draft_of(sent: str, issue: Issue) -> str:
    """The name of the browser's draft that has arrived."""
    return "portal-raise" if sent == "raise" else f"portal-{sent}-{issue.year}-{issue.number}"


@require_GET
@door("enterprise")
def who_serves(request: HttpRequest) -> HttpResponse:
    """服务团队: post and office number of everybody who works on the enterprise's matters."""
    person = request.person
    subject = access_subject(person, person.subject_id)
    rows = issues().visible_to(person).filter(subject=subject, state__in=OPEN)
    stories = tell(
        list(rows.select_related("subject", "about").order_by("-id")[:SHOWN]), whole=True
    )
    return render(
        request,
        "portal/people.html",
        {
            "subject": subject,
            "teams": _teams(stories),
            "leaders": of_leaders(leaders_of(subject, clock.today())),
        },
    )


@dataclass
class Team:
    """The people of one unit who work for the enterprise, and on which matters."""

    unit: str
    people: list[Serving] = field(default_factory=list)
    stories: list[Story] = field(default_factory=list)

    @property
    def is_office(self) -> bool:
        """Whether it watches over the others and works on nothing itself."""
        return all(one.is_office for one in self.people)


def _teams(stories: list[Story]) -> list[Team]:
    """Every unit once: who works on the most urgent matter first, the offices at the end."""
    teams: dict[str, Team] = {}
    for story in sorted(stories, key=lambda one: (one.by, one.issue.pk)):
        for one in story.serving:
            if one.is_liaison:
                continue
            team = teams.setdefault(one.unit, Team(one.unit))
            known = next((p for p in team.people if p.post == one.post), None)
            if known is None:
                team.people.append(one)
            elif not known.phone:  # met first in a matter that hides the name
                team.people[team.people.index(known)] = one
            if story not in team.stories:
                team.stories.append(story)
    return sorted(teams.values(), key=lambda team: team.is_office)
