"""A stop on the phone, over HTTP: what it shows, what it notes, and what it refuses."""

from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qingdan.domain.ledger.models import Issue
from qingdan.domain.people.actions import take_post
from qingdan.domain.people.models import User
from qingdan.domain.visits.models import Finding, Stop
from qingdan.foundations.journal.record import history
from qingdan.interfaces.field.views import stops
from town import Town

pytestmark = pytest.mark.db

SAID = "食品生产许可证办不下来，没办法生产。"


def address(stop: Stop, more: str = "") -> str:
    return f"/field/{stop.pk}/{more}"


def an_order(**other: Any) -> dict[str, Any]:
    return {
        "key": "k1",
        "body": SAID,
        "way": "ordered",
        "unit": "market-regulation",
        "due_on": "2023-11-06",
    } | other


def text(answer: Any) -> str:
    return str(answer.content.decode())


def sign_in(client: Client, username: str) -> Client:
    client.force_login(User.objects.get(username=username))
    return client


def test_before_the_door_it_says_what_they_do_what_they_said_and_what_is_owed(
    signed_in: Client, town: Town, stop: Stop
) -> None:
    town.firm_subject.makes = "酱香酒"
    town.firm_subject.save()
    town.desk.registers("污水管网没有批", unit="transport", due_on="2023-11-02")
    shown = text(signed_in.get(address(stop)))
    assert "酱香酒" in shown
    assert "10月30日：污水管网没有批" in shown
    assert "交通运输局" in shown
    assert "没有问题" in shown


def test_an_order_is_noted_with_its_unit_and_date(
    signed_in: Client, town: Town, stop: Stop
) -> None:
    answer = signed_in.post(address(stop), an_order())
    assert answer.status_code == 303
    issue = Issue.objects.get()
    assert (issue.state, issue.source, str(issue.end_on)) == ("listed", "visit", "2023-11-06")
    shown = text(signed_in.get(address(stop)))
    assert "现场交办市场监管局，11月6日前" in shown
    assert "第 2 条，说了什么" in shown
    assert "/nothing/" not in shown  # 没有问题 stands there only until the first finding


def test_the_three_lists_of_an_order_are_drawn_from_the_stop(
    signed_in: Client, stop: Stop
) -> None:
    signed_in.post(address(stop), an_order())
    issue = Issue.objects.get()
    lists = f"/desk/{issue.year}/{issue.number}/lists/?next={address(stop)}"
    assert f'href="{lists}"' in text(signed_in.get(address(stop)))
    assert signed_in.get(lists).status_code == 200


def test_the_next_order_goes_to_the_unit_that_had_the_last_one(
    signed_in: Client, stop: Stop
) -> None:
    signed_in.post(address(stop), an_order())
    assert '<option value="market-regulation" selected>' in text(signed_in.get(address(stop)))


def test_another_day_than_those_of_the_row(signed_in: Client, stop: Stop) -> None:
    signed_in.post(address(stop), an_order(due_on="other", other_on="2023-11-08"))
    assert str(Issue.objects.get().end_on) == "2023-11-08"


def test_the_task_is_what_is_to_be_done_not_the_problem(signed_in: Client, stop: Stop) -> None:
    """As it was typed, else as the sentence says it, else that the problem is to be solved."""
    signed_in.post(address(stop), an_order(key="1", done="上门核查一次"))
    signed_in.post(address(stop), an_order(key="2", body=f"{SAID}请市场监管局上门对接"))
    signed_in.post(address(stop), an_order(key="3"))
    tasks = [issue.tasks.get().title for issue in Issue.objects.order_by("number")]
    assert tasks == ["上门核查一次", "上门对接", "解决“食品生产许可证办不下来”的问题"]
    assert Issue.objects.latest("pk").title == "食品生产许可证办不下来"


def test_a_sentence_is_read_and_nothing_is_noted(signed_in: Client, stop: Stop) -> None:
    said = {"body": "食品生产许可证办不下来，8日前"}
    assert signed_in.post(address(stop, "read/"), said).json() == {
        "units": [{"code": "market-regulation", "words": "市场监管局"}],
        "unit": "market-regulation",
        "due_on": "2023-11-08",
        "done": "解决“食品生产许可证办不下来”的问题",
    }
    nothing: dict[str, Any] = {"units": [], "unit": "", "due_on": "", "done": ""}
    for empty in ({}, {"body": ""}, {"body": "食品" * 3000}):
        assert signed_in.post(address(stop, "read/"), empty).json() == nothing
    assert not Finding.objects.exists()


