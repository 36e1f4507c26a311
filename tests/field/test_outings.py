"""The outings of a day, over HTTP."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qingdan.domain.enterprises.actions import assign_liaison
from qingdan.domain.people.actions import take_post
from qingdan.domain.people.models import Post, User
from qingdan.domain.visits.actions import plan_outing, take_along
from qingdan.domain.visits.models import Outing, Stop
from town import Town

pytestmark = pytest.mark.db


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_without_an_outing_it_says_what_to_do(signed_in: Client) -> None:
    shown = text(signed_in.get("/field/"))
    assert "今天没有安排走访" in shown
    assert "安排一次" in shown


def test_today_stands_first_then_what_comes_then_what_was(
    signed_in: Client, town: Town, stop: Stop
) -> None:
    for day in (date(2023, 9, 12), date(2023, 11, 3)):
        plan_outing(
            day, [town.firm_subject], by=town.assistant.person, leader=town.posts["leader"]
        )
    shown = text(signed_in.get("/field/"))
    places = [
        shown.index(word) for word in ("去这家", "接下来", "11月3日", "以前的走访", "9月12日")
    ]
    assert places == sorted(places)


def test_a_visit_is_planned_with_a_day_and_its_enterprises(signed_in: Client, town: Town) -> None:
    sent = {"on": "2023-10-31", "subjects": [str(town.firm_id)]}
    assert signed_in.post("/field/plan/", sent).status_code == 303
    outing = Outing.objects.get()
    assert (outing.on, outing.leader) == (date(2023, 10, 31), town.posts["leader"])
    assert outing.assistant == town.posts["assistant"]
    assert "某酒业有" in text(signed_in.get("/field/"))


def test_a_plan_leads_to_its_outing_where_who_goes_along_is_added(
    signed_in: Client, town: Town
) -> None:
    sent = {"on": "2023-10-31", "kind": "on_site_office", "subjects": [str(town.firm_id)]}
    answer = signed_in.post("/field/plan/", sent, follow=True)
    outing = Outing.objects.get()
    there = f"/field/outings/{outing.pk}/"
    assert answer.redirect_chain[-1][0] == there
    shown = text(answer)
    assert "现场办公会" in shown
    assert '<option value="市场监管局head">' in shown
    assert "sysadmin" not in shown

    for named in ("市场监管局 · head", "市场监管局head", "main-leader"):
        assert signed_in.post(there, {"company": named}).status_code == 303
    along = [(one.post.code, one.goes_as) for one in outing.company.all()]
    assert along == [("main-leader", "leader"), ("head", "present")]
    assert "一同带队" in text(signed_in.get(there))

    for page in ("/field/", f"/field/{outing.stops.get().pk}/"):
        town.on("2023-10-31")
        shown = text(signed_in.get(page))
        assert "同行" in shown
        assert "市场监管局head" in shown

    head = town.posts["head"].pk
    assert signed_in.post(f"{there}without/", {"post": str(head)}).status_code == 303
    assert "市场监管局head" not in text(signed_in.get("/field/"))


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        ("", "这一项要填"),
        ("没有这个人", "找不到这一个职务"),
        ("市场监管局", "找不到这一个职务"),  # several are called so
        ("某酒业", "找不到这一个职务"),
        ("enterprise", "找不到这一个职务"),
        ("sysadmin", "找不到这一个职务"),
    ],
)
def test_who_is_no_single_post_of_the_county_is_refused_beside_the_field(
    signed_in: Client, outing: Outing, named: str, sentence: str
) -> None:
    answer = signed_in.post(f"/field/outings/{outing.pk}/", {"company": named})
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert named in text(answer)
    assert not outing.company.exists()


def test_another_leaders_outing_looks_absent_until_one_goes_along_as_a_leader(
    client: Client, town: Town, outing: Outing
) -> None:
    other = town.posts["leader"]
    other.pk, other.code, other.holder = None, "leader-2", ""
    other.save()
    take_post(other, User.objects.create(username="leader-2", password="!"))
    client.force_login(User.objects.get(username="leader-2"))
    there = f"/field/outings/{outing.pk}/"
    absent = client.get("/field/outings/999999/")
    for hidden in (client.get(there), client.post(there, {"company": "市场监管局head"})):
        assert (hidden.status_code, absent.status_code) == (404, 404)
        assert hidden.context["sentence"] == absent.context["sentence"]
    assert client.post(f"{there}without/", {"post": "1"}).status_code == 404

    take_along(outing, Post.objects.get(code="leader-2"), by=town.assistant.person)
    assert client.get(there).status_code == 200
    assert "某酒业有" in text(client.get("/field/"))


def test_nonsense_sent_to_leave_somebody_behind_changes_nothing(
    signed_in: Client, town: Town, outing: Outing
) -> None:
    take_along(outing, town.posts["head"], by=town.assistant.person)
    for post in ("", "x", "９", "9" * 30, "-1", "0"):
        there = f"/field/outings/{outing.pk}/without/"
        assert signed_in.post(there, {"post": post}).status_code == 303
    assert outing.company.count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"kind": "holiday"}, "holiday"),
        ({"subjects": []}, "至少选一家企业"),
        ({"on": ""}, "这一项要填"),
        ({"on": "soon"}, "2023-11-06"),
    ],
)
def test_a_plan_that_lacks_something_is_refused_beside_it(
    signed_in: Client, town: Town, wrong: dict[str, Any], sentence: str
) -> None:
    sent: dict[str, Any] = {"on": "2023-10-31", "subjects": [str(town.firm_id)]} | wrong
    answer = signed_in.post("/field/plan/", sent)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert not Outing.objects.exists()


def test_nobody_plans_a_visit_to_an_enterprise_of_others(signed_in: Client, town: Town) -> None:
    sent = {"on": "2023-10-31", "subjects": [str(town.other_subject.pk)]}
    assert signed_in.post("/field/plan/", sent).status_code == 422
    assert not Outing.objects.exists()


def test_the_desk_sees_every_outing_with_its_leader_and_plans_none(
    client: Client, town: Town, stop: Stop
) -> None:
    client.force_login(User.objects.get(username="desk"))
    shown = text(client.get("/field/"))
    assert "leader" in shown
    assert "/field/plan/" not in shown
    assert client.post("/field/plan/").status_code == 403


def test_a_long_day_asks_as_often_as_a_short_one(signed_in: Client, town: Town) -> None:
    signed_in.get("/field/")  # the first answer of a session notes when it was last used
    counts = []
    for size in (1, 4):
        firms = [
            town.add_firm(f"企业{size}{n}", f"91430481MA00{size}000{n}X") for n in range(size)
        ]
        for firm in firms:
            assign_liaison(firm, town.posts["leader"], None, from_on=date(2023, 1, 1))
        plan_outing(
            date(2023, 10, 30),
            firms,
            by=town.assistant.person,
            leader=town.posts["leader"],
            company=[town.posts[code] for code in ("head", "deputy", "transport", "park")[:size]],
        )
        with CaptureQueriesContext(connection) as asked:
            signed_in.get("/field/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 10
