"""A page asks as often as recorded, however long its list; `--record-queries` records anew."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qingdan.domain.people.models import User
from town import Town

RECORD = Path(__file__).with_name("queries.json")

PAGES = [
    ("desk", "/desk/"),
    ("desk", "/desk/?queue=triage"),
    ("desk", "/desk/?queue=disputes"),
    ("desk", "/desk/calls/"),
    ("desk", "/desk/declined/"),
    ("supervision", "/desk/?queue=explained"),
    ("leader", "/desk/"),
    ("desk", "/desk/2023/1/"),
    ("desk", "/desk/register/"),
    ("desk", "/board/"),
    ("desk", "/board/rows/"),
    ("desk", "/board/lists/problems/"),
    ("desk", "/board/lists/tasks/"),
    ("desk", "/board/lists/responsibilities/"),
    ("desk", "/board/enterprises/"),
    ("transport", "/desk/"),
    ("transport", "/desk/2023/1/"),
    ("assistant", "/field/"),
    ("enterprise", "/portal/"),
    ("enterprise", "/portal/2023/1/"),
]


def counted(client: Client, page: str) -> int:
    client.get(page)  # what a process learns once is not the page's
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(page).status_code == 200, page
    return len(seen)


def matter(town: Town, n: int) -> None:
    ref = town.desk.registers(f"第{n}件：货车限行", unit="transport", due_on="2023-11-06")
    town.transport.does("contact", ref, kind="first")
    town.firm.registers(f"第{n}件：路灯坏了")


@pytest.fixture
def recorded(request: pytest.FixtureRequest) -> Callable[[str, int], bool]:
    """Whether a page's number is the recorded one; with the switch it is written down instead."""
    renew = request.config.getoption("--record-queries")

    def compare(key: str, number: int) -> bool:
        known = json.loads(RECORD.read_text()) if RECORD.exists() else {}
        if renew:
            known[key] = number
            RECORD.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")
            return True
        return known.get(key) == number

    return compare


@pytest.mark.parametrize(("who", "page"), PAGES)
def test_a_page_asks_as_often_as_recorded_however_long_its_list(
    db: None, who: str, page: str, recorded: Callable[[str, int], bool]
) -> None:
    town = Town()
    client = Client()
    client.force_login(User.objects.get(username=who))
    matter(town, 1)
    matter(town, 2)
    short = counted(client, page)
    for n in range(3, 9):
        matter(town, n)
    assert counted(client, page) == short, "a query per row"
    assert recorded(f"{who} {page}", short), (
        f"{short} queries, not as in queries.json: look why, then --record-queries"
    )
