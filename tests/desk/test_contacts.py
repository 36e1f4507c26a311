"""An enterprise's contacts: whole and rung with one tap, or masked and asked for with a reason."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page

from filled import licence, report
from qingdan.domain.enterprises.models import Contact
from qingdan.domain.enterprises.rules import masked_name, masked_number
from qingdan.foundations.journal.models import Entry, Words
from qingdan.foundations.journal.verify import verify
from town import COUNTY, Town

pytestmark = pytest.mark.db

NUMBER = "13812345678"
MASKED = "138****5678"
NAME = "王小满"


@pytest.fixture
def boss(town: Town) -> Contact:
    return Contact.objects.create(
        county=COUNTY, subject=town.firm_subject, title="总经理", name=NAME, phone=NUMBER
    )


def signed_in(town: Town, code: str) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(town.posts[code].holdings.get().user)
    return client


def matter(ref: str) -> str:
    year, number = re.search(r"〔(\d+)〕(\d+)号", ref).groups()
    return f"{year}-{number}"


def page(town: Town, code: str, ref: str) -> str:
    answer = signed_in(town, code).get(f"/desk/{matter(ref).replace('-', '/')}/")
    assert answer.status_code == 200
    return answer.content.decode()


def at(contact: Contact, ref: str = "", *, ring: bool = False) -> str:
    asked = f"?matter={matter(ref)}" if ref else ""
    return f"/contacts/{contact.pk}/{'ring/' if ring else ''}{asked}"


def logged() -> list[Entry]:
    return list(Entry.objects.filter(kind__startswith="contact.").order_by("seq"))


def facts(entry: Entry) -> dict[str, Any]:
    return json.loads(entry.body)


# ------------------------------------------------------------------ who works on it


@pytest.mark.parametrize(
    "code", ["desk", "market-regulation", "section", "admin-approval", "leader", "assistant"]
)
def test_who_works_on_a_matter_reads_the_number_whole_and_rings_it_with_one_logged_tap(
    town: Town, boss: Contact, code: str
) -> None:
    ref = licence(town)
    text = page(town, code, ref)
    assert NUMBER in text
    assert NAME in text
    assert f'href="{at(boss, ref, ring=True)}"' in text
    assert "tel:138" not in text, "a tap that nobody writes down"

    answer = signed_in(town, code).get(at(boss, ref, ring=True))
    assert (answer.status_code, answer["Location"]) == (303, f"tel:{NUMBER}")
    [entry] = logged()
    assert entry.kind == "contact.rung"
    told = facts(entry)
    assert told["facts"] == {"contact": boss.pk, "matter": town.issue(ref).journal_key}
    assert told["actor"]["post"] == town.posts[code].pk


def test_neither_number_nor_name_stands_in_the_journal_and_the_chain_holds(
    town: Town, boss: Contact
) -> None:
    ref = licence(town)
    signed_in(town, "desk").get(at(boss, ref, ring=True))
    signed_in(town, "supervision").post(at(boss, ref), {"reason": "核实企业说法"})
    assert len(logged()) == 2
    for entry in Entry.objects.all():
        assert NUMBER not in entry.body
        assert NAME not in entry.body
        assert "核实企业说法" not in entry.body
    assert not Words.objects.filter(text__contains=NUMBER).exists()
    assert verify() == []


def test_each_tap_is_logged_once_and_looking_ahead_or_coming_from_elsewhere_rings_nobody(
    town: Town, boss: Contact
) -> None:
    ref = licence(town)
    desk = signed_in(town, "desk")
    address = at(boss, ref, ring=True)
    for headers in (
        {"sec-purpose": "prefetch"},
        {"sec-fetch-site": "cross-site"},
    ):
        answer = desk.get(address, headers=headers)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/contacts/")
    assert desk.head(address).status_code == 405
    assert desk.post(address).status_code == 405
    assert logged() == []
    desk.get(address, headers={"sec-fetch-site": "same-origin"})
    assert len(logged()) == 1


# ------------------------------------------------------------------ who does not


@pytest.mark.parametrize("code", ["supervision", "main-leader"])
def test_others_see_it_masked_and_are_shown_it_once_for_a_reason(
    town: Town, boss: Contact, code: str
) -> None:
    ref = licence(town)
    text = page(town, code, ref)
    assert MASKED in text
    assert "王**" in text
    assert NUMBER not in text
    assert NAME not in text
    client = signed_in(town, code)
    address = at(boss, ref)
    assert f'href="{address}"' in text
    asked = client.get(address).content.decode()
    assert NUMBER not in asked
    assert MASKED in asked
    assert client.get(at(boss, ref, ring=True))["Location"] == address, "no ringing without"

    for nothing in ("", "   ", "\x00\x07", "长" * 201):
        refused = client.post(address, {"reason": nothing})
        assert refused.status_code == 422
        assert NUMBER not in refused.content.decode()
    assert logged() == []

    shown = client.post(address, {"reason": "回访前核对号码"})
    assert shown.status_code == 200
    assert f'href="tel:{NUMBER}"' in shown.content.decode()
    assert NAME in shown.content.decode()
    [entry] = logged()
    assert entry.kind == "contact.revealed"
    digest = facts(entry)["words"]["reason"]
    assert Words.objects.get(digest=digest).text == "回访前核对号码"
    assert NUMBER not in client.get(address).content.decode(), "it was for once"


def test_a_name_hidden_matter_shows_units_and_leaders_nothing_at_all(
    town: Town, boss: Contact
) -> None:
    ref = town.firm.registers("窗口办事拖拉", reach="13900000000", **{"class": "name_hidden"})
    town.desk.does(
        "triage",
        ref,
        track="scheduled",
        grade="B",
        lead="market-regulation",
        shown_title="窗口服务",
        shown_body="一家企业反映窗口服务慢",
    )
    text = page(town, "market-regulation", ref)
    for words in (NUMBER, MASKED, NAME, "王**", "13900000000", "总经理", "/contacts/"):
        assert words not in text
    for code in ("market-regulation", "head", "leader", "assistant", "main-leader", "transport"):
        client = signed_in(town, code)
        for address in (at(boss, ref), at(boss, ref, ring=True)):
            assert client.get(address).status_code == 404, code
        assert client.post(at(boss, ref), {"reason": "想看看"}).status_code == 404
    assert logged() == []
    assert NUMBER in page(town, "desk", ref)


def test_a_matter_opens_only_the_contacts_of_its_own_enterprise(town: Town, boss: Contact) -> None:
    other = Contact.objects.create(
        county=COUNTY, subject=town.other_subject, title="厂长", phone="13700001111"
    )
    ref = licence(town)
    unit = signed_in(town, "market-regulation")
    for address in (
        at(other, ref),
        at(other),
        at(boss),  # a unit comes to an enterprise through a matter alone
        f"/contacts/{boss.pk}/?matter=2023-77",
        f"/contacts/{boss.pk}/?matter=x",
        "/contacts/99999/",
        f"/contacts/{10**25}/",
    ):
        assert unit.get(address).status_code == 404, address
    for code in ("transport", "sysadmin", "auditor", "enterprise"):
        assert signed_in(town, code).get(at(boss, ref)).status_code in (403, 404), code
    assert signed_in(town, "leader").get(at(other)).status_code == 404


# ------------------------------------------------------------------ an enterprise's page


@pytest.mark.parametrize(
    ("code", "whole"),
    [
        ("desk", True),
        ("leader", True),
        ("assistant", True),
        ("supervision", False),
        ("main-leader", False),
        ("park", False),
    ],
)
def test_on_an_enterprises_page_the_desk_and_the_linked_leader_read_it_whole_others_masked(
    town: Town, boss: Contact, code: str, whole: bool
) -> None:
    town.firm_subject.park = town.units["park"]
    town.firm_subject.save()
    client = signed_in(town, code)
    text = client.get(f"/board/enterprises/{town.firm_id}/").content.decode()
    assert (NUMBER in text) is whole
    assert (MASKED in text) is not whole
    assert f'href="{at(boss, ring=whole)}"' in text
    rung = client.get(at(boss, ring=True))
    assert rung.status_code == (303 if whole else 302)
    assert len(logged()) == int(whole)
    if not whole:
        assert NUMBER in client.post(at(boss), {"reason": "走访前联系"}).content.decode()
        assert facts(logged()[0])["facts"] == {"contact": boss.pk, "matter": ""}


def test_a_name_hidden_matter_stands_on_no_page_of_its_enterprise_for_who_may_not_know(
    town: Town,
) -> None:
    town.firm_subject.park = town.units["park"]
    town.firm_subject.save()
    ref = town.firm.registers("园区乱收费", **{"class": "name_hidden"})
    town.desk.does(
        "triage",
        ref,
        track="scheduled",
        grade="B",
        lead="park",
        shown_title="收费问题",
        shown_body="一家企业反映收费",
    )
    address = f"/board/enterprises/{town.firm_id}/"
    text = signed_in(town, "park").get(address).content.decode()
    assert "收费" not in text
    assert matter(ref).replace("-", "/") not in text
    register = signed_in(town, "park").get("/board/enterprises/").content.decode()
    assert '<td class="num"></td>' in register
    assert "园区乱收费" in signed_in(town, "desk").get(address).content.decode()


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13812345678", "138****5678"),
        ("+86 138-1234-5678", "138****5678"),
        ("0734-4331111", "073****1111"),
        ("4331111", "4****1"),
        ("110", "****"),
        ("", ""),
        ("无", ""),
    ],
)
def test_a_masked_number_hides_half_of_it_at_least(number: str, shown: str) -> None:
    assert masked_number(number) == shown


def test_a_masked_name_keeps_the_family_name_and_hides_how_long_it_is() -> None:
    assert masked_name("王小满") == masked_name("王五") == "王**"
    assert masked_name(" ") == ""


# ------------------------------------------------------------------ in a browser


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_tap_rings_and_stays_on_the_page_and_a_reload_rings_nobody(
    town: Town, boss: Contact, live_server: Any, sits_down: Any, tmp_path: Path
) -> None:
    ref = licence(town)
    page: Page = sits_down("desk")
    rung: list[str] = []
    page.on("requestfailed", lambda asked: rung.append(asked.url))
    page.set_default_timeout(15_000)
    page.goto(f"{live_server.url}/desk/{matter(ref).replace('-', '/')}/")
    page.get_by_role("link", name=NUMBER).click(no_wait_after=True)
    page.wait_for_timeout(800)
    assert [url for url in rung if url.startswith("tel:")] == [f"tel:{NUMBER}"]
    assert page.get_by_role("heading", level=1).inner_text().startswith("食品生产许可证")
    page.reload()
    assert len(logged()) == 1


def test_the_desk_rings_the_enterprise_from_the_list_by_a_logged_tap(
    town: Town, boss: Contact
) -> None:
    ref = town.desk.registers("发票额度不够用")
    report(town, ref, grade="B")
    town.desk_2.does("verify", ref)
    opened = signed_in(town, "desk").get(
        f"/desk/{matter(ref).replace('-', '/')}/", {"beside": "/desk/?queue=confirm"}
    )
    assert f'href="{at(boss, ref, ring=True)}"' in opened.content.decode()
