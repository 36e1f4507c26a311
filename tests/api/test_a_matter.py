"""A matter over HTTP, from being registered to the enterprise's yes, each with a token."""

from typing import Any
from urllib.parse import quote

import pytest

from api.caller import Calls, says
from qingdan.interfaces.api import shapes
from town import Town

pytestmark = pytest.mark.db


def of_shape(response: Any) -> dict[str, Any]:
    """What was answered, if it has exactly the shape that the contract gives a matter."""
    shapes.Matter.model_validate_json(response.content)
    return says(response)


def given(town: Town, calls: Calls, **more: Any) -> dict[str, Any]:
    """A matter that the desk gave to market regulation by 6 November."""
    body = {"subject": town.firm_id, "title": "食品生产许可证", "body": "证办不下来，没法投产。"}
    body |= {"source": "telephone", "unit": "market-regulation", "due_on": "2023-11-06"}
    response = calls("desk").create(body | more)
    assert response.status_code == 201, response.content.decode()
    return of_shape(response)


def test_from_registering_to_the_firms_yes_in_four_acts(town: Town, calls: Calls) -> None:
    ref = given(town, calls)["ref"]
    unit, firm = calls("market-regulation"), calls("enterprise")
    made = unit.act("contact", ref, {"kind": "first", "by": "telephone", "number": "0734-1"})
    assert of_shape(made)["version"] == 2
    town.on("2023-11-06 10:00")
    result = {
        "kind": "solved",
        "text": "食品生产许可证已发",
        "evidence": [{"text": "许可证编号 SC10143048100001"}],
        "finish": [1],
    }
    reported = unit.act("report-result", ref, result)
    assert (reported.status_code, of_shape(reported)["state"]) == (200, "verified")
    said = firm.act("confirm", ref, {"solved": True, "by": "account", "satisfied": 5})
    ended = of_shape(said)
    assert (ended["state"], ended["ending"]) == ("ended", "confirmed")
    assert (ended["due_at"], ended["light"], ended["next_on"]) == (None, "off", None)
    assert of_shape(calls("desk").matter(ref)) == ended


def test_a_new_matter_answers_with_itself_its_address_and_its_version(
    town: Town, calls: Calls
) -> None:
    body = {"subject": town.firm_id, "title": "货车限行", "body": "货车进不来", "source": "desk"}
    response = calls("desk").create(body)
    assert response.status_code == 201
    told = of_shape(response)
    assert told == {
        "ref": "耒企〔2023〕1号",
        "state": "registered",
        "ending": None,
        "level": 0,
        "version": 1,
        "class": "normal",
        "track": None,
        "title": "货车限行",
        "body": "货车进不来",
        "enterprise": {"uscc": town.firm_subject.uscc, "name": "某酒业有限公司"},
        "lead": None,
        "cooperating": [],
        "due_at": "2023-10-31T17:30:00+08:00",
        "light": "green",
        "next_on": "2023-10-31",
        "promised_on": None,
        "tasks": [],
        "service_team": [],
    }
    assert "耒企" in response.content.decode()
    assert response["ETag"] == '"1"'
    address = response["Location"]
    assert address == "/api/v1/issues/" + quote("耒企〔2023〕1号")
    assert says(calls("enterprise").get(address.removeprefix("/api/v1"))) == told
    assert says(calls("desk").get("/issues/1")) == told, "a bare number is this year's"


def test_lists_show_lead_cooperating_tasks_and_who_to_ring(town: Town, calls: Calls) -> None:
    ref = given(town, calls)["ref"]
    town.posts["deputy"].phone = "0734-4331234"
    town.posts["deputy"].save()
    task = {"due_on": "2023-11-06", "unit": "market-regulation", "part": "lead"}
    other = {"due_on": "2023-11-01", "unit": "admin-approval", "part": "cooperating"}
    lines = [{"id": 1, "title": "发证", "section": "food-production"} | task]
    lines.append({"title": "一次性告知材料"} | other)
    drawn = calls("desk").act("draw-lists", ref, {"approach": "先看厂房", "tasks": lines})
    told = of_shape(drawn)
    assert (told["lead"], told["cooperating"]) == ("market-regulation", ["admin-approval"])
    assert [t["id"] for t in told["tasks"]] == [1, 2]
    assert told["tasks"][0] == {
        "id": 1,
        "title": "发证",
        "unit": "market-regulation",
        "section": "food-production",
        "person": None,
        "due_on": "2023-11-06",
        "part": "lead",
        "state": "open",
    }
    team = says(calls("enterprise").matter(ref))["service_team"]
    assert [(m["part"], m["unit"]) for m in team] == [
        ("lead", "market-regulation"),
        ("cooperating", "admin-approval"),
    ]
    assert set(team[0]) == {"part", "unit", "unit_name", "post", "name", "phone"}


