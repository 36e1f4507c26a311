"""The enterprise's side over HTTP: raise, follow, confirm, rate, reopen, nudge."""

import re

import pytest
from django.test import Client

from qingdan.domain.enterprises.actions import make_link
from qingdan.domain.ledger.models import Issue, Rating
from qingdan.domain.people.models import User
from town import Town

pytestmark = pytest.mark.db


def firm(who: str = "enterprise") -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(username=who))
    return client


def plain(page: bytes) -> bytes:
    """A page without the token that every rendering makes anew."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", page)


def verified(town: Town) -> str:
    ref = town.desk.registers("货车限行", unit="transport", due_on="2023-11-06")
    town.transport.does("contact", ref, kind="first")
    town.transport.does(
        "report-result", ref, kind="solved", text="限行改了", evidence=["12 号"], finish=[1]
    )
    return ref


def test_a_problem_is_raised_in_three_steps_on_one_page(town: Town) -> None:
    client = firm()
    sent = {"body": "路灯坏了半条街，夜里进厂看不见。", "class": "normal", "reach": "13800000000"}
    answer = client.post("/portal/raise/", sent | {"key": "1"})
    assert answer.status_code == 302
    issue = Issue.objects.get()
    assert (issue.source, issue.reach, issue.title) == ("portal", "13800000000", "路灯坏了半条街")
    again = client.post("/portal/raise/", sent | {"key": "1"})
    assert again.url.startswith("/portal/2023/1/")
    assert Issue.objects.count() == 1


@pytest.mark.parametrize(
    "body", ["", "   ", "x" * 100_000, "\x00\x01", "a" * 5001, "\U0001f600" * 5001]
)
def test_what_is_refused_stays_typed_and_changes_nothing(town: Town, body: str) -> None:
    answer = firm().post("/portal/raise/", {"body": body, "class": "name_hidden", "reach": "138"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="138"' in page
    assert 'value="name_hidden" checked' in page
    assert not Issue.objects.exists()


def test_the_list_says_who_is_on_it_what_next_and_by_when(town: Town) -> None:
    town.desk.registers("货车限行", unit="transport", due_on="2023-11-06")
    page = firm().get("/portal/").content.decode()
    for words in ("货车限行", "交通运输局", "11/6"):
        assert words in page
    assert "listed" not in page
    main = re.sub(r'"[^"]{30,}"', '""', page.split("<main")[1])  # signed, and may hold any word
    assert "red" not in main


def test_its_word_ends_the_matter_and_satisfaction_is_asked_apart(town: Town) -> None:
    verified(town)
    client = firm()
    page = client.get("/portal/2023/1/").content.decode()
    assert "限行改了" in page
    client.post("/portal/2023/1/do/confirm/", {"solved": "true", "words": "路通了"})
    issue = Issue.objects.get()
    assert (issue.state, issue.ending) == ("ended", "confirmed")
    assert not Rating.objects.exists()
    client.post("/portal/2023/1/do/rate/", {"satisfied": "5"})
    assert Rating.objects.get().satisfied == 5
    assert 'name="satisfied"' not in client.get("/portal/2023/1/").content.decode()


def test_not_solved_goes_back_and_says_so(town: Town) -> None:
    verified(town)
    firm().post("/portal/2023/1/do/confirm/", {"solved": "false", "words": "还是限行"})
    issue = Issue.objects.get()
    assert (issue.state, issue.level) == ("listed", 1)


def test_a_stale_page_is_told_and_keeps_what_was_typed(town: Town) -> None:
    verified(town)
    answer = firm().post(
        "/portal/2023/1/do/confirm/", {"solved": "false", "words": "还没好", "version": "1"}
    )
    assert answer.status_code == 409
    assert "还没好" in answer.content.decode()
    assert Issue.objects.get().state == "verified"


def test_reopening_asks_for_a_reason(town: Town) -> None:
    verified(town)
    client = firm()
    client.post("/portal/2023/1/do/confirm/", {"solved": "true"})
    assert client.post("/portal/2023/1/do/reopen/", {"reason": " "}).status_code == 422
    client.post("/portal/2023/1/do/reopen/", {"reason": "又限行了"})
    assert Issue.objects.get().state == "listed"


def test_a_nudge_counts_once_a_day(town: Town) -> None:
    town.desk.registers("货车限行", unit="transport", due_on="2023-11-06")
    client = firm()
    assert client.post("/portal/2023/1/do/nudge/").status_code == 302
    assert client.post("/portal/2023/1/do/nudge/").status_code == 409


def test_by_its_link_without_a_password_and_the_word_says_so(town: Town) -> None:
    verified(town)
    token = make_link(town.firm_subject, by=town.desk.person)
    client = Client(headers={"accept-language": "en"})
    assert client.get(f"/portal/l/{token}/").status_code == 302
    client.post("/portal/2023/1/do/confirm/", {"solved": "true"})
    assert Issue.objects.get().verdicts.get().word_by == "link"
    assert Client().get("/portal/l/nothing/").status_code == 404


def test_another_enterprise_and_a_number_that_is_not_there_look_alike(town: Town) -> None:
    verified(town)
    client = firm("enterprise-2")
    hidden, absent = client.get("/portal/2023/1/"), client.get("/portal/2023/77/")
    assert hidden.status_code == absent.status_code == 404
    there = absent.content.replace(b"/77/", b"/1/").replace(b"%2F77%2F", b"%2F1%2F")
    assert plain(hidden.content) == plain(there)
    assert client.post("/portal/2023/1/do/confirm/", {"solved": "true"}).status_code == 404


def test_other_acts_are_no_doors_of_the_portal(town: Town) -> None:
    verified(town)
    assert firm().post("/portal/2023/1/do/verify/").status_code == 404
    assert firm("desk").get("/portal/").status_code == 403
    assert Client().get("/portal/").status_code == 302


def test_the_list_asks_as_often_however_long_it_is(
    town: Town, django_assert_max_num_queries: object
) -> None:
    verified(town)
    client = firm()
    client.get("/portal/")
    for n in range(8):
        town.desk.registers(f"问题{n}", unit="transport", due_on="2023-11-06")
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        client.get("/portal/")