def test_after_closing_time_today_is_not_proposed(
    signed_in: Client, town: Town, stop: Stop
) -> None:
    for hour, due_on in (("16:00", "2023-10-30"), ("19:00", "")):
        town.on(f"2023-10-30 {hour}")
        answer = signed_in.post(address(stop, "read/"), {"body": "30日前办好"})
        assert answer.json()["due_on"] == due_on


def test_a_unit_that_was_not_chosen_is_read_from_the_sentence_and_shown_never_sent(
    signed_in: Client, stop: Stop
) -> None:
    answer = signed_in.post(address(stop), an_order(unit=""))
    assert answer.status_code == 422
    assert '<option value="market-regulation" selected>' in text(answer)
    assert "从您的话里认出来的，可以改。" in text(answer)
    assert not Issue.objects.exists()


def test_settled_on_the_spot_names_who_was_there(signed_in: Client, stop: Stop) -> None:
    sent = {"key": "k", "body": "经营许可要哪些材料", "way": "settled"}
    signed_in.post(address(stop), sent | {"present": "admin-approval", "text": "当场讲清"})
    issue = Issue.objects.get()
    result = issue.results.get()
    assert issue.state == "verified"
    assert result.text == "行政审批局当场讲清"
    assert result.evidence == ["10月30日，行政审批局在场"]
    assert "现场办结：行政审批局当场讲清" in text(signed_in.get(address(stop)))


def test_taken_back_waits_for_triage(signed_in: Client, stop: Stop) -> None:
    signed_in.post(address(stop), {"key": "k", "body": "品牌怎么建", "way": "taken_back"})
    assert Issue.objects.get().state == "registered"
    assert "带回研办，等研判" in text(signed_in.get(address(stop)))


def test_sent_five_times_it_counts_once(signed_in: Client, stop: Stop) -> None:
    for _ in range(5):
        assert signed_in.post(address(stop), an_order()).status_code == 303
    assert (Finding.objects.count(), Issue.objects.count()) == (1, 1)


