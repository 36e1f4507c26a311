"""A simple matter takes five acts by three people; the pages and fields are counted too."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from qingdan.domain.ledger.models import Issue
from qingdan.domain.people.models import User
from qingdan.foundations.journal.models import Entry
from town import Town

pytestmark = pytest.mark.db


class Form(HTMLParser):
    """The form of a page that leads to an address, with what stands in it already."""

    def __init__(self, page: str, action: str) -> None:
        super().__init__()
        self.action = action
        self.inside = False
        self.found = False
        self.values: dict[str, list[str]] = {}
        self.names: set[str] = set()
        self.select = ""
        self.area = ""
        self.feed(page)
        assert self.found, f"no form leads to {action}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("action") == self.action
            self.found |= self.inside
        if not self.inside:
            return
        name = given.get("name", "")
        if tag in ("input", "select", "textarea", "button") and name:
            self.names.add(name)
        if tag == "input" and name:
            ticked = given.get("type") not in ("radio", "checkbox") or "checked" in given
            if ticked and given.get("type") != "submit":
                self.values.setdefault(name, []).append(given.get("value", ""))
        if tag == "select":
            self.select = name
        if tag == "option" and "selected" in given:
            self.values.setdefault(self.select, []).append(given.get("value", ""))
        self.area = name if tag == "textarea" else ""

    def handle_data(self, data: str) -> None:
        if self.inside and self.area and data.strip():
            self.values.setdefault(self.area, []).append(data.strip())

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""
        if tag == "form":
            self.inside = False


class Counted:
    """People at their browsers: which pages they open, what they fill in, what they press."""

    def __init__(self) -> None:
        self.people: set[str] = set()
        self.pages: list[str] = []
        self.fields: list[str] = []
        self.acts: list[str] = []

    def does(
        self,
        who: str,
        page: str,
        act: str,
        *,
        presses: tuple[str, str] | None = None,
        **fills: Any,
    ) -> str:
        """Open a page, fill in what is named, press the button; hand back where it led."""
        client = Client()
        client.force_login(User.objects.get(username=who))
        answer = client.get(page)
        assert answer.status_code == 200
        form = Form(answer.content.decode(), act)
        assert fills.keys() <= form.names, "the page has no such field"
        pressed = {presses[0]: presses[1]} if presses else {}
        sent = client.post(act, form.values | fills | pressed)
        assert sent.status_code in (302, 303), sent.content.decode()
        self.people.add(who)
        self.pages.append(page)
        self.fields += fills
        self.acts.append(act)
        return str(sent["Location"])


def test_a_simple_matter_takes_five_acts_by_three_people(town: Town, settings: Any) -> None:
    settings.SAMPLE_EVERY = 0  # whether a result is looked at by sample is another test's matter
    counted = Counted()

    at = counted.does(
        "desk",
        "/desk/register/",
        "/desk/register/",
        presses=("then", "give"),
        firm="某酒业有限公司",
        body="厂门口的路灯坏了一周，夜里装车看不见。",
        unit="transport",
        due_on="2023-11-03",
    )
    assert at == "/desk/2023/1/"

    town.on("2023-10-30 10:00")
    counted.does("transport", "/desk/", f"{at}do/contact/")

    town.on("2023-11-01 16:00")
    counted.does(
        "transport",
        f"{at}result/",
        f"{at}result/",
        text="11月1日更换灯具3盏，当晚已亮。",
        evidence="11月1日验收单，企业门卫在场",
    )

    town.on("2023-11-02 09:30")
    word = "/portal/2023/1/do/confirm/"
    counted.does("enterprise", "/portal/2023/1/", word, presses=("solved", "true"))
    counted.does("enterprise", "/portal/2023/1/", "/portal/2023/1/do/rate/", satisfied="5")

    issue = Issue.objects.get()
    assert (issue.state, issue.ending) == ("ended", "confirmed")
    assert issue.ratings.get().satisfied == 5

    assert len(counted.acts) == 5
    assert len(counted.people) == 3
    assert len(set(counted.pages)) == 4, "the word and the rating stand on one page"
    assert counted.fields == [
        *("firm", "body", "unit", "due_on"),
        *("text", "evidence"),
        "satisfied",
    ]
    entries = Entry.objects.filter(subject=issue.journal_key).order_by("seq")
    assert [entry.kind for entry in entries] == [
        *("issue.registered", "issue.ordered"),  # one act: unit and date stood on the form
        "issue.contacted",
        *("issue.reported", "issue.passed"),  # a simple result passes by itself
        "issue.ended",
        "issue.rated",
    ]


def test_two_fields_are_enough_to_register(town: Town) -> None:
    counted = Counted()
    counted.does(
        "desk",
        "/desk/register/",
        "/desk/register/",
        presses=("then", "only"),
        firm="某酒业有限公司",
        body="自来水压力不够。",
    )
    assert len(counted.fields) == 2
    assert Issue.objects.get().state == "registered"
