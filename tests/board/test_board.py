"""The board's numbers open exactly their rows; lists are cut; hanging is recorded."""

import re

import pytest
from django.test import Client

from qingdan.domain.people.models import Unit, User
from qingdan.foundations.journal.models import Entry
from town import Town

pytestmark = pytest.mark.db


def signed_in(who: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(username=who))
    return client


@pytest.fixture
def busy(town: Town) -> Town:
    """Three open matters: one late, one with transport in time, one not given yet."""
    town.firm_subject.park = town.units["park"]
    town.firm_subject.save()
    town.desk.registers("货车限行", unit="transport", due_on="2023-11-20")
    town.desk.registers("许可证办不下来", unit="market-regulation", due_on="2023-10-31")
    town.market_regulation.does("contact", "2", kind="first")
    town.transport.does("contact", "1", kind="first")
    town.desk.registers("路灯坏了", subject=town.other_subject.pk)
    town.desk.registers("乱收费", **{"class": "name_hidden"})
    town.desk.registers("吃拿卡要", **{"class": "supervision_only"})
    town.on("2023-11-01 10:00")
    return town


@pytest.mark.parametrize("who", ["desk", "supervision", "leader", "assistant", "main-leader"])
def test_each_number_opens_exactly_its_rows(busy: Town, who: str) -> None:
    client = signed_in(who)
    page = client.get("/board/").content.decode()
    links = set(re.findall(r'href="(/board/rows/[^"]*)"[^>]*>[^<0-9]*(\d+)', page))
    assert links
    for address, number in links:
        rows = client.get(address.replace("&amp;", "&")).content.decode()
        assert rows.count("<tr data-href") == int(number), address


@pytest.mark.parametrize("kind", ["problems", "tasks", "responsibilities"])
@pytest.mark.parametrize("cut", ["", "unit=transport", "park=park", "leader=leader"])
def test_the_three_lists_are_drawn_for_whom_one_asks(busy: Town, kind: str, cut: str) -> None:
    answer = signed_in("desk").get(f"/board/lists/{kind}/?{cut}")
    assert answer.status_code == 200
    body = answer.content.decode()
    assert "货车限行" in body
    assert ("许可证办不下来" in body) == (cut != "unit=transport")


def test_a_unit_reads_its_own_lists_only(busy: Town) -> None:
    body = signed_in("transport").get("/board/lists/problems/").content.decode()
    assert "货车限行" in body
    assert "许可证" not in body


def test_what_names_nothing_visible_is_not_here(busy: Town) -> None:
    client = signed_in("leader")
    absent = client.get("/board/lists/problems/?enterprise=999999")
    hidden = client.get(f"/board/lists/problems/?enterprise={busy.other_subject.pk}")
    assert absent.status_code == hidden.status_code == 404
    assert client.get("/board/lists/problems/?unit=nobody").status_code == 404
    assert client.get("/board/lists/else/").status_code == 404


def test_a_list_of_a_past_day_shows_what_stood_then(busy: Town) -> None:
    busy.on("2023-11-02 10:00")
    busy.desk.registers("新来的事", unit="transport", due_on="2023-11-20")
    client = signed_in("desk")
    today = client.get("/board/lists/problems/?unit=transport").content.decode()
    then = client.get("/board/lists/problems/?on=2023-11-01").content.decode()
    assert "新来的事" in today
    assert "新来的事" not in then


def test_the_hung_text_names_nobody_unless_only_officials_are_there(busy: Town) -> None:
    client = signed_in("desk")
    outside = client.get("/board/hang/?park=park").content.decode()
    inside = client.get("/board/hang/?park=park&officials=1").content.decode()
    for words in ("货车限行", busy.firm_subject.short_name):
        assert words not in outside
        assert words in inside
    for hidden in ("乱收费", "吃拿卡要"):
        assert hidden not in inside


def test_hanging_is_recorded_with_each_matter(busy: Town) -> None:
    client = signed_in("desk")
    answer = client.post("/board/hang/?unit=transport", {})
    assert answer.status_code == 302
    assert Entry.objects.filter(kind="issue.hung").count() == 1


