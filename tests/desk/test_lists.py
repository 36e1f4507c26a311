"""列清单: dated tasks, one lead; refusals beside the very cell; old tasks kept or dropped."""

from typing import Any

import pytest
from django.test import Client

from qingdan.domain.ledger.models import Issue
from qingdan.domain.people.models import User
from town import Town

pytestmark = pytest.mark.db

Line = tuple[str, str, str, str]
LEAD: Line = ("发证", "market-regulation", "2023-11-06", "lead")
HELP: Line = ("一次性告知材料", "admin-approval", "2023-11-01", "cooperating")


def signed_in(code: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=code))
    return client


def page_of(issue: Issue) -> str:
    return f"/desk/{issue.year}/{issue.number}/lists/"


def sent(issue: Issue, *lines: Line, **more: Any) -> dict[str, Any]:
    issue.refresh_from_db()
    told: dict[str, Any] = {"version": issue.version, "approach": "先看厂房，再批材料"}
    for number, (title, unit, due_on, part) in enumerate(lines):
        told |= {
            f"tasks.{number}.title": title,
            f"tasks.{number}.unit": unit,
            f"tasks.{number}.due_on": due_on,
            f"tasks.{number}.part": part,
        }
    return told | more


@pytest.fixture
def issue(town: Town) -> Issue:
    """Ordered to market regulation on the spot, by 6 November: one task already."""
    ref = town.assistant.registers("食品生产许可证办不下来。", source="visit")
    town.assistant.does(
        "order-on-spot", ref, unit="market-regulation", due_on="2023-11-06", text="对接办证"
    )
    return town.issue(ref)


def test_the_task_that_stands_there_is_shown_and_kept(issue: Issue) -> None:
    client = signed_in("assistant")
    page = client.get(page_of(issue)).content.decode()
    assert 'value="对接办证"' in page
    told = sent(issue, LEAD, HELP, **{"tasks.0.id": "1", "tasks.0.section": "食品生产股"})
    answer = client.post(page_of(issue), told)
    assert answer.status_code == 303
    tasks = list(issue.tasks.order_by("number"))
    assert [task.title for task in tasks] == ["发证", "一次性告知材料"]
    assert tasks[0].section is not None


def test_lines_that_nobody_filled_are_left_out(issue: Issue) -> None:
    empty: Line = ("", "", "", "cooperating")
    told = sent(issue, LEAD, empty, HELP, empty, **{"tasks.0.id": "1"})
    assert signed_in("assistant").post(page_of(issue), told).status_code == 303
    assert issue.tasks.count() == 2


def test_a_refusal_stands_beside_the_cell_even_after_an_empty_line(issue: Issue) -> None:
    empty: Line = ("", "", "", "cooperating")
    off: Line = ("一次性告知材料", "admin-approval", "2023-11-05", "cooperating")
    told = sent(issue, LEAD, empty, off, **{"tasks.0.id": "1"})
    answer = signed_in("assistant").post(page_of(issue), told)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_tasks.2.due_on-no">11月5日不上班' in page
    assert 'value="一次性告知材料"' in page
    assert issue.tasks.count() == 1


def test_two_leads_are_refused(issue: Issue) -> None:
    second: Line = ("批", "transport", "2023-11-03", "lead")
    answer = signed_in("assistant").post(
        page_of(issue), sent(issue, LEAD, second, **{"tasks.0.id": "1"})
    )
    assert answer.status_code == 422
    assert 'id="id_tasks.1.part-no"' in answer.content.decode()


def test_an_old_task_is_dropped_with_a_reason_and_never_forgotten(issue: Issue) -> None:
    client = signed_in("assistant")
    forgotten = client.post(page_of(issue), sent(issue, LEAD))
    assert forgotten.status_code == 422
    assert "保留" in forgotten.content.decode()
    told = sent(issue, LEAD, LEAD, **{"tasks.0.id": "1", "tasks.0.drop": "并到发证里"})
    assert client.post(page_of(issue), told).status_code == 303
    assert [t.state for t in issue.tasks.order_by("number")] == ["dropped", "open"]


def test_without_javascript_the_server_adds_lines_and_judges_nothing(issue: Issue) -> None:
    told = sent(issue, LEAD, **{"tasks.0.id": "1", "add": "1"})
    answer = signed_in("assistant").post(page_of(issue), told)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="tasks.2.title"' in page
    assert "发证" in page
    issue.refresh_from_db()
    assert issue.tasks.get().title == "对接办证"


def test_the_first_lists_begin_with_the_lead(town: Town) -> None:
    ref = town.desk.registers("消防验收排不上号")
    town.desk.does(
        "triage", ref, track="scheduled", grade="B", lead="transport", cooperating=["park"]
    )
    issue = town.issue(ref)
    client = signed_in("desk")
    page = client.get(page_of(issue)).content.decode()
    assert '<option value="transport" selected>' in page
    assert '<option value="park" selected>' in page
    lead: Line = ("拓宽", "transport", "2023-11-10", "lead")
    kept: Line = ("腾地", "park", "2023-11-06", "cooperating")
    assert client.post(page_of(issue), sent(issue, lead, kept)).status_code == 303


def test_whoever_comes_from_an_outing_goes_back_there(issue: Issue) -> None:
    told = sent(issue, LEAD, **{"tasks.0.id": "1"})
    answer = signed_in("assistant").post(f"{page_of(issue)}?next=/field/1/", told)
    assert answer["Location"] == "/field/1/"
    told = sent(issue, LEAD, **{"tasks.0.id": "1"})
    answer = signed_in("assistant").post(f"{page_of(issue)}?next=https://evil.example/", told)
    assert answer["Location"].startswith("/desk/")


def test_who_draws_second_is_told(issue: Issue) -> None:
    told = sent(issue, LEAD, **{"tasks.0.id": "1"})
    signed_in("assistant").post(page_of(issue), told)
    answer = signed_in("desk").post(page_of(issue), told | {"approach": "另一种办法"})
    assert answer.status_code == 409
    assert "另一种办法" in answer.content.decode()


def test_the_first_time_lists_are_drawn_and_only_then_changed(town: Town, issue: Issue) -> None:
    client = signed_in("assistant")
    own = f"/desk/{issue.year}/{issue.number}/"
    assert "<h1>列清单</h1>" in client.get(page_of(issue)).content.decode()
    assert "改清单" not in client.get(own).content.decode(), "an order is no list yet"
    town.passes(minutes=5)
    client.post(page_of(issue), sent(issue, LEAD, HELP, **{"tasks.0.id": "1"}))
    assert "<h1>改清单</h1>" in client.get(page_of(issue)).content.decode()
    assert "改清单" in client.get(own).content.decode()
