"""The stations of the tour: each page of the product, who opens it, and in which county.

What the demo county lacks of states is added here, so that each page has something to show.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from playwright.sync_api import Page

from qingdan.domain.enterprises.actions import make_link
from qingdan.domain.enterprises.models import Contact, Subject
from qingdan.domain.evaluation.actions import answer, suggest
from qingdan.domain.ledger.actions.linking import link_same
from qingdan.domain.ledger.actions.perform import perform
from qingdan.domain.ledger.actions.register_body import register
from qingdan.domain.ledger.models import Issue
from qingdan.domain.ledger.queries import access_issue, issues, open_acts
from qingdan.domain.ledger.states import Ending, HoldKind, T
from qingdan.domain.people.actions import let_deputy_answer
from qingdan.domain.people.models import User
from qingdan.domain.people.queries import person_of
from qingdan.domain.people.rules import Person
from qingdan.domain.visits.models import Outing, Stop
from qingdan.foundations.kernel import clock
from qingdan.interfaces.site.demo.load import load_demo
from qingdan.interfaces.site.models import SecondFactor

DESK = ["desk", "desk-2", "supervision", "supervision-2"]
UNITS = ["market-regulation", "transport", "admin-approval", "development-reform", "power-company"]
FIRMS = ["enterprise", "enterprise-2", "enterprise-3"]
KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@dataclass(frozen=True)
class Station:
    """Who opens which address. then: what is pressed there before it is looked at.

    who: an account; "link:…" comes by the enterprise's link; "factor:…" owes its second factor.
    names: whether accounts' names, which are no words, stand there.
    """

    who: str
    address: str
    then: Callable[[Page], Any] | None = None
    status: int = 200
    names: bool = False


@dataclass
class Tour:
    """Every station by a name."""

    stations: dict[str, Station] = field(default_factory=dict)

    def add(self, name: str, who: str, address: str, **more: Any) -> None:
        assert name not in self.stations, name
        self.stations[name] = Station(who, address, **more)


def account(name: str) -> Person:
    person = person_of(User.objects.get(username=name))
    assert person is not None
    return person


# ------------------------------------------------------------------ what the demo lacks


def fill() -> None:
    """The demo county, and what no matter of it shows: a deputy's yes, links, suggestions."""
    load_demo("春江水暖鸭先知")
    let_deputy_answer(True, by=account("deputy"))
    by = account("market-regulation")
    issue = first_of("market-regulation", "report-result")
    tasks = issue.tasks.filter(state=T.OPEN.value, unit=by.unit_id)
    told = {
        "kind": "solved",
        "text": "已上门指导两次，标签和台账都改好了。",
        "evidence": ["现场核查记录（示例）"],
        "finish": [task.number for task in tasks],
    }
    perform("report-result", issue, told, by=by)

    desk, transport = account("desk"), account("transport")
    firm = Subject.objects.filter(kind="enterprise").earliest("pk")
    told = {"body": "厂门口限高杆太低，货车进不来。", "subject": firm.pk, "source": "telephone"}
    ref = str(register(told | {"unit": "transport", "due_on": "2023-11-06"}, by=desk).ref)
    told = {"unit": "development-reform", "reason": "限高杆是园区自建的，不归我局管。"}
    perform("object", access_issue(transport, ref), told, by=transport)

    seen = list(issues().visible_to(desk).filter(handling="normal", state="listed")[:2])
    link_same(seen[0], seen[1], by=desk)
    for name, said in (("enterprise", "字太小，看着费劲。"), ("transport", "能不能一次导出？")):
        suggest(said, by=account(name), page="/portal/" if name == "enterprise" else "/desk/")
    once = suggest("催办按钮在哪里？", by=account("enterprise"), page="/portal/")
    answer(once, "在每件事的页面下方，办理超过约定日期时出现。", by=desk)
    user = User.objects.get(username="sysadmin")
    SecondFactor.objects.create(user=user, key=KEY, real_added_at=clock.real())


# ------------------------------------------------------------------ which matter


def first_of(name: str, *acts: str) -> Issue:
    """The first matter that `name` can read and to which these acts are open."""
    person = account(name)
    for issue in issues().visible_to(person).order_by("pk"):
        if set(acts) <= set(open_acts(issue, person)):
            return issue
    raise LookupError(f"no matter with {acts} for {name}")


def at(issue: Issue, page: str = "", room: str = "desk") -> str:
    return f"/{room}/{issue.year}/{issue.number}/{page}"


def some(**fields: Any) -> Issue:
    return Issue.objects.filter(**fields).earliest("pk")


def tour() -> Tour:
    """The whole table. It fails where the county has nothing for a station."""
    tour = Tour()
    for part in (_signing_in, _desk, _matters, _acts, _portal, _field, _board, _shared):
        part(tour)
    return tour


