"""Every no: which one, in which order, in words and as a problem; hidden looks absent."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.caller import Calls, says
from qingdan.interfaces.api import shapes
from town import Town

pytestmark = pytest.mark.db

ABSENT = "耒企〔2023〕999号"


def refused(response: Any, status: int, code: str = "") -> dict[str, Any]:
    """What a problem says, if it is one, whole and with this status and code."""
    told = says(response)
    assert (response.status_code, told["code"] if code else "") == (status, code), told
    assert response["Content-Type"] == "application/problem+json"
    shapes.Problem.model_validate(told)
    assert told["status"] == status
    assert told["detail"]
    return told


def registered(town: Town, calls: Calls, **more: Any) -> str:
    body = {"subject": town.firm_id, "title": "货车限行", "body": "货车进不来", "source": "desk"}
    return says(calls("desk").create(body | more))["ref"]


def test_without_a_token_or_with_an_unknown_one_nothing_is_said(town: Town, calls: Calls) -> None:
    ref = registered(town, calls)
    nobody = calls("")
    for method, path in (
        ("GET", "/me"),
        ("GET", "/issues"),
        ("POST", "/issues"),
        ("GET", f"/issues/{ref}"),
        ("GET", "/nothing"),
        ("DELETE", "/issues"),
        ("GET", "/lists/tasks?limit=0"),
        ("POST", f"/issues/{ref}/triage"),
    ):
        response = nobody(method, path)
        refused(response, 401, "not-signed-in")
        assert response["WWW-Authenticate"].startswith("Bearer")
    for told in ("Bearer", "Bearer ", "Bearer unknown", "Basic ZGVzazp4", "Bearer 你好", "x"):
        answer = nobody.client.get("/api/v1/me", headers={"Authorization": told})
        refused(answer, 401, "not-signed-in")


def test_a_revoked_token_and_a_person_without_a_post_are_nobody(town: Town, calls: Calls) -> None:
    from qingdan.domain.people.models import ApiToken, Holding
    from qingdan.foundations.kernel import clock

    calls("desk-2"), calls("transport")
    Holding.objects.filter(user__username="desk-2").update(to_at=clock.now())
    refused(calls("desk-2").get("/me"), 401)
    ApiToken.objects.filter(user__username="transport").update(real_revoked_at=clock.real())
    refused(calls("transport").get("/me"), 401)


def test_unknown_addresses_and_acts_are_absent(town: Town, calls: Calls) -> None:
    ref, desk = registered(town, calls), calls("desk")
    body = refused(desk.matter(ABSENT), 404, "not-here")
    for path in ("/", "/nothing", "/issues/", f"/issues/{ref}/", "/lists/", "/lists/x", "/search"):
        assert refused(desk.get(path), 404) == body, path
    for act in ("register", "agree", "ANSWER", "verify ", "x" * 300):
        assert refused(desk.act(act, ref), 404) == body, act
    for odd in ("0", "-1", "1.5", "耒企〔2023〕", "9" * 40, "耒企〔99999〕1号", "%00", "é", "１"):
        refused(desk.matter(odd), 404, "not-here")


def test_a_wrong_method_is_told_which_ones_there_are(town: Town, calls: Calls) -> None:
    ref, desk = registered(town, calls), calls("desk")
    for method, path, allowed in (
        ("PUT", "/issues", {"GET", "POST"}),
        ("DELETE", f"/issues/{ref}", {"GET"}),
        ("GET", f"/issues/{ref}/triage", {"POST"}),
        ("POST", "/me", {"GET"}),
    ):
        response = desk(method, path)
        refused(response, 405, "wrong-method")
        assert set(response["Allow"].split(", ")) == allowed
    head = desk("HEAD", "/me")
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_hidden_looks_absent_in_status_body_and_number_of_queries(
    town: Town, calls: Calls, method: str
) -> None:
    ref = registered(town, calls)  # nobody gave it to transport
    unit = calls("transport")
    unit.matter(ref)

    def asked(name: str) -> tuple[int, bytes, int]:
        path = f"/issues/{name}" + ("" if method == "GET" else "/acknowledge")
        with CaptureQueriesContext(connection) as queries:
            response = unit(method, path, If_Match='"1"', Idempotency_Key=f"k {name[-2]}")
        return response.status_code, response.content, len(queries)

    hidden, absent = asked(ref), asked(ABSENT)
    assert hidden == absent
    assert hidden[0] == 404
    assert calls("desk").matter(ref).status_code == 200, "it is there for others"


def test_the_first_refusal_that_holds_is_the_one_that_is_said(town: Town, calls: Calls) -> None:
    """401, 404, 403, 428, stale 409, wrong state 409, 422: each wins over all behind it."""
    ref = registered(town, calls)
    bad = b"{not json"
    refused(calls("").act("triage", ABSENT, bad, If_Match=""), 401)
    refused(calls("desk").act("triage", ABSENT, bad, If_Match=""), 404)
    refused(calls("enterprise").act("triage", ref, bad, If_Match=""), 403)
    refused(calls("desk").act("draw-lists", ref, bad, If_Match=""), 428, "needs-version")
    refused(calls("desk").act("draw-lists", ref, bad, If_Match='"9"'), 409, "changed-meanwhile")
    refused(calls("desk").act("draw-lists", ref, bad, If_Match='"1"'), 409, "step-not-open")
    refused(calls("desk").act("triage", ref, bad, If_Match='"1"'), 422, "malformed")
    refused(calls("enterprise").act("triage", ref, {}, If_Match='"9"'), 403)
    refused(calls("desk").act("draw-lists", ref, {}, If_Match='"9"'), 409, "changed-meanwhile")
    refused(calls("desk").act("draw-lists", ref, {}, If_Match='"1"'), 409, "step-not-open")
    refused(calls("desk").act("triage", ref, {}, If_Match='"1"'), 422, "incomplete")
    refused(calls("transport").create({}), 403)
    refused(calls("sysadmin").create(bad), 403)


def test_who_reads_an_old_version_is_told_what_changed(town: Town, calls: Calls) -> None:
    given = registered(town, calls, unit="transport", due_on="2023-11-06")
    calls("transport").act("acknowledge", given)
    town.passes(minutes=5)
    calls("transport").act("progress", given, {"text": "已到现场"})
    told = refused(calls("transport").act("progress", given, {"text": "x"}, If_Match='"1"'), 409)
    assert told["code"] == "changed-meanwhile"
    assert [c["kind"] for c in told["changed"]] == ["task.progressed", "task.acknowledged"]
    assert "已到现场" in told["changed"][0]["sentence"]
    told = refused(calls("transport").act("progress", given, {"text": "x"}, If_Match='"2"'), 409)
    assert [c["kind"] for c in told["changed"]] == ["task.progressed"]


@pytest.mark.parametrize("tag", ['"2"', "2", 'W/"2"', '"1", "2"', "*"])
def test_the_version_read_may_be_written_in_any_usual_way(
    town: Town, calls: Calls, tag: str
) -> None:
    ref = registered(town, calls, unit="transport", due_on="2023-11-06")
    calls("transport").act("acknowledge", ref)
    done = calls("transport").act("progress", ref, {"text": "在办"}, If_Match=tag)
    assert done.status_code == 200


@pytest.mark.parametrize("tag", ['"1"', '"x"', '"-2"', '"22222222222222222222"', '""', '"1.0"'])
def test_another_version_is_old_however_it_is_written(town: Town, calls: Calls, tag: str) -> None:
    ref = registered(town, calls, unit="transport", due_on="2023-11-06")
    calls("transport").act("acknowledge", ref)
    refused(calls("transport").act("progress", ref, {"text": "在办"}, If_Match=tag), 409)


def test_what_is_incomplete_names_every_field_with_a_sentence(town: Town, calls: Calls) -> None:
    told = refused(calls("desk").create({}), 422, "incomplete")
    assert {"title", "body", "enterprise"} <= set(told["fields"])
    wrong = {"enterprise": "91430481MA0000001B", "title": "x", "body": "y", "source": "radio"}
    told = refused(calls("desk").create(wrong), 422)
    assert set(told["fields"]) == {"enterprise", "source"}
    body = {"subject": town.firm_id, "title": "x", "body": "y", "unit": "transport"}
    told = refused(calls("desk").create(body | {"due_on": "2023-11-05"}), 422)
    assert "11月6日" in told["fields"]["due_on"], "it names the next working day"
    hidden = {"class": "name_hidden", "due_on": "2023-11-06"}
    assert "unit" in refused(calls("desk").create(body | hidden), 422)["fields"]
    assert "unit" in refused(calls("desk").create(body | {"unit": "moon"}), 422)["fields"]


def test_refusals_speak_the_language_that_is_asked_for(town: Town, calls: Calls) -> None:
    desk = calls("desk")
    assert "没有" in says(desk.matter(ABSENT))["detail"]
    english = desk.get("/nothing", Accept_Language="en")
    assert says(english)["detail"].startswith("There is nothing here")
    assert english["Content-Language"] == "en"


def test_answers_are_kept_by_no_cache(town: Town, calls: Calls) -> None:
    ref = registered(town, calls)
    for response in (calls("desk").get("/me"), calls("desk").matter(ref), calls("").get("/me")):
        assert response["Cache-Control"] == "no-store"
        assert "Authorization" in response["Vary"]


def test_whoever_may_not_hears_so_before_a_version_that_is_not_named(
    town: Town, calls: Calls
) -> None:
    ref = registered(town, calls, unit="transport", due_on="2023-11-06")
    town.transport.does("object", ref, reason="不归我局管", unit="market-regulation")
    body = {"uphold": True}
    refused(calls("supervision").act("decide", ref, body, If_Match=""), 403)
    refused(calls("desk").act("decide", ref, body, If_Match=""), 428, "needs-version")


def test_linking_is_no_act_that_somebody_missed(town: Town, calls: Calls) -> None:
    from qingdan.domain.ledger.actions.linking import link_same

    given = registered(town, calls, unit="transport", due_on="2023-11-06")
    calls("transport").act("acknowledge", given)
    other = registered(town, calls)
    link_same(town.issue(given), town.issue(other), by=town.desk.person)
    told = refused(calls("transport").act("progress", given, {"text": "x"}, If_Match='"1"'), 409)
    assert [c["kind"] for c in told["changed"]] == ["task.acknowledged"]
