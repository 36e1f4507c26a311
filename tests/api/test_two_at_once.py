"""Two programs ask at the same moment, each in a thread with a connection of its own."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from api.caller import Calls, says
from qingdan.domain.ledger.models import Issue
from qingdan.foundations.journal.models import Entry
from qingdan.foundations.kernel.models import Once
from qingdan.interfaces.api import once
from town import Town

pytestmark = [pytest.mark.db, pytest.mark.django_db(transaction=True)]


def together(*requests: Callable[[], Any]) -> list[Any]:
    """What each request was answered, sent at the same moment."""
    gate = threading.Barrier(len(requests))
    answers: list[Any] = [None] * len(requests)

    def send(n: int) -> None:
        try:
            gate.wait(10)
            answers[n] = requests[n]()
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(n,)) for n in range(len(requests))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def new(town: Town, **more: Any) -> dict[str, Any]:
    body = {"subject": town.firm_id, "title": "货车限行", "body": "货车进不来", "source": "desk"}
    return body | more


def test_one_key_sent_four_times_at_once_makes_one_matter(town: Town, calls: Calls) -> None:
    desk, body = calls("desk"), new(town)
    answers = together(*[lambda: desk.create(body, Idempotency_Key="k")] * 4)
    assert Issue.objects.count() == 1
    assert Entry.objects.filter(kind="issue.registered").count() == 1
    made = [a for a in answers if a.status_code == 201]
    running = [says(a)["code"] for a in answers if a.status_code != 201]
    assert made
    assert set(running) <= {"still-running"}
    assert len({a.content for a in made}) == 1
    assert desk.create(body, Idempotency_Key="k").content == made[0].content


def test_of_two_acts_on_one_version_one_wins_and_the_other_hears_what_changed(
    town: Town, calls: Calls
) -> None:
    desk, other = calls("desk"), calls("desk-2")
    ref = says(desk.create(new(town)))["ref"]
    plan = {"track": "scheduled", "grade": "B"}
    answers = together(
        lambda: desk.act("triage", ref, plan | {"lead": "transport"}, If_Match='"1"'),
        lambda: other.act("triage", ref, plan | {"lead": "park"}, If_Match='"1"'),
    )
    assert sorted(a.status_code for a in answers) == [200, 409]
    refused = says(next(a for a in answers if a.status_code == 409))
    assert refused["code"] == "changed-meanwhile"
    assert [c["kind"] for c in refused["changed"]] == ["issue.triaged"]
    assert says(desk.matter(ref))["version"] == 2


def test_matters_registered_at_once_are_numbered_without_a_gap(town: Town, calls: Calls) -> None:
    desk, body = calls("desk"), new(town)
    answers = together(*[lambda: desk.create(body)] * 6)
    assert [a.status_code for a in answers] == [201] * 6
    assert sorted(says(a)["ref"] for a in answers) == [f"耒企〔2023〕{n}号" for n in range(1, 7)]


def test_a_slow_request_whose_key_was_taken_over_changes_nothing(
    town: Town, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It claimed the key and stood still; another took the key over and did the work."""
    desk, body = calls("desk"), new(town)
    claim, claimed, go_on = once._claim, threading.Event(), threading.Event()

    def standing_still(*asked: str) -> Any:
        mine = claim(*asked)
        if not claimed.is_set():
            claimed.set()
            assert go_on.wait(30)
        return mine

    monkeypatch.setattr(once, "_claim", standing_still)
    monkeypatch.setattr(once, "LAPSES", once.LAPSES * 0)

    def slow() -> Any:
        return desk.create(body, Idempotency_Key="k")

    def quick() -> Any:
        assert claimed.wait(30)
        try:
            return desk.create(body, Idempotency_Key="k")
        finally:
            go_on.set()

    late, first = together(slow, quick)
    assert first.status_code == 201
    assert (late.status_code, says(late)["code"]) == (409, "still-running")
    assert Issue.objects.count() == 1
    assert Entry.objects.filter(kind="issue.registered").count() == 1
    assert Once.objects.get().status == 201
    assert slow().content == first.content