def test_two_sendings_that_meet_in_the_database_count_once(
    signed_in: Client, stop: Stop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL lets both look before either writes; the second one then hits the constraint."""
    signed_in.post(address(stop), an_order())

    def second(*_given: Any, **_named: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(stops, "note_finding", second)
    assert signed_in.post(address(stop), an_order()).status_code == 303
    assert Finding.objects.count() == 1


def test_a_sign_in_that_ended_meanwhile_leads_back_to_the_stop(client: Client, stop: Stop) -> None:
    answer = client.post(
        address(stop), an_order(), headers={"referer": f"http://testserver{address(stop)}"}
    )
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")
    assert f"%2Ffield%2F{stop.pk}%2F" in answer.headers["Location"]
    assert not Issue.objects.exists()


def test_each_form_has_a_key_of_its_own(signed_in: Client, stop: Stop) -> None:
    first, second = signed_in.get(address(stop)), signed_in.get(address(stop))
    keys = {answer.context["said"]["key"] for answer in (first, second)}
    assert len(keys) == 2
    assert all(len(key) == 32 for key in keys)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"body": " "}, "请写下企业怎么说的"),
        ({"unit": ""}, "这一项要填"),
        ({"unit": "no-such"}, "没有“no-such”这个单位"),
        ({"due_on": "2023-11-05"}, "11月5日"),
        ({"due_on": "2023-10-27"}, "10月27日"),
        ({"due_on": "other", "other_on": ""}, "这一项要填"),
        ({"due_on": "other", "other_on": "soon"}, "2023-11-06"),
        ({"way": "settled", "present": "", "text": "讲清了"}, "这一项要填"),
        ({"way": "settled", "present": "us", "text": ""}, "这一项要填"),
        ({"way": "elsewhere"}, "refusal"),
        ({"done": "长" * 201}, "200"),
        ({"body": "长" * 5001}, "5000"),
    ],
)
def test_refused_what_was_typed_stays_and_nothing_is_noted(
    signed_in: Client, stop: Stop, wrong: dict[str, str], sentence: str
) -> None:
    sent = an_order(**wrong)
    answer = signed_in.post(address(stop), sent)
    shown = text(answer)
    assert answer.status_code == 422
    assert 'class="refusal"' in shown
    assert sentence in shown
    assert sent["body"].strip() in shown
    assert 'value="k1"' in shown
    assert not Issue.objects.exists()
    assert not Finding.objects.exists()


def test_nothing_to_report_is_one_tap(signed_in: Client, stop: Stop) -> None:
    assert signed_in.post(address(stop, "nothing/")).status_code == 303
    assert "没有问题" in text(signed_in.get("/field/"))
    signed_in.post(address(stop), an_order())
    assert "1 条" in text(signed_in.get("/field/"))
    assert signed_in.post(address(stop, "nothing/")).status_code == 409


def test_done_here_leads_back_to_the_day(signed_in: Client, stop: Stop) -> None:
    signed_in.post(address(stop), an_order())
    answer = signed_in.post(address(stop, "left/"), follow=True)
    assert answer.redirect_chain[-1][0] == "/field/"
    assert "1 条，走完" in text(answer)
    assert "再记一条" in text(signed_in.get(address(stop)))


def test_hidden_and_absent_stops_look_the_same(client: Client, town: Town, stop: Stop) -> None:
    outsider = town.posts["leader"]
    outsider.pk, outsider.code, outsider.holder = None, "leader-2", ""
    outsider.save()
    User.objects.create(username="leader-2", password="!")
    take_post(outsider, User.objects.get(username="leader-2"))
    sign_in(client, "leader-2")
    for more in ("", "read/", "nothing/", "left/"):
        send = client.get if not more else client.post
        hidden, absent = send(address(stop, more)), send(f"/field/999999/{more}")
        assert (hidden.status_code, absent.status_code) == (404, 404)
        assert hidden.context["sentence"] == absent.context["sentence"]
    assert client.post(address(stop), an_order()).status_code == 404
    assert client.get("/field/99999999999999999999/").status_code == 404
    assert not Finding.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"),
    [("assistant", 200), ("leader", 200), ("desk", 200), ("transport", 403), ("park", 403),
     ("enterprise", 403), ("main-leader", 403), ("supervision", 403), ("sysadmin", 403)],
)  # fmt: skip
def test_who_may_stand_here(client: Client, stop: Stop, who: str, status: int) -> None:
    sign_in(client, who)
    assert client.get(address(stop)).status_code == status
    assert client.get("/field/").status_code == status


def test_a_matter_that_became_hidden_is_no_longer_in_the_leaders_list(
    client: Client, town: Town, stop: Stop
) -> None:
    sign_in(client, "assistant")
    client.post(address(stop), {"key": "a", "body": "有人刁难", "way": "taken_back"})
    ref = str(Issue.objects.get().ref)
    town.desk.does(
        "triage",
        ref,
        track="scheduled",
        grade="C",
        lead="transport",
        **{"class": "name_hidden"},
        shown_title="一家企业反映办事难",
        shown_body="一家企业反映办事难",
    )
    shown = text(client.get(address(stop)))
    assert "有人刁难" not in shown
    assert "第 1 条" in shown
    assert "1 条" not in text(client.get("/field/"))


def test_the_journal_keeps_the_assistant_and_the_leader(
    signed_in: Client, town: Town, stop: Stop
) -> None:
    signed_in.post(address(stop), an_order())
    issue = Issue.objects.get()
    told = {one.kind: one.actor for one in history(issue.county, issue.journal_key)}
    assistant, leader = town.posts["assistant"], town.posts["leader"]
    for kind in ("issue.registered", "issue.ordered"):
        assert (told[kind]["post"], told[kind]["behalf"]) == (assistant.pk, leader.pk)


def test_a_long_stop_asks_as_often_as_a_short_one(
    signed_in: Client, town: Town, stop: Stop
) -> None:
    counts = []
    for round_ in range(2):
        for n in range(3):
            signed_in.post(address(stop), an_order(key=f"{round_}-{n}", body=f"第{n}条"))
        town.desk.registers("另一件", unit="transport", due_on="2023-11-02")
        with CaptureQueriesContext(connection) as asked:
            signed_in.get(address(stop))
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 13
