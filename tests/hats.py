"""A town with a matter of each class, and somebody under each hat that may come near it.

What must not be learnt is written in words that stand nowhere else, so that one look into an
answer tells whether it got out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.test import Client

from qingdan.domain.enterprises.actions import assign_liaison, make_link
from qingdan.domain.enterprises.models import Contact, Subject
from qingdan.domain.evaluation.actions import suggest
from qingdan.domain.evaluation.models import Suggestion
from qingdan.domain.ledger.models import Issue
from qingdan.domain.people.actions import make_token, take_post
from qingdan.domain.people.models import Post, Section, Unit, User
from qingdan.domain.people.rules import Person
from qingdan.domain.visits.actions import note_finding, plan_outing
from qingdan.domain.visits.models import Stop
from qingdan.domain.visits.states import Way
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.identifiers import check_uscc
from town import COUNTY, Town

HATS = {
    "desk": ["desk", "desk-2"],
    "supervision": ["supervision"],
    "supervision-2": ["supervision-2"],
    "main-leader": ["main-leader"],
    "lead": ["market-regulation", "head", "deputy", "section"],
    "cooperating": ["admin-approval"],
    "section-without": ["section-without"],
    "other-unit": ["power-company"],
    "complained-of": ["transport", "transport-deputy", "transport-section"],
    "park": ["park"],
    "other-park": ["township", "other-park"],
    "leader": ["leader"],
    "assistant": ["assistant"],
    "other-leader": ["other-leader"],
    "enterprise": [],
    "other-enterprise": ["enterprise-2"],
    "sysadmin": ["sysadmin"],
    "secadmin": ["secadmin"],
    "auditor": ["auditor"],
    "nobody": ["nobody"],
}
"""Who wears which hat of the table, by account. Each enterprise has its own matter alone."""

ABSENT = 999
"""A number that no matter has."""


@dataclass(frozen=True)
class Matter:
    """One matter to be looked at. words, firm: what only they may read who see all of it."""

    kind: str
    issue: Issue
    words: tuple[str, ...]
    firm: tuple[str, ...]
    shown: tuple[str, ...] = ()
    reported: bool = False

    @property
    def number(self) -> int:
        return self.issue.number

    @property
    def ref(self) -> str:
        return str(self.issue.ref)

    @property
    def signs(self) -> tuple[str, ...]:
        """What shows that there is such a matter at all."""
        at = f"{self.issue.year}/{self.number}/"
        return (f"/desk/{at}", f"/portal/{at}", self.ref, *self.shown)


@dataclass
class Who:
    """Somebody with a browser and a token.

    own: of an enterprise, the kind of its matter. is_first: nobody wears this hat before.
    """

    name: str
    hat: str
    person: Person | None
    pages: Client
    token: Client | None
    own: str = ""
    is_first: bool = True


@dataclass
class County:
    town: Town
    matters: list[Matter]
    people: list[Who]
    stop: Stop
    linked: Subject
    strange: Subject
    quiet: Subject
    noted: Issue
    released: Issue
    suggestion: Suggestion
    firms: dict[str, Subject] = field(default_factory=dict)

    def under(self, *hats: str) -> list[Who]:
        return [one for one in self.people if one.hat in hats]


def county() -> County:
    """Everybody and everything; the clock stands on 3 November 2023 in the morning."""
    town = _Wider()
    firms = {name: _firm(town, name, n) for n, name in enumerate(_KINDS, 1)}
    strange = town.add_firm("不相干企业有限公司", _code(77))
    Contact.objects.create(county=COUNTY, subject=strange, title="厂长", phone="13900009999")
    quiet = _at_home(town, town.add_firm("无事企业有限公司", _code(78)))
    outing = plan_outing(
        clock.today(), [firms["noted"]], by=town.assistant.person, leader=town.posts["leader"]
    )
    stop = outing.stops.get()
    noted = note_finding(
        stop, "走访记下的隐名原话", Way.TAKEN_BACK, {}, key="a" * 16, by=town.assistant.person
    ).issue
    town.passes(minutes=1)
    matters = [_matter(town, kind, firm) for kind, firm in firms.items() if kind != "noted"]
    matters.append(_reported(town, firms["supervision_only"]))
    _hide(town, str(noted.ref))
    released = _released(town, strange)
    town.on("2023-11-03 09:30")
    people = list(_people(town, firms))
    writer = next(one for one in people if one.own == "normal" and one.person)
    return County(
        town=town,
        matters=matters,
        people=people,
        suggestion=suggest("意见原话", by=writer.person),
        stop=stop,
        linked=firms["normal"],
        strange=strange,
        quiet=quiet,
        noted=noted,
        released=released,
        firms=firms,
    )


_KINDS = (
    "normal",
    "name_hidden",
    "supervision_only",
    "about_first",
    "about_other",
    "noted",
)
_LINKS = ("normal", "name_hidden")
"""The enterprises that also come by their link."""
_MARKS = dict(zip(_KINDS, "甲乙丙丁戊己", strict=True))
_ABOUT = {"about_first": "supervision", "about_other": "supervision-2"}


class _Wider(Town):
    """The town with the hats that a single matter needs beside those who work on it."""

    def _people(self) -> None:
        super()._people()
        market, transport = self.units["market-regulation"], self.units["transport"]
        other = Section.objects.create(county=COUNTY, unit=market, code="fees", name="收费股")
        roads = Section.objects.create(county=COUNTY, unit=transport, code="roads", name="公路股")
        ground = Unit.objects.create(
            county=COUNTY, code="other-park", name="别的园区", short_name="别的园区", kind="park"
        )
        self.units["other-park"] = ground
        self._post("section-without", "unit", unit=market, duty="section_head", section=other)
        self._post("transport-deputy", "unit", unit=transport, duty="deputy")
        self._post("transport-section", "unit", unit=transport, duty="handler", section=roads)
        self._post("other-park", "unit", unit=ground, duty="contact")
        self._post("other-leader", "leader")

    def _post(self, code: str, role: str, **more: object) -> None:
        post = Post.objects.create(county=COUNTY, code=code, role=role, title=code, **more)
        self.posts[code] = post
        take_post(post, User.objects.create(username=code, password="!"))


def _code(n: int) -> str:
    """A unified social credit code with both of its check signs right."""
    first = f"91430481MA{n:06d}"
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    tried = (first + own + whole for own in f"{signs}X" for whole in signs)
    return next(code for code in tried if check_uscc(code).valid)


def _at_home(town: Town, firm: Subject) -> Subject:
    """On the park's ground and linked to the leader, who are to learn nothing by that."""
    firm.park = town.units["park"]
    firm.save(update_fields=["park"])
    assign_liaison(firm, town.posts["leader"], town.posts["assistant"], from_on=date(2023, 1, 1))
    return firm