def _signing_in(tour: Tour) -> None:
    tour.add("sign-in", "", "/accounts/login/")
    tour.add("sign-out", "desk", "/accounts/logout/")
    tour.add("password", "desk", "/accounts/password/")
    tour.add("sign-ins", "desk", "/accounts/sign-ins/")
    tour.add("factor", "sysadmin", "/accounts/second-factor/")
    tour.add("factor-asked", "factor:sysadmin", "/accounts/second-factor/")
    tour.add("factor-new", "factor:auditor", "/accounts/second-factor/")
    tour.add("administration-accounts", "sysadmin", "/administration/accounts/", names=True)
    tour.add("administration-roles", "secadmin", "/administration/roles/")
    tour.add("administration-journal", "auditor", "/administration/journal/", names=True)
    tour.add("administrator", "secadmin", "/desk/")


def _desk(tour: Tour) -> None:
    tour.add("inbox", "desk", "/desk/")
    for queue in ("triage", "work", "verify", "confirm", "disputes", "extensions", "declines"):
        tour.add(f"inbox-{queue}", "desk-2", f"/desk/?queue={queue}")
    for queue in ("disputes", "extensions", "declines", "explained", "sealed", "verify"):
        tour.add(f"office-{queue}", "supervision", f"/desk/?queue={queue}")
    beside = some(state="listed", handling="normal")
    tour.add("inbox-beside", "desk", f"/desk/?queue=work&open={beside.year}-{beside.number}")
    tour.add("calls", "desk", "/desk/calls/")
    tour.add("calls-office", "supervision-2", "/desk/calls/")
    tour.add("declined", "desk", "/desk/declined/")
    tour.add("register", "desk", "/desk/register/")
    tour.add("register-unit", "park", "/desk/register/")
    tour.add("unit", "market-regulation", "/desk/")
    tour.add("unit-deputy", "deputy", "/desk/")
    tour.add("unit-disputed", "transport", "/desk/")
    tour.add("unit-section", "section", "/desk/")
    tour.add("unit-park", "park", "/desk/")
    tour.add("leader", "leader", "/desk/")
    tour.add("main-leader", "main-leader", "/desk/")
    tour.add("absent", "desk", "/desk/2023/99999/", status=404)


def _matters(tour: Tour) -> None:
    """A matter's own page in each state that looks different, and to each who reads it."""
    for state in ("registered", "triaged", "listed", "reported", "verified"):
        tour.add(f"matter-{state}", "desk", at(some(state=state, handling="normal")))
    for ending in Ending:
        tour.add(f"matter-{ending.value}", "desk", at(some(ending=ending.value)))
    for kind in HoldKind:
        tour.add(f"matter-held-{kind.value}", "desk", at(_held(kind)))
    tour.add("matter-paused", "desk", at(_paused()))
    tour.add("matter-level", "desk", at(some(level=2)))
    asks = {"objection": "desk", "extension": "supervision", "decline": "desk-2"}
    for kind, who in (asks | {"withdrawal": "desk"}).items():
        issue = some(asks__kind=kind, asks__decided_at=None)
        tour.add(f"matter-asked-{kind}", who, at(issue))
    tour.add("matter-disputed-unit", "transport", at(_disputed()))
    tour.add(
        "matter-asked-decline-self", "desk", at(some(asks__kind="decline", state="registered"))
    )
    tour.add("matter-deputy", "deputy", at(some(asks__kind="result", asks__decided_at=None)))
    tour.add("matter-unit", "market-regulation", at(first_of("market-regulation", "progress")))
    name, issue = among(UNITS, "acknowledge")
    tour.add("matter-acknowledge", name, at(issue))
    tour.add("matter-hidden-unit", *_hidden_to_a_unit())
    tour.add("matter-sealed", "supervision", at(some(handling="supervision_only", state="listed")))
    tour.add("matter-sealed-new", "supervision", at(first_of("supervision", "triage")))
    tour.add("matter-verifying-office", "supervision-2", at(first_of("supervision-2", "verify")))
    tour.add("matter-approving", "supervision", at(first_of("supervision", "approve-explanation")))
    tour.add("matter-leader", "leader", at(first_of("leader", "hold")))
    tour.add("matter-main-leader", "main-leader", at(some(state="listed", handling="normal")))


def _held(kind: HoldKind) -> Issue:
    return some(holds__kind=kind.value, holds__to_at=None)


def _paused() -> Issue:
    for issue in Issue.objects.filter(interrupted=True).order_by("pk"):
        if not issue.held:
            return issue
    raise LookupError("paused")


def _disputed() -> Issue:
    return some(assignments__unit__code="transport", asks__kind="objection", asks__decided_at=None)


def among(names: Sequence[str], *acts: str) -> tuple[str, Issue]:
    for name in names:
        try:
            return name, first_of(name, *acts)
        except LookupError:
            continue
    raise LookupError(f"no matter with {acts} for any of {names}")


