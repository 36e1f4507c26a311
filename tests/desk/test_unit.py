"""待签收, 在办: one tap for the first contact, and each row with its next step."""

from typing import Any

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qingdan.domain.people.models import User
from town import Town

pytestmark = pytest.mark.db


def signed_in(code: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=code))
    return client


def read(code: str) -> str:
    return signed_in(code).get("/desk/").content.decode()


def given(town: Town, body: str = "路灯坏了。") -> str:
    return town.desk.registers(body, unit="transport", due_on="2023-11-06")


def test_the_first_contact_is_one_tap_and_acknowledges(town: Town) -> None:
    ref = given(town)
    issue = town.issue(ref)
    page = read("transport")
    url = f"/desk/{issue.year}/{issue.number}/do/contact/"
    assert f'action="{url}"' in page
    told = {"version": issue.version, "kind": "first", "by": "telephone", "back": "/desk/"}
    answer = signed_in("transport").post(url, told)
    assert (answer.status_code, answer["Location"]) == (303, "/desk/")
    part = town.issue(ref).lead
    assert part is not None
    assert part.state == "working"
    assert part.contacted_at is not None
    assert url not in read("transport")


def test_each_row_offers_its_own_next_step(town: Town) -> None:
    ref = given(town)
    town.transport.does("contact", ref, kind="first")
    at = f"/desk/2023/{town.issue(ref).number}"
    assert f'href="{at}/result/"' in read("transport")
    other = town.desk.registers("消防验收排不上号")
    town.desk.does(
        "triage", other, track="scheduled", grade="B", lead="transport", cooperating=["park"]
    )
    town.transport.does("contact", other, kind="first")
    assert f'href="/desk/2023/{town.issue(other).number}/lists/"' in read("transport")


def test_a_hidden_name_asks_the_unit_for_no_contact(town: Town) -> None:
    ref = town.firm.registers("某局收费没有依据", **{"class": "name_hidden"})
    shown = {"shown_title": "一家企业反映收费", "shown_body": "反映收费没有依据。"}
    town.desk.does("triage", ref, track="scheduled", grade="B", lead="transport", **shown)
    page = read("transport")
    assert "一家企业反映收费" in page
    assert "/do/contact/" not in page
    assert "/do/acknowledge/" in page
    assert "某酒业" not in page


def test_what_is_done_waits_for_others_and_what_is_new_stands_first(town: Town) -> None:
    ref = given(town)
    town.transport.does("contact", ref, kind="first")
    town.transport.does("report-result", ref, kind="explained", text="x", basis="文件", finish=[1])
    page = read("transport")
    assert "本单位已办完" in page
    assert "没有新交办的" in page
    assert read("power-company").count("<tr data-href") == 0


def test_a_park_follows_what_it_registered(town: Town) -> None:
    town.actor("park").registers("园区路灯不亮")
    page = read("park")
    assert "园区路灯不亮" in page
    assert "登记问题" in page


def test_asked_for_by_filters_the_page_is_a_list(town: Town) -> None:
    given(town)
    page = signed_in("transport").get("/desk/?light=green").content.decode()
    assert "路灯坏了" in page


def test_the_page_asks_as_often_however_long_the_list(town: Town) -> None:
    from django.db import connection

    client = signed_in("transport")

    def counted() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/desk/")
        return len(asked)

    given(town)
    client.get("/desk/")
    short = counted()
    for number in range(6):
        given(town, f"第{number}盏路灯坏了。")
    assert counted() == short
    assert short <= 8


def test_both_people_of_a_unit_pressing_at_once_are_told(town: Town) -> None:
    ref = given(town)
    issue = town.issue(ref)
    told: dict[str, Any] = {"version": issue.version}
    url = f"/desk/{issue.year}/{issue.number}/do/acknowledge/"
    assert signed_in("transport").post(url, told).status_code == 303
    assert signed_in("transport").post(url, told).status_code == 409