def _firm(town: Town, kind: str, n: int) -> Subject:
    mark = _MARKS[kind]
    firm = town.add_firm(f"{mark}字记号企业有限公司", _code(n))
    firm.short_name = f"{mark}字记号"
    firm.save(update_fields=["short_name"])
    Contact.objects.create(
        county=COUNTY, subject=firm, title="厂长", name=f"{mark}某人", phone=f"1390000{n}{n}{n}{n}"
    )
    return _at_home(town, firm)


def _matter(town: Town, kind: str, firm: Subject) -> Matter:
    """Registered by the park, run by one unit with a section's task, and by another one."""
    mark = _MARKS[kind]
    handling = kind if kind in ("normal", "name_hidden") else "supervision_only"
    about = _ABOUT.get(kind, "transport")
    words = (f"{mark}字原题", f"{mark}字原话", f"{mark}字联系方式")
    ref = town.park.registers(
        words[1],
        title=words[0],
        reach=words[2],
        subject=firm.pk,
        about=about,
        **{"class": handling},
    )
    gives = {"supervision_only": town.supervision, "about_other": town.supervision}
    giver = town.main_leader if kind == "about_first" else gives.get(kind, town.desk)
    shown = (f"{mark}字代题", f"{mark}字代述") if kind == "name_hidden" else ()
    more = {"shown_title": shown[0], "shown_body": shown[1]} if shown else {}
    giver.does(
        "triage",
        ref,
        track="scheduled",
        grade="B",
        lead="market-regulation",
        cooperating=["admin-approval"],
        **more,
    )
    line = {"unit": "market-regulation", "section": "food-production", "part": "lead"}
    other = {"unit": "admin-approval", "part": "cooperating"}
    giver.does(
        "draw-lists",
        ref,
        approach="先看现场",
        tasks=[
            {**line, "title": "现场核查", "due_on": "2023-11-10"},
            {**other, "title": "补齐材料", "due_on": "2023-11-09"},
        ],
    )
    town.market_regulation.does("acknowledge", ref)
    return Matter(
        kind=kind,
        issue=Issue.objects.select_related("subject").latest("pk"),
        words=words,
        firm=_of_firm(firm),
        shown=shown,
    )


