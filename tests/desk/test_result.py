"""Forms of one act each: the result, a task, sent back, given, settled, a word taken down."""

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


def page_of(issue: Issue, page: str) -> str:
    return f"/desk/{issue.year}/{issue.number}/{page}/"


def sent(issue: Issue, **fields: Any) -> dict[str, Any]:
    issue.refresh_from_db()
    return {"version": issue.version, **fields}


@pytest.fixture
def issue(town: Town) -> Issue:
    """Given to the transport office, by 6 November, and acknowledged."""
    ref = town.desk.registers("路灯坏了。", unit="transport", due_on="2023-11-06")
    town.transport.does("acknowledge", ref)
    return town.issue(ref)


def test_a_result_finishes_the_leads_own_tasks(issue: Issue) -> None:
    client = signed_in("transport")
    page = client.get(page_of(issue, "result")).content.decode()
    assert 'name="finish" value="1"' in page
    told = sent(issue, kind="solved", text="路灯已修好", evidence="验收单 12 号\n", finish=["1"])
    answer = client.post(page_of(issue, "result"), told)
    assert answer["Location"] == f"/desk/{issue.year}/{issue.number}/"
    issue.refresh_from_db()
    assert issue.reported_at is not None
    assert issue.results.get().evidence == ["验收单 12 号"]


def test_a_result_without_evidence_says_what_is_lacking_and_keeps_the_words(issue: Issue) -> None:
    told = sent(issue, kind="solved", text="已办", finish=["1"])
    answer = signed_in("transport").post(page_of(issue, "result"), told)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "证号、文号" in page
    assert "已办</textarea>" in page
    issue.refresh_from_db()
    assert issue.state == "listed"


def test_explained_needs_its_basis(issue: Issue) -> None:
    told = sent(issue, kind="explained", text="不归我局管", finish=["1"])
    assert signed_in("transport").post(page_of(issue, "result"), told).status_code == 422


def test_a_result_waits_for_the_tasks_of_other_units(town: Town, issue: Issue) -> None:
    line = {"id": 1, "title": "修灯", "unit": "transport", "due_on": "2023-11-06", "part": "lead"}
    more = {"title": "接电", "unit": "power-company", "due_on": "2023-11-03"}
    town.desk.does(
        "draw-lists",
        str(issue.ref),
        approach="先接电",
        tasks=[line, {**more, "part": "executing"}],
    )
    page = signed_in("transport").get(page_of(issue, "result")).content.decode()
    assert "接电" in page
    assert "<textarea" not in page
    town.power_company.does("acknowledge", str(issue.ref))
    client = signed_in("power-company")
    assert "接电" in client.get(page_of(issue, "finish")).content.decode()
    client.post(page_of(issue, "finish"), sent(issue, task="2", text="电已接好"))
    assert issue.tasks.get(number=2).state == "done"
    assert "<textarea" in signed_in("transport").get(page_of(issue, "result")).content.decode()


def test_before_the_acknowledgement_the_form_says_so(town: Town) -> None:
    ref = town.desk.registers("路灯坏了。", unit="transport", due_on="2023-11-06")
    answer = signed_in("transport").get(page_of(town.issue(ref), "result"))
    assert answer.status_code == 409
    assert "先签收" in answer.content.decode()


def test_a_result_is_sent_back_with_a_reason(town: Town) -> None:
    ref = town.desk.registers("消防验收排不上号", unit="transport", due_on="2023-11-10")
    town.transport.does("acknowledge", ref)
    town.transport.does(
        "report-result", ref, kind="solved", text="已验收", evidence=["意见书"], finish=[1]
    )
    issue = town.issue(ref)
    client = signed_in("desk")
    assert client.post(page_of(issue, "send-back"), sent(issue)).status_code == 422
    client.post(page_of(issue, "send-back"), sent(issue, reason="没有验收单"))
    issue.refresh_from_db()
    assert issue.state == "listed"


def test_work_is_given_and_settled_on_the_spot_by_its_forms(town: Town) -> None:
    given = town.issue(town.assistant.registers("厂房标准说不清。", source="visit"))
    client = signed_in("assistant")
    assert client.get(page_of(given, "order")).status_code == 200
    told = sent(given, unit="market-regulation", due_on="2023-10-31", text="上门讲清标准")
    client.post(page_of(given, "order"), told)
    given.refresh_from_db()
    assert str(given.promised_on) == "2023-10-31"
    settled = town.issue(town.assistant.registers("经营许可要哪些材料？", source="visit"))
    client.post(
        page_of(settled, "settle"),
        sent(settled, text="审批局当场讲清", evidence="10月30日窗口负责人当场告知"),
    )
    settled.refresh_from_db()
    assert settled.reported_at is not None


def test_a_date_off_work_stands_beside_the_date(town: Town) -> None:
    given = town.issue(town.assistant.registers("厂房标准说不清。", source="visit"))
    told = sent(given, unit="market-regulation", due_on="2023-11-05", text="上门讲清标准")
    answer = signed_in("assistant").post(page_of(given, "order"), told)
    assert answer.status_code == 422
    assert "改成11月6日" in answer.content.decode()


def test_the_enterprises_word_is_taken_down_by_who_did_not_handle_it(
    town: Town, issue: Issue, settings: Any
) -> None:
    settings.SAMPLE_EVERY = 0
    town.transport.does(
        "report-result", str(issue.ref), kind="solved", text="修好", evidence=["单"], finish=[1]
    )
    client = signed_in("desk")
    assert client.get(page_of(issue, "word")).status_code == 200
    short = client.post(page_of(issue, "word"), sent(issue, solved="yes", by="telephone"))
    assert short.status_code == 422
    told = sent(
        issue, solved="yes", by="telephone", number="0734-1", at="2023-10-30T10:00", words="亮了"
    )
    client.post(page_of(issue, "word"), told)
    issue.refresh_from_db()
    assert (issue.state, issue.ending) == ("ended", "confirmed")


def test_an_act_that_is_not_theirs_is_not_opened(issue: Issue) -> None:
    assert signed_in("transport").get(page_of(issue, "send-back")).status_code == 403
    assert signed_in("power-company").get(page_of(issue, "result")).status_code == 404
    assert signed_in("desk").get(page_of(issue, "send-back")).status_code == 409
