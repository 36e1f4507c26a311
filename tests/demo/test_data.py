"""The demo county as data: whole, consistent, written as a county office writes. No database."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import pytest

from qingdan.domain.ledger.rules.policy import policy
from qingdan.domain.ledger.rules.rights import HERE
from qingdan.foundations.kernel.clock import COUNTY_ZONE
from qingdan.foundations.kernel.identifiers import check_uscc
from qingdan.foundations.workdays.calendar import official
from qingdan.interfaces.site.demo.pages import read

COUNTY = read("county")
SUBJECTS = read("enterprises")
MATTERS = read("matters")
OUTINGS = read("outings")
FIRST_MORNING = datetime(2023, 10, 30, 9, tzinfo=COUNTY_ZONE)

ACCOUNTS = [
    "desk",
    "desk-2",
    "market-regulation",
    "head",
    "deputy",
    "section",
    "admin-approval",
    "transport",
    "development-reform",
    "power-company",
    "supervision",
    "supervision-2",
    "park",
    "township",
    "leader",
    "assistant",
    "main-leader",
    "enterprise",
    "enterprise-2",
    "enterprise-3",
    "sysadmin",
    "secadmin",
    "auditor",
]


def acts(matter: dict[str, Any]) -> Iterator[tuple[datetime, dict[str, Any]]]:
    for act in matter["happened"]:
        yield datetime.fromisoformat(act["at"]).replace(tzinfo=COUNTY_ZONE), act


def texts(value: Any) -> Iterator[str]:
    """Every text in the data that a reader meets."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inside in value.items():
            if key not in ("at", "phone", "number", "due_on"):
                yield from texts(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from texts(inside)


def kinds() -> Counter[str]:
    return Counter(unit["kind"] for unit in COUNTY["units"])


def test_there_are_about_40_units_30_townships_3_parks_and_37_leaders_by_post() -> None:
    of = kinds()
    leaders = [p for p in COUNTY["posts"] if p["role"] in ("leader", "main_leader")]

    assert of.pop("township") == 30
    assert of.pop("park") == 3
    assert 38 <= of.total() <= 44
    assert len(leaders) == 37
    assert set(of) == {"office", "department", "vertical", "state_owned", "outside"}


def test_there_are_60_enterprises_and_about_60_matters() -> None:
    assert sum(s["kind"] == "enterprise" for s in SUBJECTS) == 60
    assert 55 <= len(MATTERS) <= 80
    assert {s["kind"] for s in SUBJECTS} == {
        "enterprise",
        "project",
        "park",
        "association",
        "place",
    }


def test_the_accounts_are_those_that_were_promised() -> None:
    assert [row["username"] for row in COUNTY["accounts"]] == ACCOUNTS


def test_every_code_has_the_right_check_digits_and_stands_once() -> None:
    codes = [s["uscc"] for s in SUBJECTS if s["uscc"]]

    assert [code for code in codes if check_uscc(code).reason is not None] == []
    assert len(set(codes)) == len(codes) == 60
    assert all(s["uscc"] for s in SUBJECTS if s["kind"] == "enterprise")


def test_only_the_cases_three_enterprises_are_marked_as_examples() -> None:
    marked = [s["short_name"] for s in SUBJECTS if "示例" in s["name"]]

    assert marked == ["袁酿酒业（示例）", "先导新材料（示例）", "金凯循环科技（示例）"]


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        (COUNTY["units"], "code"),
        (COUNTY["units"], "name"),
        (COUNTY["units"], "short_name"),
        (COUNTY["posts"], "code"),
        (SUBJECTS, "name"),
        (SUBJECTS, "short_name"),
        (MATTERS, "key"),
        (MATTERS, "title"),
        (MATTERS, "body"),
    ],
)
def test_nothing_stands_twice(rows: list[dict[str, Any]], key: str) -> None:
    assert [name for name, n in Counter(row[key] for row in rows).items() if n > 1] == []