def test_an_enterprises_page_shows_its_list_and_makes_its_link_once(busy: Town) -> None:
    client = signed_in("desk")
    page = client.get(f"/board/enterprises/{busy.firm_id}/").content.decode()
    assert "货车限行" in page
    made = client.post(f"/board/enterprises/{busy.firm_id}/link/").content.decode()
    address = re.search(r'value="http://testserver(/portal/l/[^"]+)"', made)
    assert address
    visitor = Client(headers={"accept-language": "en"})
    assert visitor.get(address[1]).status_code == 302
    assert "货车限行" in visitor.get("/portal/").content.decode()
    again = client.get(f"/board/enterprises/{busy.firm_id}/").content.decode()
    assert address[1] not in again
    link = busy.firm_subject.links.get()
    client.post(f"/board/enterprises/{busy.firm_id}/link/{link.pk}/")
    assert visitor.get("/portal/").status_code == 302  # to the sign-in: everything is lost at once


def test_the_register_narrows_by_name(busy: Town) -> None:
    client = signed_in("desk")
    assert "某材料有限公司" in client.get("/board/enterprises/?q=材料").content.decode()
    assert "某酒业" not in client.get("/board/enterprises/?q=材料").content.decode()
    assert client.get("/board/enterprises/?q=%00&after=%00").status_code == 404
    assert client.get("/board/rows/?cursor=zzz&light=pink&enterprise=").status_code == 200


def test_one_matter_is_hung_from_its_own_page(busy: Town) -> None:
    client = signed_in("desk")
    page = client.get("/desk/2023/1/").content.decode()
    address = re.search(r'href="(/board/hang/[^"]+)"', page)
    assert address
    shown = client.get(address[1].replace("&amp;", "&")).content.decode()
    words = re.sub(r"<[^>]*>", " ", shown)  # an address of a live part may hold any digits
    assert "001" in words
    assert "002" not in words
    hidden = client.get("/desk/2023/4/").content.decode()
    assert "/board/hang/" not in hidden
    assert client.get("/board/hang/?issue=999").status_code == 404


def test_from_the_board_one_comes_to_the_lists_of_a_unit_a_park_and_a_leader(busy: Town) -> None:
    client = signed_in("desk")
    assert 'href="/board/lists/problems/"' in client.get("/board/").content.decode()
    page = client.get("/board/lists/problems/").content.decode()
    for name, code in (("unit", "transport"), ("park", "park"), ("leader", "leader")):
        offered = re.search(rf'<select[^>]*name="{name}".*?</select>', page, re.S)
        assert offered
        assert f'value="{code}"' in offered[0]
        cut = client.get(f"/board/lists/problems/?unit=&park=&leader=&{name}={code}")
        assert "货车限行" in cut.content.decode()
    own = signed_in("transport").get("/board/lists/problems/").content.decode()
    assert 'name="leader"' not in own


def test_what_was_solved_this_week_has_neither_light_nor_date(busy: Town) -> None:
    client = signed_in("main-leader")
    client.cookies["language"] = "zh-hans"
    for name in ("灯", "期限"):
        assert f">{name}</th>" in client.get("/board/rows/").content.decode()
    told = {"kind": "solved", "text": "已放行", "evidence": ["批文"], "finish": [1]}
    busy.transport.does("report-result", "1", **told)
    if busy.desk.sees("1")["state"] == "reported":
        busy.desk_2.does("verify", "1")
    busy.firm.does("confirm", "1", solved=True, by="account")
    page = client.get("/board/rows/?solved=week").content.decode()
    assert "货车限行" in page
    for name in ("灯", "期限"):
        assert f">{name}</th>" not in page


def test_ten_units_stand_on_the_board_and_the_others_behind_one_line(busy: Town) -> None:
    for n in range(12):
        unit = Unit.objects.create(
            county=busy.desk.person.county,
            code=f"unit-{n}",
            name=f"第{n}局",
            short_name=f"第{n}局",
            kind="department",
            order=n,
        )
        for _more in range(2 if n == 11 else 1):
            busy.desk.registers(f"{n}号难题", unit=unit.code, due_on="2023-11-20")
    client = signed_in("main-leader")
    client.cookies["language"] = "zh-hans"
    page = client.get("/board/").content.decode()
    first, _line, others = page.partition('<details class="others">')
    assert "其他 5 家" in others
    assert first.count('aria-label="第') == 7
    assert "第11局" in first, "what has most stands on the board itself"
    assert others.partition("</details>")[0].count("未销号 1 件") == 5
    assert "在办" not in page, "the desk's word for its own queue"
