"""Rows in pages: filters, cursors, any past day, and as many queries however long the list."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.caller import Calls, says
from qingdan.interfaces.api import shapes
from qingdan.interfaces.api.lists import LIGHTS
from town import Town

pytestmark = pytest.mark.db


def refs(response: Any) -> list[str]:
    told = says(response)
    assert response.status_code == 200, told
    return [row["ref"] for row in told["items"]]


def new(town: Town, calls: Calls, **more: Any) -> str:
    body = {"subject": town.firm_id, "title": "货车限行", "body": "货车进不来", "source": "desk"}
    response = calls("desk").create(body | more)
    assert response.status_code == 201, says(response)
    return says(response)["ref"]


def some(town: Town, calls: Calls) -> dict[str, str]:
    """One matter to be triaged, one with transport, one of another firm with admin approval."""
    given = {"unit": "transport", "due_on": "2023-11-06"}
    other = {"unit": "admin-approval", "due_on": "2023-11-10", "subject": town.other_subject.pk}
    return {
        "open": new(town, calls),
        "transport": new(town, calls, **given),
        "other": new(town, calls, **other),
    }


def test_each_filter_leaves_what_it_says(town: Town, calls: Calls) -> None:
    made, get = some(town, calls), calls("desk").get
    firm = town.add_firm("真代码公司", "91110000600037341L")
    third = new(town, calls, enterprise="91110000600037341l")
    assert town.issue(third).subject == firm
    assert set(refs(get("/issues"))) == {*made.values(), third}
    assert set(refs(get("/issues?state=registered"))) == {made["open"], third}
    assert set(refs(get("/issues?state=open&unit=transport"))) == {made["transport"]}
    assert refs(get("/issues?enterprise=91110000600037341l")) == [third]
    assert refs(get("/issues?enterprise=9144030071526726XG")) == []
    assert refs(get("/issues?state=ended")) == []
    assert set(refs(get("/issues?state=&unit=&enterprise=&light=&order=&cursor="))) == {
        *made.values(),
        third,
    }
    town.on("2023-10-30 16:00")
    assert refs(get("/issues?light=red")) == [made["transport"]], "nobody contacted the firm"
    shown = {light: says(get(f"/issues?light={light}"))["items"] for light in LIGHTS}
    assert sum(len(rows) for rows in shown.values()) == 4
    for light, rows in shown.items():
        assert all(row["light"] == light for row in rows)
    assert refs(calls("transport").get("/issues")) == [made["transport"]]
    assert set(refs(calls("enterprise").get("/issues"))) == {made["open"], made["transport"]}
    for nobody in ("sysadmin", "secadmin", "auditor", "market-regulation"):
        assert refs(calls(nobody).get("/issues")) == []


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("state=lost", "state"),
        ("unit=moon", "unit"),
        ("unit=%00", "unit"),
        ("enterprise=123", "enterprise"),
        ("light=blue", "light"),
        ("order=name", "order"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=-1", "limit"),
        ("limit=x", "limit"),
        ("limit=99999999999999999999", "limit"),
        ("limit=٣", "limit"),
        ("cursor=x", "cursor"),
        ("cursor=MS4y4", "cursor"),
        ("cursor=%00%ff", "cursor"),
        ("cursor=OTk5OTk5OTk5OTk5OTk5OTk5LjE", "cursor"),
        ("cursor=MS45OTk5OTk5OTk5OTk5OTk5OTk5", "cursor"),
    ],
)
def test_a_filter_without_sense_is_refused_by_name(
    town: Town, calls: Calls, asked: str, name: str
) -> None:
    response = calls("desk").get(f"/issues?{asked}")
    assert response.status_code == 422
    assert list(says(response)["fields"]) == [name]


def test_pages_follow_each_other_without_a_gap_or_a_double(town: Town, calls: Calls) -> None:
    made = [new(town, calls) for _ in range(7)]  # all due at the same instant
    made += [new(town, calls, unit="transport", due_on="2023-11-06")]
    seen: list[str] = []
    cursor, pages = "", 0
    while cursor is not None:
        told = calls("desk").get(f"/issues?limit=3&cursor={cursor}")
        seen += refs(told)
        cursor, pages = says(told)["next"], pages + 1
        if pages == 1:  # a page is not moved by what came in meanwhile, before it
            new(town, calls, unit="transport", due_on="2023-11-06")
    assert pages == 3
    assert sorted(seen) == sorted(made)
    assert refs(calls("desk").get("/issues?limit=100"))[0] == made[-1]


def test_a_list_asks_as_often_however_long_it_is(town: Town, calls: Calls) -> None:
    desk = calls("desk")
    paths = ("/issues", "/lists/problems", "/lists/tasks", "/lists/responsibilities")

    def counted() -> dict[str, int]:
        found = {}
        for path in paths:
            with CaptureQueriesContext(connection) as queries:
                assert desk.get(path).status_code == 200
            found[path] = len(queries)
        return found

    new(town, calls, unit="transport", due_on="2023-11-06")
    short = counted()
    for n in range(4):
        unit = ("transport", "market-regulation", "admin-approval", "power-company")[n]
        new(town, calls, unit=unit, due_on="2023-11-06", subject=town.other_subject.pk)
    assert counted() == short
    assert short == {
        "/issues": 6,
        "/lists/problems": 3,
        "/lists/tasks": 3,
        "/lists/responsibilities": 4,
    }


def test_a_create_stays_within_its_queries(town: Town, calls: Calls) -> None:
    new(town, calls)

    def counted(**headers: str) -> int:
        body = {"subject": town.firm_id, "title": "路", "body": "路窄", "source": "desk"}
        with CaptureQueriesContext(connection) as queries:
            assert calls("desk").create(body, **headers).status_code == 201
        asked = [q["sql"] for q in queries]
        return sum(not sql.startswith(("SAVEPOINT", "RELEASE")) for sql in asked)

    plain = counted()
    assert plain <= 21
    assert counted(Idempotency_Key="k") == plain + 2, "a claim and an answer kept"


LISTS = {
    "problems": shapes.Problems,
    "tasks": shapes.Tasks,
    "responsibilities": shapes.Responsibilities,
}


def test_the_three_lists_of_a_firm_a_unit_a_leader_and_a_park(town: Town, calls: Calls) -> None:
    town.firm_subject.park = town.units["park"]
    town.firm_subject.save()
    firm = town.add_firm("真代码公司", "91110000600037341L")
    made = some(town, calls)
    made["coded"] = new(town, calls, subject=firm.pk, unit="transport", due_on="2023-11-06")

    def listed(which: str, cut: str = "", who: str = "desk") -> set[str]:
        response = calls(who).get(f"/lists/{which}?{cut}")
        LISTS[which].model_validate_json(response.content)
        return set(refs(response))

    assert listed("problems") == set(made.values())
    given = {made["transport"], made["other"], made["coded"]}
    assert listed("tasks") == listed("responsibilities") == given
    for which in LISTS:
        assert listed(which, "unit=transport") == {made["transport"], made["coded"]}
        assert listed(which, "enterprise=91110000600037341L") == {made["coded"]}
        assert listed(which, "leader=leader") == listed(which, "park=park")
        assert made["transport"] in listed(which, "leader=leader")
        assert listed(which, "leader=leader&unit=admin-approval") == set()
        assert listed(which, who="sysadmin") == set()
        assert listed(which, who="transport") == {made["transport"], made["coded"]}
        for wrong in ("unit=moon", "leader=moon", "park=%00", "on=2023-02-30", "on=2024-01-01"):
            assert calls("desk").get(f"/lists/{which}?{wrong}").status_code == 422
    (row,) = says(calls("desk").get("/lists/responsibilities?unit=admin-approval"))["items"]
    assert (row["part"], row["unit"], row["person"]["post"]) == (
        "lead",
        "admin-approval",
        "admin-approval",
    )


def test_a_list_of_a_past_day_comes_out_as_it_stood(town: Town, calls: Calls) -> None:
    town.on("2023-10-30 10:00")
    ref = new(town, calls)
    town.on("2023-10-31 10:00")
    plan = {"track": "scheduled", "grade": "B", "lead": "transport"}
    calls("desk").act("triage", ref, plan)
    calls("transport").act("acknowledge", ref)
    town.on("2023-11-01 10:00")
    line = {"title": "改线", "unit": "transport", "due_on": "2023-11-03", "part": "lead"}
    calls("transport").act("draw-lists", ref, {"approach": "改线", "tasks": [line]})

    def on(which: str, day: str) -> list[tuple[str, str]]:
        told = says(calls("desk").get(f"/lists/{which}?on={day}"))["items"]
        return [(row["state"], row["next_on"]) for row in told]

    town.on("2023-11-02 10:00")
    assert on("problems", "2023-10-29") == []
    assert on("problems", "2023-10-30") == [("registered", "2023-10-31")]
    assert [state for state, _ in on("problems", "2023-10-31")] == ["triaged"]
    assert [state for state, _ in on("problems", "2023-11-01")] == ["listed"]
    assert on("tasks", "2023-10-31") == []
    assert on("tasks", "2023-11-01") == on("tasks", "2023-11-02") == [("open", "2023-11-03")]
    assert on("responsibilities", "2023-10-30") == []
    assert [state for state, _ in on("responsibilities", "2023-10-31")] == ["working"]
    before = says(calls("desk").get("/lists/problems?on=2023-10-30"))["items"][0]
    assert (before["light"], before["lead"]) == ("green", None)


def test_no_filter_tells_a_unit_whose_a_name_hidden_matter_is(town: Town, calls: Calls) -> None:
    firm = town.add_firm("真代码公司", "91110000600037341L")
    firm.park = town.units["park"]
    firm.save()
    ref = new(town, calls, subject=firm.pk, **{"class": "name_hidden"})
    plan = {"track": "scheduled", "grade": "B", "lead": "transport"}
    shown = {"shown_title": "一家企业反映收费", "shown_body": "反映收费没有依据。"}
    assert calls("desk").act("triage", ref, plan | shown).status_code == 200
    unit = calls("transport")
    assert refs(unit.get("/issues")) == [ref]
    for path in (
        "/issues?enterprise=91110000600037341L",
        "/lists/problems?enterprise=91110000600037341L",
        "/lists/problems?park=park",
        "/lists/problems?leader=leader",
        "/lists/responsibilities?park=park",
    ):
        assert refs(unit.get(path)) == [], path
    assert refs(calls("desk").get("/issues?enterprise=91110000600037341L")) == [ref]
    assert refs(calls("desk").get("/lists/problems?park=park")) == [ref]
    (row,) = says(unit.get("/lists/problems"))["items"]
    assert (row["park"], row["leader"], row["enterprise"]) == (None, None, None)