def _reportable(*, waits: bool) -> tuple[str, Issue]:
    """A matter that its lead reports on, at once or after what other units still owe."""
    for name in UNITS[1:]:
        person = account(name)
        for issue in issues().visible_to(person).filter(state="listed").order_by("pk"):
            owed = issue.tasks.filter(state=T.OPEN.value).exclude(unit=person.unit_id).exists()
            if owed == waits and "report-result" in open_acts(issue, person):
                return name, issue
    raise LookupError("a result to report")


def _hidden_to_a_unit() -> tuple[str, str]:
    for name in [*UNITS, "park", "township"]:
        for issue in issues().visible_to(account(name)).filter(handling="name_hidden"):
            return name, at(issue)
    raise LookupError("a matter without its name, at a unit")


def _acts(tour: Tour) -> None:
    """The page of each act, at the first matter to which it is open."""
    pages: dict[str, tuple[str, list[str]]] = {
        "triage": ("triage", DESK),
        "order": ("order-on-spot", DESK),
        "settle": ("settle-on-site", DESK),
        "send-back": ("send-back", DESK),
        "lists": ("draw-lists", DESK),
        "finish": ("finish-task", UNITS),
        "answer": ("answer", DESK),
        "change": ("change", DESK),
        "decide": ("decide", DESK),
        "grant-extension": ("grant-extension", DESK),
        "approve-decline": ("approve-decline", DESK),
        "approve-explanation": ("approve-explanation", DESK),
        "pause": ("pause", DESK),
        "hold": ("hold", DESK),
        "decline": ("decline", DESK),
        "object": ("object", UNITS),
        "request-extension": ("request-extension", UNITS),
    }
    for page, (act, names) in pages.items():
        name, issue = among(names, act)
        tour.add(page, name, at(issue, f"{page}/"))
    name, issue = _reportable(waits=False)
    tour.add("result", name, at(issue, "result/"))
    name, issue = _reportable(waits=True)
    tour.add("result-waits", name, at(issue, "result/"))
    tour.add("hold-review", "desk", at(_held(HoldKind.PROJECT), "hold/"))
    tour.add("hold-leader", "leader", at(first_of("leader", "hold"), "hold/"))
    tour.add(
        "decide-office",
        "supervision",
        at(first_of("supervision", "grant-extension"), "grant-extension/"),
    )
    tour.add("change-sealed", "supervision", at(first_of("supervision", "change"), "change/"))
    tour.add("return", "deputy", at(some(asks__kind="result", asks__decided_at=None), "return/"))
    silent = some(state="verified", handling="normal", contacts_made__kind="attempt")
    tour.add("contact-attempt", "desk-2", at(silent, "contact/?kind=attempt"))
    withdraws = some(asks__kind="withdrawal", asks__decided_at=None)
    tour.add("contact-call-back", "desk-2", at(withdraws, "contact/?kind=call-back"))
    tour.add("word", "desk-2", at(some(state="verified", handling="normal"), "word/"))
    issue = first_of("desk", "answer")
    tour.add("answer-refused", "desk", at(issue, "answer/"), then=_sends, status=422)
    tour.add(
        "decline-refused",
        "desk",
        at(first_of("desk", "decline"), "decline/"),
        then=_sends,
        status=422,
    )


def _sends(page: Page) -> None:
    """Send the form as it stands."""
    page.locator("form#act button.btn-main").click()


def _portal(tour: Tour) -> None:
    @cache
    def link(subject: int) -> str:
        return f"link:{make_link(Subject.objects.get(pk=subject), by=account('desk'))}"

    def firms(name: str, issue: Issue) -> None:
        tour.add(f"portal-{name}", link(issue.subject_id), at(issue, room="portal"))

    tour.add("portal", "enterprise", "/portal/")
    tour.add("portal-2", "enterprise-2", "/portal/")
    tour.add("people", "enterprise", "/portal/people/")
    tour.add("people-2", "enterprise-2", "/portal/people/")
    tour.add("raise", "enterprise", "/portal/raise/")
    tour.add("raise-sealed", "enterprise", "/portal/raise/", then=_seals)
    tour.add("raise-refused", "enterprise", "/portal/raise/", then=_sends_nothing, status=422)
    for ending in Ending:
        firms(ending.value, some(ending=ending.value))
    firms("confirm", some(state="verified", handling="normal"))
    firms("registered", some(state="registered", handling="normal"))
    firms("working", first_of("enterprise-2", "nudge"))
    firms("paused", _paused())
    firms("held", _held(HoldKind.CARRIED))
    firms("disputed", some(asks__kind="objection", asks__decided_at=None))
    firms("withdrawing", some(asks__kind="withdrawal", asks__decided_at=None))
    firms("hidden", some(handling="name_hidden", state="verified"))
    firms("sealed", some(handling="supervision_only", state="listed"))
    firms("late", some(level=2))


