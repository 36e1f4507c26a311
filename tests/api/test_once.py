"""A key makes a doubled request harmless: done once, answered twice the same."""

from datetime import timedelta
from typing import Any

import pytest

from api.caller import Calls, says
from qingdan.domain.ledger.models import Issue
from qingdan.foundations.journal.models import Entry
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.models import Once
from qingdan.interfaces.api import once, operations
from town import Town

pytestmark = pytest.mark.db

HEADERS = ("ETag", "Location", "Content-Type", "Content-Length", "Cache-Control", "Vary")


def new(town: Town, **more: Any) -> dict[str, Any]:
    body = {"subject": town.firm_id, "title": "货车限行", "body": "货车进不来", "source": "desk"}
    return body | more


def same(one: Any, other: Any) -> bool:
    told = [(r.status_code, r.content, [r.get(name) for name in HEADERS]) for r in (one, other)]
    return told[0] == told[1]


def test_the_same_key_and_body_give_the_same_answer_and_one_matter(
    town: Town, calls: Calls
) -> None:
    desk = calls("desk")
    first = desk.create(new(town), Idempotency_Key="k1")
    desk.act("triage", says(first)["ref"], {"track": "scheduled", "grade": "B", "lead": "park"})
    town.on("2023-11-02")
    again = desk.create(dict(reversed(new(town).items())), Idempotency_Key=" k1 ")
    assert first.status_code == 201
    assert same(first, again)
    assert Issue.objects.count() == 1


def test_an_act_sent_again_is_answered_though_its_version_is_old_by_now(
    town: Town, calls: Calls
) -> None:
    ref = says(calls("desk").create(new(town, unit="transport", due_on="2023-11-06")))["ref"]
    unit = calls("transport")
    first = unit.act("acknowledge", ref, If_Match='"1"', Idempotency_Key="k")
    again = unit.act("acknowledge", ref, If_Match='"1"', Idempotency_Key="k")
    later = unit.act("acknowledge", ref, If_Match='"2"', Idempotency_Key="k")
    assert first.status_code == 200
    assert same(first, again)
    assert same(first, later)
    assert Entry.objects.filter(kind="task.acknowledged").count() == 1
    assert unit.act("acknowledge", ref, If_Match='"1"').status_code == 409


def test_another_body_or_address_with_the_same_key_is_refused(town: Town, calls: Calls) -> None:
    desk = calls("desk")
    ref = says(desk.create(new(town), Idempotency_Key="k"))["ref"]
    for response in (
        desk.create(new(town, title="别的事"), Idempotency_Key="k"),
        desk.create(b"[", Idempotency_Key="k"),
        desk.act("triage", ref, new(town), Idempotency_Key="k"),
    ):
        assert response.status_code == 422
        assert list(says(response)["fields"]) == ["Idempotency-Key"]
    assert Issue.objects.count() == 1


def test_keys_are_each_persons_own_whatever_the_token(town: Town, calls: Calls) -> None:
    from api.caller import caller

    first = calls("desk").create(new(town), Idempotency_Key="k")
    assert same(first, caller("desk").create(new(town), Idempotency_Key="k"))
    other = calls("desk-2").create(new(town), Idempotency_Key="k")
    assert says(other)["ref"] != says(first)["ref"]


def test_a_refusal_is_not_kept_so_what_was_mended_goes_through(town: Town, calls: Calls) -> None:
    desk = calls("desk")
    refused = desk.create(new(town, title=""), Idempotency_Key="k")
    assert refused.status_code == 422
    assert same(refused, desk.create(new(town, title=""), Idempotency_Key="k"))
    assert not Once.objects.exists()
    assert desk.create(new(town), Idempotency_Key="k").status_code == 201


@pytest.mark.parametrize("key", ["", "  ", "x" * 201, "é", "a\x00b", "a\nb"])
def test_a_key_that_cannot_be_kept_is_refused(town: Town, calls: Calls, key: str) -> None:
    response = calls("desk").create(new(town), Idempotency_Key=key)
    assert response.status_code == 422
    assert not Issue.objects.exists()


def claimed(town: Town, seconds_ago: int) -> Once:
    """A claim that somebody left without an answer, as a kill would."""
    raw = b'{"body":"\\u8d27\\u8f66\\u8fdb\\u4e0d\\u6765","source":"desk","subject":%d,'
    raw += b'"title":"\\u8d27\\u8f66\\u9650\\u884c"}'
    import hashlib

    told = b"POST /api/v1/issues\n" + raw % town.firm_id
    return Once.objects.create(
        holder=town.desk.person.key,
        key="k",
        digest=hashlib.sha256(told).hexdigest(),
        real_at=clock.real() - timedelta(seconds=seconds_ago),
    )


def test_while_the_first_is_still_running_the_second_is_told_so(town: Town, calls: Calls) -> None:
    claimed(town, seconds_ago=50)
    response = calls("desk").create(new(town), Idempotency_Key="k")
    assert (response.status_code, says(response)["code"]) == (409, "still-running")
    assert int(response["Retry-After"]) > 0
    assert not Issue.objects.exists()


def test_a_claim_whose_holder_was_killed_is_taken_over_after_a_minute(
    town: Town, calls: Calls
) -> None:
    row = claimed(town, seconds_ago=61)
    first = calls("desk").create(new(town), Idempotency_Key="k")
    assert first.status_code == 201
    row.refresh_from_db()
    assert row.status == 201
    assert same(first, calls("desk").create(new(town), Idempotency_Key="k"))


def test_whose_claim_was_taken_over_takes_everything_back(
    town: Town, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So slow that another took the key over: nothing of the slow one's work stays."""
    registering = operations.register

    def slowly(*args: Any, **more: Any) -> Issue:
        done = registering(*args, **more)
        Once.objects.update(real_at=clock.real() + timedelta(seconds=1))
        return done

    monkeypatch.setattr(operations, "register", slowly)
    response = calls("desk").create(new(town), Idempotency_Key="k")
    assert (response.status_code, says(response)["code"]) == (409, "still-running")
    assert not Issue.objects.exists()
    assert not Entry.objects.exists()


def test_a_crash_gives_the_key_back(
    town: Town, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: Any, **__: Any) -> None:
        raise RuntimeError("a bug")

    desk = calls("desk")
    with monkeypatch.context() as broken:
        broken.setattr(once, "_keep", crash)
        with pytest.raises(RuntimeError):
            desk.create(new(town), Idempotency_Key="k")
    assert not Issue.objects.exists()
    assert desk.create(new(town), Idempotency_Key="k").status_code == 201
    assert Issue.objects.count() == 1