def test_everybody_reads_the_date_of_the_clock_they_watch(town: Town, calls: Calls) -> None:
    ref = given(town, calls)["ref"]
    calls("market-regulation").act("contact", ref, {"kind": "first"})
    task = {"title": "发证", "due_on": "2023-11-06", "unit": "market-regulation", "part": "lead"}
    other = {"title": "告知", "due_on": "2023-11-01", "unit": "transport", "part": "cooperating"}
    body = {"approach": "先看厂房", "tasks": [{"id": 1} | task, other]}
    assert calls("desk").act("draw-lists", ref, body).status_code == 200
    calls("transport").act("acknowledge", ref)
    assert says(calls("desk").matter(ref))["next_on"] == "2023-11-01"
    assert says(calls("transport").matter(ref))["next_on"] == "2023-11-01"
    assert says(calls("market-regulation").matter(ref))["next_on"] == "2023-11-06"
    for who in ("desk", "market-regulation", "transport", "enterprise"):
        (row,) = says(calls(who).get("/issues"))["items"]
        assert row == says(calls(who).matter(ref)), who


def test_the_etag_moves_with_every_accepted_act_and_with_nothing_else(
    town: Town, calls: Calls
) -> None:
    ref = given(town, calls)["ref"]
    unit = calls("market-regulation")

    def etag() -> str:
        return calls("desk").matter(ref)["ETag"]

    assert etag() == '"1"'
    assert unit.act("finish-task", ref, {"task": 1, "text": "x"}).status_code == 409
    assert unit.act("triage", ref).status_code == 403
    assert calls("desk").act("draw-lists", ref, {}).status_code == 422
    town.on("2023-11-09")
    assert etag() == '"1"', "time and refusals move nothing"
    for act, body in (("acknowledge", {}), ("contact", {"kind": "first"}), ("progress", {})):
        before = etag()
        done = unit.act(act, ref, body or {"text": "在办"})
        assert done.status_code == 200, done.content.decode()
        assert before != done["ETag"] == etag() == f'"{says(done)["version"]}"'
    assert calls("desk").act("nudge", ref)["ETag"] == '"5"'


def test_me_says_who_asks_in_which_post_and_what_time_it_is(town: Town, calls: Calls) -> None:
    assert says(calls("market-regulation").get("/me")) == {
        "user": "market-regulation",
        "post": "market-regulation",
        "unit": "market-regulation",
        "enterprise": None,
        "now": "2023-10-30T09:00:00+08:00",
    }
    firm = says(calls("enterprise").get("/me"))
    assert firm["unit"] is None
    assert firm["enterprise"] == {"uscc": town.firm_subject.uscc, "name": "某酒业有限公司"}


def test_units_read_the_shown_words_and_no_enterprise_of_a_name_hidden_matter(
    town: Town, calls: Calls
) -> None:
    body = {"title": "某酒业投诉收费", "body": "某局收费没有依据", "class": "name_hidden"}
    ref = says(calls("enterprise").create(body))["ref"]
    plan = {"track": "scheduled", "grade": "B", "lead": "transport"}
    shown = {"shown_title": "一家企业反映收费", "shown_body": "反映收费没有依据。"}
    calls("desk").act("triage", ref, plan | shown)
    told = of_shape(calls("transport").matter(ref))
    assert (told["title"], told["body"]) == ("一家企业反映收费", "反映收费没有依据。")
    assert told["enterprise"] is None
    for path in ("/issues", "/lists/problems", "/lists/tasks", "/lists/responsibilities"):
        content = calls("transport").get(path).content.decode()
        assert "某酒业" not in content, path
        assert town.firm_subject.uscc not in content, path
    assert of_shape(calls("desk").matter(ref))["title"] == "某酒业投诉收费"


def test_an_enterprise_writes_for_itself_alone_and_its_source_is_the_portal(
    town: Town, calls: Calls
) -> None:
    firm, body = calls("enterprise"), {"title": "货车限行", "body": "货车进不来"}
    for more in (
        {"subject": town.other_subject.pk},
        {"enterprise": town.other_subject.uscc},
        {"enterprise": "91110000600037341L"},
        {"unit": "transport", "due_on": "2023-11-06"},
    ):
        assert firm.create(body | more).status_code == 403, more
    ref = says(firm.create(body | {"source": "desk", "subject": town.firm_id}))["ref"]
    assert town.issue(ref).source == "portal"
    assert says(firm.matter(ref))["enterprise"]["name"] == "某酒业有限公司"


def test_another_system_is_the_source_where_none_is_named(town: Town, calls: Calls) -> None:
    body = {"subject": town.firm_id, "title": "货车限行", "body": "货车进不来"}
    assert town.issue(says(calls("desk").create(body))["ref"]).source == "api"
