"""Matters about one thing are linked at the foot of their pages, and seen by who may see both."""

import pytest
from django.test import Client

from qingdan.domain.ledger.models import Issue, SameMatter
from town import Town

pytestmark = pytest.mark.db


def signed_in(town: Town, code: str) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(town.posts[code].holdings.get().user)
    return client


def page(town: Town, code: str, number: int) -> str:
    return signed_in(town, code).get(f"/desk/2023/{number}/").content.decode()


def two(town: Town, **first: str) -> None:
    for words in ("路太窄，会不了车", "大货车进不了厂"):
        ref = town.firm.registers(words)
        town.desk.does("triage", ref, track="scheduled", grade="B", lead="transport", **first)
        first = {}


def test_the_desk_links_a_matter_by_its_number_and_takes_it_back(town: Town) -> None:
    two(town)
    desk = signed_in(town, "desk")
    answer = desk.post("/desk/2023/1/same/", {"ref": "2"})
    assert answer.status_code == 303
    for here, title in ((1, "大货车进不了厂"), (2, "路太窄")):
        text = page(town, "desk", here)
        assert "同一问题" in text
        assert title in text
        assert "1 件" in text
    desk.post("/desk/2023/2/same/", {"ref": "1", "undo": "1"})
    assert "大货车进不了厂" not in page(town, "desk", 1)


def test_a_number_that_names_nothing_is_refused_beside_the_field(town: Town) -> None:
    two(town)
    desk = signed_in(town, "desk")
    for ref in ("", "999", "乱写", "1"):
        answer = desk.post("/desk/2023/1/same/", {"ref": ref})
        assert answer.status_code == 422
        assert 'id="same-no"' in answer.content.decode()
    assert not SameMatter.objects.exists()


def test_a_reader_finds_only_the_linked_matters_that_it_may_see(town: Town) -> None:
    two(town)
    town.desk.does("triage", town.firm.registers("别家的事"), **OTHER)
    signed_in(town, "desk").post("/desk/2023/1/same/", {"ref": "3"})
    assert "别家的事" in page(town, "desk", 1)
    text = page(town, "transport", 1)
    assert "别家的事" not in text
    assert "同一问题" not in text


OTHER = {"track": "scheduled", "grade": "B", "lead": "power-company"}


def test_only_the_desk_and_the_supervision_office_link(town: Town) -> None:
    two(town)
    for code in ("transport", "leader", "enterprise"):
        answer = signed_in(town, code).post("/desk/2023/1/same/", {"ref": "2"})
        assert answer.status_code == 403
    assert (
        signed_in(town, "supervision").post("/desk/2023/1/same/", {"ref": "2"}).status_code == 303
    )


def test_no_link_leads_between_a_hidden_name_and_another_matter_of_the_firm(town: Town) -> None:
    two(town, **{"class": "name_hidden", "shown_title": "道路事项", "shown_body": "路窄"})
    signed_in(town, "desk").post("/desk/2023/1/same/", {"ref": "2"})
    assert "大货车进不了厂" in page(town, "desk", 1)
    from_hidden = page(town, "transport", 1)
    assert "道路事项" in from_hidden
    assert "大货车进不了厂" not in from_hidden
    assert "道路事项" not in page(town, "transport", 2)


def test_one_entry_that_names_two_enterprises_makes_a_matter_of_each_linked(
    town: Town,
) -> None:
    desk = signed_in(town, "desk")
    names = "、".join((town.firm_subject.name, town.other_subject.name))
    answer = desk.post("/desk/register/", {"firm": names, "body": "园区路灯坏了"})
    assert answer.status_code == 303
    first, second = Issue.objects.order_by("number")
    assert (first.subject_id, second.subject_id) == (town.firm_subject.pk, town.other_subject.pk)
    assert (
        f"/desk/2023/{second.number}/" in desk.get(f"/desk/2023/{first.number}/").content.decode()
    )
    answer = desk.post("/desk/register/", {"firm": names + "、没有这家", "body": "又一件"})
    assert answer.status_code == 422
    assert Issue.objects.count() == 2