def test_whatever_is_named_exists() -> None:
    units = {u["code"]: {s["code"] for s in u["sections"]} for u in COUNTY["units"]}
    posts = {p["code"] for p in COUNTY["posts"]}
    subjects = {s["uscc"] or s["name"] for s in SUBJECTS}
    categories = {code for code, _ in policy().categories}
    missing: list[str] = []

    def needs(name: str, among: object, where: str) -> None:
        if name and name not in among:  # type: ignore[operator]
            missing.append(f"{where}: {name}")

    for row in COUNTY["posts"]:
        needs(row["unit"], units, row["code"])
        needs(row["section"], units.get(row["unit"], ()), row["code"])
        needs(row.get("leader", ""), posts, row["code"])
    for row in COUNTY["accounts"]:
        needs(row["post"], posts, row["username"])
    for row in SUBJECTS:
        needs(row["park"], units, row["name"])
        needs(row["town"], units, row["name"])
        for name in (row["liaison"] or {}).keys() - {"from"}:
            needs(row["liaison"][name], posts, row["name"])
    for matter in MATTERS:
        needs(matter["subject"], subjects, matter["key"])
        needs(matter["category"], categories, matter["key"])
        needs(matter.get("about", ""), units, matter["key"])
        for _, act in acts(matter):
            needs(act["act"], HERE | {"register"}, matter["key"])
            needs(act["as"], posts | {"the-enterprise"}, matter["key"])
            for task in act["body"].get("tasks", ()):
                needs(task["unit"], units, matter["key"])
                needs(task.get("section", ""), units[task["unit"]], matter["key"])
    for outing in OUTINGS:
        needs(outing["leader"], posts, outing["title"])
        for stop in outing["stops"]:
            needs(stop["subject"], subjects, outing["title"])
            for found in stop["findings"]:
                needs(found["matter"], {m["key"] for m in MATTERS}, outing["title"])
    assert missing == []


def test_officials_act_in_office_hours_of_working_days_before_the_first_morning() -> None:
    calendar = official()
    odd = [
        (matter["key"], act["at"])
        for matter in MATTERS
        for at, act in acts(matter)
        if act["as"] != "the-enterprise"
        and not (calendar.is_working(at.date()) and time(8) <= at.time() <= time(17, 30))
    ]

    assert odd == []
    assert all(at < FIRST_MORNING for matter in MATTERS for at, _ in acts(matter))


def test_every_date_that_somebody_is_given_is_a_working_day() -> None:
    calendar = official()
    given = [
        (matter["key"], day)
        for matter in MATTERS
        for _, act in acts(matter)
        for day in (
            act["body"].get("due_on"),
            *(task["due_on"] for task in act["body"].get("tasks", ())),
        )
        if day
    ]

    assert len(given) > 80
    assert [one for one in given if not calendar.is_working(date.fromisoformat(one[1]))] == []


def test_a_matter_is_told_in_a_short_title_and_the_enterprises_own_words() -> None:
    odd = [m["key"] for m in MATTERS if len(m["title"]) > 20 or not 40 <= len(m["body"]) <= 150]

    assert odd == []


def test_nobodys_name_stands_anywhere() -> None:
    whole = [*texts(COUNTY), *texts(SUBJECTS), *texts(MATTERS), *texts(OUTINGS)]
    named = re.compile(
        r"先生|女士|某某|[老小][张王李赵刘陈杨黄周吴](?![\u4e00-\u9fff]*[镇乡村路])"
    )

    assert [text for text in whole if named.search(text)] == []
    assert not any("name" in row for row in COUNTY["posts"])
    assert not any("name" in contact for s in SUBJECTS for contact in s["contacts"])


def test_telephone_numbers_are_nobodys() -> None:
    numbers = [p["phone"] for p in COUNTY["posts"]] + [u["phone"] for u in COUNTY["units"]]
    numbers += [c["phone"] for s in SUBJECTS for c in s["contacts"]]

    assert [n for n in numbers if not re.fullmatch(r"0734-000\d{4}|138-0000-\d{4}", n)] == []


def test_chinese_stands_with_full_width_signs() -> None:
    half = re.compile(r"[\u4e00-\u9fff][,.;:!?()]|[,;:!?()][\u4e00-\u9fff]|[\u4e00-\u9fff] ")
    whole = [*texts(COUNTY), *texts(SUBJECTS), *texts(MATTERS), *texts(OUTINGS)]

    assert [text for text in whole if half.search(text)] == []


def test_the_liquor_maker_has_only_one_matter_which_was_solved_in_september() -> None:
    liquor = next(s["uscc"] for s in SUBJECTS if s.get("account") == "enterprise")
    (only,) = [m for m in MATTERS if m["subject"] == liquor]
    last = only["happened"][-1]

    assert last["act"] == "confirm"
    assert last["body"]["solved"]
    assert last["at"] < "2023-10"


def test_todays_outing_begins_at_the_liquor_maker_and_has_no_finding_yet() -> None:
    (today,) = [o for o in OUTINGS if o["on"] == "2023-10-30"]
    liquor = next(s["uscc"] for s in SUBJECTS if s.get("account") == "enterprise")

    assert today["leader"] == "leader"
    assert today["assistant"] == "assistant"
    assert today["stops"][0]["subject"] == liquor
    assert len(today["stops"]) == 3
    assert not any(stop["findings"] for stop in today["stops"])