def _of_firm(firm: Subject) -> tuple[str, ...]:
    contact = firm.contacts.get()
    return (firm.name, firm.short_name, firm.uscc, contact.phone, contact.name)


def _reported(town: Town, firm: Subject) -> Matter:
    """A sealed matter that waits for the other office."""
    town.firm_subject = firm
    words = ("庚字原题", "庚字原话", "庚字联系方式")
    ref = town.park.registers(
        words[1],
        title=words[0],
        reach=words[2],
        about="transport",
        **{"class": "supervision_only"},
    )
    lead = {"track": "scheduled", "grade": "B", "lead": "market-regulation"}
    town.supervision.does("triage", ref, cooperating=["admin-approval"], **lead)
    line = {"section": "food-production", "part": "lead", "due_on": "2023-11-10"}
    other = {"unit": "admin-approval", "part": "cooperating", "due_on": "2023-11-09"}
    town.supervision.does(
        "draw-lists",
        ref,
        approach="先看现场",
        tasks=[
            {**line, "unit": "market-regulation", "title": "现场核查"},
            {**other, "title": "补齐材料"},
        ],
    )
    town.admin_approval.does("acknowledge", ref)
    town.admin_approval.does("finish-task", ref, task=2, text="材料已补齐")
    town.market_regulation.does("acknowledge", ref)
    result = {"kind": "solved", "text": "已办好", "evidence": ["意见书 12 号"], "finish": [1]}
    town.market_regulation.does("report-result", ref, **result)
    return Matter(
        kind="supervision_only",
        issue=Issue.objects.select_related("subject").latest("pk"),
        words=words,
        firm=_of_firm(firm),
        reported=True,
    )


def _hide(town: Town, ref: str) -> None:
    """What the assistant noted as an open matter becomes a name-hidden one."""
    town.desk.does(
        "triage",
        ref,
        track="scheduled",
        grade="B",
        lead="market-regulation",
        shown_title="己字代题",
        shown_body="己字代述",
        **{"class": "name_hidden"},
    )


def _released(town: Town, firm: Subject) -> Issue:
    """A matter that a unit had on 1 November and has no more."""
    town.on("2023-11-01 09:00")
    ref = town.desk.registers("辛字原话", subject=firm.pk)
    triaged = {"track": "scheduled", "grade": "B", "lead": "market-regulation"}
    town.desk.does("triage", ref, cooperating=["power-company"], **triaged)
    town.on("2023-11-02 09:00")
    line = {"unit": "market-regulation", "part": "lead", "due_on": "2023-11-10"}
    town.desk.does("draw-lists", ref, approach="先看现场", tasks=[{**line, "title": "辛字任务"}])
    return Issue.objects.latest("pk")


def _people(town: Town, firms: dict[str, Subject]) -> Iterator[Who]:
    for hat, names in HATS.items():
        for name in names:
            yield _person(town, hat, name, is_first=name == names[0])
    for kind, firm in firms.items():
        if kind == "noted":
            continue
        town._enterprise(f"firm-{kind}", firm)
        yield _person(town, "enterprise", f"firm-{kind}", kind, is_first=kind in _LINKS)
        if kind in _LINKS:
            pages = Client(raise_request_exception=False)
            link = make_link(firm, by=town.desk.person)
            assert pages.get(f"/portal/l/{link}/").status_code == 302
            yield Who(f"link-{kind}", "enterprise", None, pages, None, kind, is_first=False)


def _person(town: Town, hat: str, name: str, own: str = "", *, is_first: bool = True) -> Who:
    pages = Client(raise_request_exception=False)
    if name == "nobody":
        return Who(name, hat, None, pages, Client())
    pages.force_login(User.objects.get(username=name))
    token = Client(headers={"authorization": f"Bearer {make_token(name)}"})
    return Who(name, hat, town.actor(name).person, pages, token, own, is_first)
