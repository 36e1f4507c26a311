"""Whatever is sent: a sentence, what was typed stays, nothing changes, never a crash."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingdan.domain.enterprises.models import Subject
from qingdan.domain.ledger.models import Issue, Result, Task
from qingdan.domain.people.models import User
from qingdan.foundations.journal.models import Entry
from town import Town

pytestmark = pytest.mark.db

SAID = "污水接不进园区管网，环保说月底来查。"
BAD_TEXTS = {
    "a hundred thousand characters": "水" * 100_000,
    "NUL": "\x00",
    "control characters": "\x07\x1b\x0b\x0c",
    "an emoji": "😀",
    "markup": "<script>alert(1)</script>{{ 7*7 }}",
    "a lone line end": "\r\n",
}


def signed_in(code: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=code))
    return client


def state() -> tuple[Any, ...]:
    """Everything that a refusal must leave as it was."""
    return (
        sorted(Issue.objects.values_list("pk", "state", "version")),
        sorted(Task.objects.values_list("pk", "state", "due_on")),
        Result.objects.count(),
        Subject.objects.count(),
        Entry.objects.count(),
    )


def registration(**fields: str) -> dict[str, str]:
    given = {"firm": "某酒业有限公司", "body": SAID, "handling": "normal", "then": "give"}
    return {"key": str(uuid4()), **given, "unit": "transport", "due_on": "2023-11-06", **fields}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"firm": "91430481MA4L12340X"}, "第"),
        ({"firm": ""}, "哪家企业"),
        ({"due_on": "2023-10-27"}, "已经过了"),
        ({"due_on": "2023-11-05"}, "改成11月6日"),
        ({"due_on": "明天"}, "2023-11-06"),
        ({"due_on": "9999-99-99"}, "2023-11-06"),
        ({"unit": "no-such-unit"}, "no-such-unit"),
        ({"unit": ""}, "这一项要填"),
        ({"handling": "secret"}, "normal"),
        ({"handling": "name_hidden"}, "研判"),
        ({"title": "长" * 81}, "81"),
        ({"body": "水" * 100_000}, "100000"),
        ({"source": "rumour"}, "telephone"),
    ],
)
def test_a_bad_registration_is_refused_with_a_sentence(
    town: Town, fields: dict[str, str], sentence: str
) -> None:
    before = state()
    answer = signed_in("desk").post("/desk/register/", registration(**fields))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert 'class="refusal' in page
    assert state() == before
    if "body" not in fields:
        assert SAID in page
    for name in ("unit", "due_on", "title"):
        if fields.get(name) and name != "unit":
            assert fields[name] in page


@pytest.fixture
def matters(town: Town) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """For each form: its address, who sends it, and what would be right."""
    fresh = town.issue(town.desk.registers("自来水压力不够。"))
    ref = town.desk.registers("路灯坏了。", unit="transport", due_on="2023-11-06")
    town.transport.does("acknowledge", ref)
    given = town.issue(ref)
    other = town.desk.registers("消防验收排不上号", unit="transport", due_on="2023-11-10")
    town.transport.does("acknowledge", other)
    town.transport.does(
        "report-result", other, kind="solved", text="已验收", evidence=["意见书"], finish=[1]
    )
    reported = town.issue(other)

    def at(issue: Issue, page: str) -> str:
        return f"/desk/{issue.year}/{issue.number}/{page}/"

    def right(issue: Issue, **fields: Any) -> dict[str, Any]:
        return {"version": str(issue.version), **fields}

    line = {
        "tasks.0.id": "1",
        "tasks.0.title": "修灯",
        "tasks.0.unit": "transport",
        "tasks.0.section": "",
        "tasks.0.due_on": "2023-11-06",
        "tasks.0.part": "lead",
        "tasks.0.drop": "",
    }
    return {
        "register": ("/desk/register/", "desk", registration(uscc="", title="", reach="")),
        "triage": (
            at(fresh, "triage"),
            "desk",
            right(fresh, track="scheduled", grade="B", lead="交通运输局", cooperating="", say=""),
        ),
        "order": (
            at(fresh, "order"),
            "desk",
            right(fresh, unit="transport", due_on="2023-11-06", text="去看"),
        ),
        "settle": (
            at(fresh, "settle"),
            "desk",
            right(fresh, text="当场讲清", evidence="当场告知", effect=""),
        ),
        "lists": (at(given, "lists"), "desk", right(given, approach="先修", **line)),
        "result": (
            at(given, "result"),
            "transport",
            right(given, kind="solved", text="修好", evidence="单", basis="", finish="1"),
        ),
        "finish": (at(given, "finish"), "transport", right(given, task="1", text="修好")),
        "send-back": (at(reported, "send-back"), "desk", right(reported, reason="没有验收单")),
        "progress": (at(given, "do/progress"), "transport", right(given, text="在修")),
    }


FORMS = (
    "register",
    "triage",
    "order",
    "settle",
    "lists",
    "result",
    "finish",
    "send-back",
    "progress",
)


@pytest.mark.parametrize("text", BAD_TEXTS.values(), ids=BAD_TEXTS)
@pytest.mark.parametrize("form", FORMS)
def test_no_field_of_a_form_can_be_made_to_crash(
    matters: dict[str, tuple[str, str, dict[str, Any]]], form: str, text: str
) -> None:
    address, who, right = matters[form]
    client = signed_in(who)
    for name in right:
        before = state()
        answer = client.post(address, right | {name: text})
        assert answer.status_code in (303, 409, 422), (name, answer.status_code)
        if answer.status_code != 303:
            assert state() == before, name
        else:
            return  # it was taken, control characters left out: the form is done with


@pytest.mark.parametrize("form", FORMS)
def test_a_form_with_nothing_in_it_is_refused(
    matters: dict[str, tuple[str, str, dict[str, Any]]], form: str
) -> None:
    address, who, _right = matters[form]
    before = state()
    assert signed_in(who).post(address, {}).status_code in (409, 422)
    assert state() == before


@pytest.mark.parametrize("form", [form for form in FORMS if form != "register"])
def test_a_stale_page_says_what_is_new_and_keeps_what_was_typed(
    town: Town, matters: dict[str, tuple[str, str, dict[str, Any]]], form: str
) -> None:
    address, who, right = matters[form]
    words = next(str(right[n]) for n in ("text", "reason", "approach", "lead") if n in right)
    issue = Issue.objects.get(number=int(address.split("/")[3]))
    town.leader.does("nudge", str(issue.ref))
    before = state()
    answer = signed_in(who).post(address, right)
    assert answer.status_code == 409
    assert words in answer.content.decode()
    assert state() == before


def test_a_sign_in_that_ended_leads_back_to_the_form(town: Town) -> None:
    """The browser keeps what was typed and shows it again there (drafts.js)."""
    client = Client()
    answer = client.post(
        "/desk/register/",
        registration(),
        headers={"Referer": "http://testserver/desk/register/"},
    )
    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=%2Fdesk%2Fregister%2F"
    assert not Issue.objects.exists()
    page = signed_in("desk").get("/desk/register/").content.decode()
    assert 'data-draft="register"' in page


def test_empty_evidence_is_refused_beside_its_field(
    matters: dict[str, tuple[str, str, dict[str, Any]]],
) -> None:
    address, who, right = matters["settle"]
    answer = signed_in(who).post(address, right | {"evidence": " \n "})
    assert answer.status_code == 422
    assert 'id="id_evidence-no"' in answer.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/desk/99999999999/1/triage/",
        "/desk/2023/99999999999999999999/result/",
        "/desk/0/0/lists/",
        "/desk/2023/999/order/",
    ],
)
def test_what_is_not_there_is_not_there(town: Town, address: str) -> None:
    client = signed_in("desk")
    assert client.get(address).status_code in (403, 404)
    assert client.post(address, {}).status_code in (403, 404)


ANYTHING = st.text(
    alphabet=st.characters(exclude_categories=["Cs"]) | st.sampled_from("\x00\x0b\r\n-/.：，〔〕"),
    max_size=120,
)
SOMETIMES_RIGHT = ANYTHING | st.sampled_from(
    [
        "transport",
        "交通运输局",
        "2023-11-06",
        "2023-11-05",
        "lead",
        "1",
        "solved",
        "某酒业有限公司",
    ]
)


@pytest.fixture
def anything_goes(
    matters: dict[str, tuple[str, str, dict[str, Any]]],
) -> Callable[[str, dict[str, str]], int]:
    clients = {who: signed_in(who) for _address, who, _right in matters.values()}

    def send(form: str, fields: dict[str, str]) -> int:
        address, who, right = matters[form]
        sent = {name: fields.get(str(n), value) for n, (name, value) in enumerate(right.items())}
        before = state()
        with transaction.atomic():
            answer = clients[who].post(address, sent)
            assert answer.status_code == 303 or state() == before
            transaction.set_rollback(True)  # so that each example finds the matters as they were
        return answer.status_code

    return send


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    form=st.sampled_from(FORMS),
    fields=st.dictionaries(st.sampled_from("0123456789"), SOMETIMES_RIGHT, max_size=4),
)
def test_anything_at_all_gets_an_answer(
    anything_goes: Callable[[str, dict[str, str]], int], form: str, fields: dict[str, str]
) -> None:
    assert anything_goes(form, fields) in (303, 409, 422)


def test_more_than_a_form_can_hold_is_turned_away_calmly(town: Town) -> None:
    client = signed_in("desk")
    before = state()
    huge = client.post("/desk/register/", registration(body="水" * 1_000_000))
    many = client.post("/desk/register/", {f"field-{n}": "x" for n in range(1_100)})
    for answer in (huge, many):
        assert answer.status_code in (400, 413, 422)
    assert state() == before
