"""Three administrators, three pages, and not a word of a matter on any of them."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from qingdan.domain.enterprises.actions import make_link, reveal, revoke_link, ring, use_link
from qingdan.domain.enterprises.models import Contact, Link
from qingdan.domain.ledger.rules.rights import WHO
from qingdan.domain.people.models import Holding, User
from qingdan.foundations.journal.models import Head
from qingdan.foundations.kernel import clock
from qingdan.interfaces.shared.doors import DOORS
from qingdan.interfaces.site.administrators import act_words, letter_words
from town import COUNTY, Town

pytestmark = pytest.mark.db

PAGES = {
    "sysadmin": "/administration/accounts/",
    "secadmin": "/administration/roles/",
    "auditor": "/administration/journal/",
}
NUMBER = "13812345678"


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def signed_in(town: Town, code: str) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(town.posts[code].holdings.get().user)
    return client


def page(town: Town, code: str) -> str:
    answer = signed_in(town, code).get(PAGES[code])
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def busy(town: Town) -> Contact:
    """A county in which contacts were rung and looked up, and a link came and went."""
    boss = Contact.objects.create(
        county=COUNTY, subject=town.firm_subject, title="总经理", name="王小满", phone=NUMBER
    )
    open_one = town.issue(town.desk.registers("货车限行，绕路多跑十二公里"))
    ring(boss, by=town.desk.person, matter=open_one.journal_key)
    reveal(boss, "回访前核对", by=town.supervision.person, matter=open_one.journal_key)
    ref = town.firm.registers("窗口吃拿卡要", **{"class": "name_hidden"})
    ring(boss, by=town.desk.person, matter=town.issue(ref).journal_key)
    token = make_link(town.firm_subject, by=town.desk.person)
    use_link(token)
    revoke_link(Link.objects.get(), by=town.desk.person)
    return boss


@pytest.mark.parametrize("code", PAGES)
def test_each_is_led_to_the_own_page_and_nobody_else_gets_it(town: Town, code: str) -> None:
    client = signed_in(town, code)
    assert client.get("/")["Location"] == PAGES[code]
    text = client.get(PAGES[code]).content.decode()
    assert f'href="{PAGES[code]}" aria-current="page"' in text
    for other, address in PAGES.items():
        if other != code:
            assert client.get(address).status_code == 403
    for somebody in ("desk", "supervision", "main-leader", "transport", "enterprise"):
        assert signed_in(town, somebody).get(PAGES[code]).status_code == 403
    assert Client().get(PAGES[code]).status_code == 302
    assert client.post(PAGES[code]).status_code in (403, 405)


@pytest.mark.parametrize("code", PAGES)
def test_none_of_them_reads_a_word_of_a_matter_or_a_number(
    town: Town, busy: Contact, code: str
) -> None:
    text = page(town, code)
    for words in ("货车限行", "十二公里", "吃拿卡要", NUMBER, "王小满", "〔2023〕2号"):
        assert words not in text


def test_the_account_list_shows_posts_from_when_to_when_and_the_last_sign_in(town: Town) -> None:
    user = User.objects.get(username="transport")
    user.last_login = clock.now()
    user.is_active = False
    user.save()
    Holding.objects.filter(user=user).update(to_at=clock.now() + timedelta(days=1))
    User.objects.create(username="without-a-post", password="!")
    text = page(town, "sysadmin")
    entry = text[text.index("transport") :].partition("</li>")[0]
    assert "停用" in entry
    assert re.search(r"10月30日 – 10月31日", entry)
    assert "最近登录 10月30日 09:00" in entry
    assert "没有任职" in text[text.index("without-a-post") :].partition("</li>")[0]
    assert "从未登录" in text
    assert "至今" in text


def test_a_long_account_list_goes_on_page_by_page(town: Town) -> None:
    User.objects.bulk_create(User(username=f"z{n:03d}", password="!") for n in range(120))
    client = signed_in(town, "sysadmin")
    text = client.get(PAGES["sysadmin"]).content.decode()
    after = re.search(r'href="\?after=(\w+)"', text)[1]
    more = client.get(PAGES["sysadmin"], {"after": after}).content.decode()
    assert "z119" in more
    assert "z119" not in text
    assert client.get(PAGES["sysadmin"], {"after": "长" * 500}).status_code == 200
    assert client.get(PAGES["sysadmin"], {"after": "\x00"}).status_code == 404


def test_the_role_table_is_the_one_that_the_product_obeys(town: Town) -> None:
    assert set(act_words()) == set(WHO), "an act without a word"
    assert set().union(*WHO.values()) <= set(letter_words()), "a letter without a word"
    text = page(town, "secadmin")
    assert re.search(r"<dt>核验</dt><dd>企业服务专班、督查室、另一督查室</dd>", text)
    assert re.search(r"<dt>签收</dt><dd>承办单位</dd>", text)
    assert re.search(r"<dt>/administration/roles/</dt><dd>安全管理员</dd>", text)
    shown = len(re.findall(r"<dt>/", text))
    assert shown >= len([door for door in DOORS if ".api." not in door and "demo" not in door])


def test_the_auditor_reads_where_the_chain_ends_and_who_opened_what(
    town: Town, busy: Contact
) -> None:
    text = page(town, "auditor")
    head = Head.objects.get(county=COUNTY)
    assert head.hash in text
    assert f"<dd>{head.seq}</dd>" in text
    firm = town.firm_subject.name
    no = Link.objects.get().pk
    for line in (
        f"企业服务专班 · desk拨打了{firm}总经理的电话。（耒企〔2023〕1号）",
        f"市政府督查室 · supervision查看了{firm}总经理的号码：“回访前核对”（耒企〔2023〕1号）",
        f"企业服务专班 · desk为{firm}生成了第{no}号专属链接。",
        f"{firm}的第{no}号专属链接被打开。",
        f"企业服务专班 · desk作废了{firm}的第{no}号专属链接。",
    ):
        assert line in text, line
    # a number that would join a hidden matter to its enterprise stands nowhere
    assert f"desk拨打了{firm}总经理的电话。</span>" in text


def test_the_access_log_goes_back_page_by_page_and_takes_no_nonsense(
    town: Town, busy: Contact
) -> None:
    for _ in range(60):
        ring(busy, by=town.desk.person)
    client = signed_in(town, "auditor")
    text = client.get(PAGES["auditor"]).content.decode()
    before = re.search(r'href="\?before=(\d+)"', text)[1]
    older = client.get(PAGES["auditor"], {"before": before}).content.decode()
    assert "回访前核对" in older
    assert "回访前核对" not in text
    for nonsense in ("x", "-1", "9" * 40):
        assert client.get(PAGES["auditor"], {"before": nonsense}).status_code == 200
    assert client.get(PAGES["auditor"], {"before": "1\x00"}).status_code == 404


def test_an_empty_county_says_so(town: Town) -> None:
    text = page(town, "auditor")
    assert "还没有留痕" in text
    assert "没有人拨打或查看过号码" in text
