"""A small county for tests: builders that make one valid thing, and people who act in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from qingdan.domain.enterprises.actions import assign_liaison
from qingdan.domain.enterprises.models import Subject
from qingdan.domain.ledger.actions.perform import perform
from qingdan.domain.ledger.actions.register_body import register
from qingdan.domain.ledger.models import Issue
from qingdan.domain.ledger.queries import access_issue, lines_for, open_acts, words_for
from qingdan.domain.people.actions import take_post
from qingdan.domain.people.models import County, Post, Section, Unit, User
from qingdan.domain.people.queries import person_in
from qingdan.domain.people.rules import Person, subject_holder
from qingdan.foundations.kernel import clock

COUNTY = "430481"
MONDAY = datetime(2023, 10, 30, 9, 0, tzinfo=clock.COUNTY_ZONE)
"""9:00 on the day on which the first case begins."""

UNITS = [
    ("desk", "企业服务专班", "office"),
    ("supervision", "市政府督查室", "office"),
    ("supervision-2", "市委督查室", "office"),
    ("market-regulation", "市场监管局", "department"),
    ("admin-approval", "行政审批局", "department"),
    ("transport", "交通运输局", "department"),
    ("power-company", "供电公司", "state_owned"),
    ("park", "大市园区", "park"),
    ("township", "大市镇", "township"),
]


def at(text: str) -> datetime:
    """An instant in the county: "2023-10-30 09:12", or 9:00 of a date alone."""
    moment = datetime.fromisoformat(text if " " in text or "T" in text else f"{text} 09:00")
    return moment.replace(tzinfo=clock.COUNTY_ZONE)


@dataclass
class Actor:
    """Somebody of the town in one post. `version` of the matter is taken as read just now."""

    town: "Town"
    person: Person

    def registers(self, body: str, **fields: Any) -> str:
        if "subject" not in fields and "enterprise" not in fields:
            fields["subject"] = self.town.firm_id
        return str(register({"body": body, **fields}, by=self.person).ref)

    def does(self, act: str, ref: str, **fields: Any) -> None:
        self.town.passes(minutes=1)
        perform(act, access_issue(self.person, ref), fields, by=self.person)

    def sees(self, ref: str) -> dict[str, Any]:
        issue = access_issue(self.person, ref)
        title, body = words_for(issue, self.person)
        return {
            "state": issue.state,
            "ending": issue.ending,
            "level": issue.level,
            "title": title,
            "body": body,
            "acts": open_acts(issue, self.person),
        }

    def lists(self) -> list[str]:
        return [str(row.issue.ref) for row in lines_for(self.person).open().for_rows()]


class Town:
    """A county with its people. The clock stands where `on()` put it and moves with each act."""

    def __init__(self) -> None:
        clock.set_for_test(MONDAY)
        County.objects.create(code=COUNTY, name="耒阳市", prefix="耒企")
        self.units: dict[str, Unit] = {}
        for order, (code, name, kind) in enumerate(UNITS):
            self.units[code] = Unit.objects.create(
                county=COUNTY, code=code, name=name, short_name=name, kind=kind, order=order
            )
        self.section = Section.objects.create(
            county=COUNTY,
            unit=self.units["market-regulation"],
            code="food-production",
            name="食品生产股",
        )
        self.posts: dict[str, Post] = {}
        self._people()
        self.firm_subject = self.add_firm("某酒业有限公司", "91430481MA0000001A")
        self.other_subject = self.add_firm("某材料有限公司", "91430481MA0000002B")
        self.firm = self._enterprise("enterprise", self.firm_subject)
        self.other_firm = self._enterprise("enterprise-2", self.other_subject)
        assign_liaison(
            self.firm_subject,
            self.posts["leader"],
            self.posts["assistant"],
            from_on=date(2023, 1, 1),
        )

    def _people(self) -> None:
        def post(code: str, role: str, unit: str = "", duty: str = "", **more: Any) -> None:
            self.posts[code] = Post.objects.create(
                county=COUNTY,
                code=code,
                role=role,
                unit=self.units.get(unit),
                duty=duty,
                title=code,
                **more,
            )
            user = User.objects.create(username=code, password="!")
            take_post(self.posts[code], user)

        post("desk", "desk", "desk")
        post("desk-2", "desk", "desk")
        post("supervision", "supervision", "supervision")
        post("supervision-2", "supervision", "supervision-2")
        for code in ("market-regulation", "admin-approval", "transport", "power-company"):
            post(code, "unit", code, "contact")
        post("head", "unit", "market-regulation", "head")
        post("deputy", "unit", "market-regulation", "deputy")
        post("section", "unit", "market-regulation", "section_head", section=self.section)
        post("park", "unit", "park", "contact")
        post("township", "unit", "township", "contact")
        post("leader", "leader")
        post("assistant", "assistant", leader=self.posts["leader"])
        post("main-leader", "main_leader")
        for code in ("sysadmin", "secadmin", "auditor"):
            post(code, code)

    def _enterprise(self, code: str, subject: Subject) -> Actor:
        holder = subject_holder(subject.pk)
        self.posts[code] = Post.objects.create(
            county=COUNTY, code=code, role="enterprise", title=code, holder=holder
        )
        take_post(self.posts[code], User.objects.create(username=code, password="!"))
        return self.actor(code)

    def add_firm(self, name: str, uscc: str) -> Subject:
        return Subject.objects.create(
            county=COUNTY, name=name, short_name=name[:4], uscc=uscc, added_at=clock.now()
        )

    def actor(self, code: str) -> Actor:
        post = Post.objects.select_related("unit", "section").get(county=COUNTY, code=code)
        holding = post.holdings.select_related("user").first()
        return Actor(self, person_in(post, holding.user if holding else None))

    def __getattr__(self, name: str) -> Actor:
        code = name.replace("_", "-")
        if code in self.__dict__.get("posts", {}):
            return self.actor(code)
        raise AttributeError(name)

    @property
    def firm_id(self) -> int:
        return self.firm_subject.pk

    def everybody(self) -> Iterator[Actor]:
        for code in self.posts:
            yield self.actor(code)

    def on(self, text: str) -> None:
        clock.set_for_test(at(text))

    def passes(self, **time: int) -> None:
        clock.set_for_test(clock.now() + timedelta(**time))

    def issue(self, ref: str) -> Issue:
        return access_issue(self.desk.person, ref)

    @contextmanager
    def later(self, text: str) -> Iterator[None]:
        before = clock.now()
        self.on(text)
        yield
        clock.set_for_test(before)
