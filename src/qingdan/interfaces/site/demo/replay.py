"""What happened in the county until the first morning, played through the product's own acts.

Nothing is written past the rules: each act is done at its instant by the post that did it, so the
demo's clocks, lights and journal are what they would be in life.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from qingdan.domain.enterprises.actions import make_link
from qingdan.domain.enterprises.models import Subject
from qingdan.domain.enterprises.queries import person_of_link
from qingdan.domain.ledger.actions.perform import perform
from qingdan.domain.ledger.actions.register_body import register
from qingdan.domain.ledger.models import Issue
from qingdan.domain.ledger.queries import access_issue
from qingdan.domain.ledger.states import S, T
from qingdan.domain.people.models import Holding, Post
from qingdan.domain.people.queries import person_in
from qingdan.domain.people.rules import Person
from qingdan.domain.visits.actions import leave, nothing_to_report, take_along
from qingdan.domain.visits.models import Finding, Outing, Stop
from qingdan.foundations.kernel import clock

from .pages import read

THE_ENTERPRISE = "the-enterprise"
"""In the script: the enterprise whose matter it is, by its account or by its link."""


@dataclass
class County:
    """The demo county while its story is played."""

    posts: dict[str, Post] = field(
        default_factory=lambda: {p.code: p for p in Post.objects.select_related("unit")}
    )
    holders: dict[int, Holding] = field(
        default_factory=lambda: {
            h.post_id: h for h in Holding.objects.filter(to_at=None).select_related("user")
        }
    )
    subjects: dict[str, Subject] = field(
        default_factory=lambda: {s.uscc or s.name: s for s in Subject.objects.all()}
    )
    links: dict[str, Person] = field(default_factory=dict)
    issues: dict[str, Issue] = field(default_factory=dict)

    def person(self, code: str) -> Person:
        post = self.posts[code]
        holding = self.holders.get(post.pk)
        return person_in(post, holding.user if holding else None)

    def enterprise(self, subject: str) -> Person:
        """An enterprise by its account if it has one, else by the link that the desk made it."""
        account = next(
            (row.get("account") for row in read("enterprises") if row["uscc"] == subject), None
        )
        if account:
            return self.person(account)
        if subject not in self.links:
            token = make_link(self.subjects[subject], by=self.person("desk"))
            by_link = person_of_link(token)
            if by_link is None:
                raise LookupError(subject)
            self.links[subject] = by_link
        return self.links[subject]


def replay() -> None:
    """Play every act of every matter in the order of their instants, then note the outings."""
    county = County()
    happened: list[tuple[datetime, Callable[[], None]]] = []
    for matter in read("matters"):
        for act in matter["happened"]:
            happened.append((_at(act["at"]), _done(county, matter, act)))
    outings = _plan(county)
    for told, (outing, _) in zip(read("outings"), outings, strict=True):
        for code in told.get("company", ()):
            happened.append((_at(told["company_at"]), _joining(county, outing, code)))
    for outing, stops in outings:
        for stop, told in stops:
            by = person_in(outing.assistant or outing.leader)
            if "nothing_at" in told:
                happened.append((_at(told["nothing_at"]), _on(nothing_to_report, stop, by)))
            if "left_at" in told:
                happened.append((_at(told["left_at"]), _on(leave, stop, by)))
    for instant, act in sorted(happened, key=lambda pair: pair[0]):
        with clock.standing_at(instant):
            act()
    _note_findings(county, outings)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.COUNTY_ZONE)


def _on(act: Callable[..., None], stop: Stop, by: Person) -> Callable[[], None]:
    return lambda: act(stop, by=by)


def _joining(county: County, outing: Outing, code: str) -> Callable[[], None]:
    by = person_in(outing.assistant or outing.leader)
    return lambda: take_along(outing, county.posts[code], by=by)


def _done(county: County, matter: dict[str, Any], act: dict[str, Any]) -> Callable[[], None]:
    def do() -> None:
        try:
            _act(county, matter, act)
        except Exception as error:  # whatever it was, say which line of the script, and go on up
            error.add_note(f"demo: {matter['key']}, {act['act']} at {act['at']}")
            raise

    return do


def _act(county: County, matter: dict[str, Any], act: dict[str, Any]) -> None:
    subject = matter["subject"]
    by = county.enterprise(subject) if act["as"] == THE_ENTERPRISE else county.person(act["as"])
    if act["act"] == "register":
        said = {name: matter[name] for name in ("title", "body", "source", "category", "class")}
        said |= {"subject": county.subjects[subject].pk, "about": matter.get("about", "")}
        county.issues[matter["key"]] = register(said | act["body"], by=by)
        return
    issue = access_issue(by, str(county.issues[matter["key"]].ref))
    if act.get("if") == S.REPORTED and issue.state != S.REPORTED:
        return  # a simple result that nobody had to look at: it passed by itself
    perform(act["act"], issue, _numbered(issue, act["body"], by), by=by)


def _numbered(issue: Issue, body: dict[str, Any], by: Person) -> dict[str, Any]:
    """The script names tasks by their titles, "*" all open ones of the unit; acts by numbers."""
    tasks = list(issue.tasks.exclude(state=T.DROPPED.value))
    numbers = {task.title: task.number for task in tasks}
    body = dict(body)
    if "task" in body:
        body["task"] = numbers[body["task"]]
    if body.get("finish") == ["*"]:
        body["finish"] = [t.number for t in tasks if t.state == T.OPEN and t.unit_id == by.unit_id]
    return body


def _plan(county: County) -> list[tuple[Outing, list[tuple[Stop, dict[str, Any]]]]]:
    planned = []
    for row in read("outings"):
        leader = county.posts[row["leader"]]
        outing = Outing.objects.create(
            county=leader.county,
            kind=row["kind"],
            on=date.fromisoformat(row["on"]),
            title=row["title"],
            campaign=row["campaign"],
            leader=leader,
            assistant=county.posts[row["assistant"]],
        )
        stops = [
            (
                Stop.objects.create(
                    county=leader.county,
                    outing=outing,
                    subject=county.subjects[told["subject"]],
                    order=order,
                ),
                told,
            )
            for order, told in enumerate(row["stops"])
        ]
        planned.append((outing, stops))
    return planned


def _note_findings(
    county: County, outings: list[tuple[Outing, list[tuple[Stop, dict[str, Any]]]]]
) -> None:
    for _, stops in outings:
        for stop, told in stops:
            for number, found in enumerate(told["findings"], 1):
                issue = county.issues[found["matter"]]
                Finding.objects.create(
                    county=stop.county,
                    stop=stop,
                    issue=issue,
                    number=number,
                    way=found["way"],
                    key=f"demo-{found['matter']}",
                    noted_at=issue.registered_at,
                )
