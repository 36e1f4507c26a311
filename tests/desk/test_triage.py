"""研判分办: a track, a grade, one lead; the dates are shown before; then the next that waits."""

from typing import Any

import pytest
from django.test import Client

from qingdan.domain.ledger.models import Issue
from qingdan.domain.people.models import User
from town import Town

pytestmark = pytest.mark.db


def signed_in(code: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=code))
    return client


def page_of(issue: Issue, page: str = "triage") -> str:
    return f"/desk/{issue.year}/{issue.number}/{page}/"


def decision(issue: Issue, **fields: Any) -> dict[str, Any]:
    told = {"track": "scheduled", "grade": "B", "lead": "交通运输局", "version": issue.version}
    return told | fields


@pytest.fixture
def issue(town: Town) -> Issue:
    return town.issue(town.desk.registers("园区道路窄，货车进不来。"))


def test_units_are_named_as_people_say_them(issue: Issue) -> None:
    told = decision(issue, cooperating=["大市园区", "", "供电公司"], say="先上门看现场")
    answer = signed_in("desk").post(page_of(issue), told)
    assert answer.status_code == 303
    issue.refresh_from_db()
    assert [part.unit.code for part in issue.parts] == ["transport", "park", "power-company"]
    assert (issue.state, issue.track, issue.grade) == ("triaged", "scheduled", "B")


def test_the_next_that_waits_comes_up(town: Town, issue: Issue) -> None:
    other = town.issue(town.desk.registers("自来水压力不够。"))
    answer = signed_in("desk").post(page_of(issue), decision(issue))
    assert answer["Location"] == page_of(other)
    issue = other
    answer = signed_in("desk").post(page_of(issue), decision(issue))
    assert answer["Location"] == "/desk/"


def test_the_dates_shown_before_are_those_that_run_after(issue: Issue) -> None:
    client = signed_in("desk")
    shown = client.get(page_of(issue, "triage/dates"), {"track": "scheduled", "grade": "B"})
    client.post(page_of(issue), decision(issue))
    issue.refresh_from_db()
    assert str(issue.promised_on) == "2023-11-20"
    assert "11月20日下班前" in shown.content.decode()
    running = issue.clocks.filter(stopped_at=None)
    for kind in ("first_contact", "answer", "end"):
        due_on = running.get(kind=kind).due_on
        assert f"{due_on.month}月{due_on.day}日下班前" in shown.content.decode()


def test_an_unknown_unit_is_refused_beside_its_field(issue: Issue) -> None:
    answer = signed_in("desk").post(page_of(issue), decision(issue, lead="没有这个局"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "没有这个局" in page
    assert "没有“没有这个局”" in page
    issue.refresh_from_db()
    assert issue.state == "registered"


def test_a_name_hidden_matter_needs_words_without_the_name(town: Town) -> None:
    issue = town.issue(town.firm.registers("收费没有依据。", **{"class": "name_hidden"}))
    client = signed_in("desk")
    assert "给单位看的标题" in client.get(page_of(issue)).content.decode()
    assert client.post(page_of(issue), decision(issue)).status_code == 422
    shown = {"shown_title": "一家企业反映收费", "shown_body": "反映收费没有依据。"}
    assert client.post(page_of(issue), decision(issue, **shown)).status_code == 303


def test_who_comes_second_is_told_what_is_new_and_keeps_what_was_typed(issue: Issue) -> None:
    told = decision(issue, say="先上门看现场")
    signed_in("desk-2").post(page_of(issue), decision(issue, lead="供电公司"))
    answer = signed_in("desk").post(page_of(issue), told)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "先上门看现场" in page
    assert "刚才的变化" in page
    assert "供电公司" in page
    issue.refresh_from_db()
    assert issue.lead is not None
    assert issue.lead.unit.code == "power-company"


def test_the_desk_sees_no_sealed_matter_in_its_queue_and_the_office_only_these(
    town: Town, issue: Issue
) -> None:
    town.firm.registers("某局吃拿卡要", **{"class": "supervision_only", "about": "transport"})
    found = Issue.objects.get(handling="supervision_only")
    assert signed_in("desk").get(page_of(found)).status_code == 404
    page = signed_in("supervision").get(page_of(found)).content.decode()
    assert "某局吃拿卡要" in page
    assert page.count('class="entry"') == 1


def test_what_is_triaged_already_says_so(issue: Issue) -> None:
    client = signed_in("desk")
    client.post(page_of(issue), decision(issue))
    assert client.get(page_of(issue)).status_code == 409


def test_the_page_asks_as_often_however_long_the_queue(
    town: Town, issue: Issue, django_assert_max_num_queries: Any
) -> None:
    for number in range(9):
        town.desk.registers(f"第{number}件事。")
    client = signed_in("desk")
    with django_assert_max_num_queries(14):
        client.get(page_of(issue))