def _seals(page: Page) -> None:
    page.locator("label[for=class-sealed]").click()


def _sends_nothing(page: Page) -> None:
    page.locator("form[data-draft=portal-raise] button.btn-main").click()


def _field(tour: Tour) -> None:
    firm = Subject.objects.get(short_name__startswith="袁酿酒业", kind="enterprise")
    stop = Stop.objects.filter(subject=firm).latest("pk")
    tour.add("outings", "assistant", "/field/")
    tour.add("outing", "assistant", f"/field/outings/{stop.outing_id}/")
    tour.add("stop", "assistant", f"/field/{stop.pk}/")
    past = Outing.objects.exclude(pk=stop.outing_id).filter(leader=stop.outing.leader)
    tour.add("stop-past", "assistant", f"/field/{past.latest('on').stops.earliest('pk').pk}/")


def _board(tour: Tour) -> None:
    firm = Subject.objects.get(short_name__startswith="袁酿酒业", kind="enterprise")
    lists = "/board/lists"
    tour.add("board", "desk", "/board/")
    tour.add("board-leader", "main-leader", "/board/")
    tour.add("rows", "desk", "/board/rows/")
    tour.add("rows-red", "desk", "/board/rows/?light=red")
    tour.add("problems-all", "desk", f"{lists}/problems/")
    tour.add("problems", "desk", f"{lists}/problems/?unit=market-regulation")
    tour.add("tasks", "desk", f"{lists}/tasks/?enterprise={firm.pk}")
    tour.add("responsibilities", "desk", f"{lists}/responsibilities/?park=park")
    tour.add("hang", "desk", "/board/hang/")
    tour.add("enterprises", "desk", "/board/enterprises/")
    tour.add("enterprise", "desk", f"/board/enterprises/{firm.pk}/")
    tour.add("enterprise-leader", "leader", f"/board/enterprises/{firm.pk}/")
    tour.add("enterprise-main-leader", "main-leader", f"/board/enterprises/{firm.pk}/")


def _shared(tour: Tour) -> None:
    contact = Contact.objects.exclude(phone="").earliest("pk")
    tour.add("contact-open", "desk", f"/contacts/{contact.pk}/")
    tour.add("contact-masked", "main-leader", f"/contacts/{contact.pk}/")
    tour.add("contact-shown", "main-leader", f"/contacts/{contact.pk}/", then=_says_why)
    tour.add("suggest", "desk", "/suggestions/new/?page=/desk/")
    tour.add("suggest-firm", "enterprise", "/suggestions/new/?page=/portal/")
    tour.add("suggestions", "enterprise", "/suggestions/")
    tour.add("suggestions-desk", "desk", "/suggestions/")
    tour.add("suggestions-none", "leader", "/suggestions/")


def _says_why(page: Page) -> None:
    page.locator("input[name=reason]").fill("企业来电没有接到，要回拨")
    page.locator("main button.btn-main").click()


# ------------------------------------------------------------------ whether a page is forgotten

NO_PAGES = {
    "/": "leads on to the room of whoever comes",
    "/contacts/<int:contact_id>/ring/": "leads on to the telephone",
    "/portal/l/<str:token>/": "leads on to the enterprise's list",
    "/health/live": "for a machine",
    "/health/ready": "for a machine",
    "/language/": "leads back",
    "/accounts/signup/": "closed",
    "/accounts/password/set/": "closed",
    "/desk/<int:year>/<int:number>/triage/dates/": "a part of the triage page",
    "/desk/register/dates/": "a part of the page on which one registers",
    "/desk/register/firm/": "a part of the page on which one registers",
}


def shown_pages(node: URLResolver | None = None, before: str = "/") -> list[str]:
    """The routes that answer a GET, but for the API's: from the product's own addresses."""
    found: list[str] = []
    for one in (node or get_resolver()).url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            found += [] if route.startswith("/api/") else shown_pages(one, route)
        elif _takes_get(one):
            found.append(route)
    return found


def _takes_get(pattern: URLPattern) -> bool:
    """Whether a view shows something; asked by a method of no meaning, it says what it takes."""
    nothing = dict.fromkeys(pattern.pattern.converters, 0)
    try:
        said = pattern.callback(RequestFactory().generic("NOTHING", "/"), **nothing)
    except Exception:  # it looks for itself, and got further than the question
        return True
    return not isinstance(said, HttpResponse) or "GET" in said.get("Allow", "GET")


def routes_of(tour: Tour) -> set[str]:
    routes = set()
    for name, station in tour.stations.items():
        try:
            routes.add("/" + resolve(station.address.partition("?")[0]).route)
        except Resolver404 as lost:
            raise AssertionError(f"{name}: {station.address} leads nowhere") from lost
    return routes
