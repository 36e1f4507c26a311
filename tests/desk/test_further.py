"""What waits beside the queues: disputes, later dates, declines, calls, and who answers."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from filled import report
from qingdan.domain.enterprises.models import Contact
from qingdan.domain.ledger.queries import answers_for
from town import Actor, Town

pytestmark = pytest.mark.db

LEAD = {"unit": "market-regulation", "part": "lead", "title": "办证", "due_on": "2023-11-10"}


def signed_in(town: Town, code: str) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(town.posts[code].holdings.get().user)
    return client


def page(town: Town, code: str, address: str) -> str:
    answer = signed_in(town, code).get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def titles(text: str) -> list[str]:
    return re.findall(r'<td class="title"><a [^>]*>([^<]*)</a>', text)


def further(text: str) -> dict[str, str]:
    """The lists that have something, with their counts."""
    found = re.findall(r'<a class="chip chip-list" href="([^"]*)"[^>]*>(\S+) (\d+)</a>', text)
    return {words: number for _url, words, number in found}


def triaged(town: Town, words: str = "许可证办不下来") -> str:
    ref = town.firm.registers(words)
    town.desk.does("triage", ref, track="scheduled", grade="B", lead="market-regulation")
    return ref


def listed(town: Town, words: str = "许可证办不下来") -> str:
    ref = triaged(town, words)
    town.market_regulation.does("contact", ref, kind="first", by="telephone")
    town.desk.does("draw-lists", ref, approach="先看现场", tasks=[LEAD])
    return ref


def verified(town: Town, words: str = "验收排不上号", **result: object) -> str:
    ref = report(town, town.firm.registers(words), grade="B", **result)
    town.desk_2.does("verify", ref)
    return ref


def not_solved(town: Town, ref: str) -> None:
    town.firm.does("confirm", ref, solved=False, by="account")


def redone(town: Town, ref: str) -> None:
    """The enterprise says no once more."""
    not_solved(town, ref)
    told = {"kind": "solved", "text": "又办了一次", "evidence": ["意见书 13 号"], "finish": []}
    town.transport.does("report-result", ref, **told)
    town.desk_2.does("verify", ref)


# ------------------------------------------------------------------ lists of what waits


def test_what_waits_for_a_decision_is_counted_and_each_count_leads_to_its_rows(
    town: Town,
) -> None:
    disputed = triaged(town, "该谁办")
    town.market_regulation.does("object", disputed, reason="不归我局", unit="transport")
    later = listed(town, "要延期")
    town.market_regulation.does("request-extension", later, due_on="2023-11-24", reason="排队")
    declined = town.firm.registers("打官司的事")
    town.desk.does("decline", declined, code="court", reason="已进入诉讼")
    counts = further(page(town, "desk", "/desk/"))
    assert counts == {"争议": "1", "延期": "1", "不予受理复核": "1"}
    for queue, title in (
        ("disputes", "该谁办"),
        ("extensions", "要延期"),
        ("declines", "打官司的事"),
    ):
        assert titles(page(town, "desk", f"/desk/?queue={queue}")) == [title]


def test_empty_lists_say_that_all_is_well(town: Town) -> None:
    assert further(page(town, "desk", "/desk/")) == {}
    for queue, words in (
        ("disputes", "没有单位申请调整。"),
        ("extensions", "没有延期申请。"),
        ("declines", "没有待复核的不予受理。"),
    ):
        assert words in page(town, "desk", f"/desk/?queue={queue}")
    assert "没有要回访的企业。" in page(town, "desk", "/desk/calls/")
    assert "没有不予受理的事项。" in page(town, "desk", "/desk/declined/")
    assert "没有待审批的说明。" in page(town, "supervision", "/desk/?queue=explained")


def test_the_supervision_office_finds_only_what_is_its_own_to_decide(town: Town) -> None:
    disputed = triaged(town, "该谁办")
    town.market_regulation.does("object", disputed, reason="不归我局", unit="transport")
    short, long = listed(town, "延几天"), listed(town, "延很久")
    town.market_regulation.does("request-extension", short, due_on="2023-11-24", reason="排队")
    town.market_regulation.does("request-extension", long, due_on="2023-12-01", reason="排队")
    verified(town, "办不了", kind="explained", basis="政策已到期")
    counts = further(page(town, "supervision", "/desk/"))
    assert counts == {"延期": "1", "待审批说明": "1"}
    assert titles(page(town, "supervision", "/desk/?queue=extensions")) == ["延很久"]
    assert titles(page(town, "supervision", "/desk/?queue=explained")) == ["办不了"]
    assert titles(page(town, "desk", "/desk/?queue=extensions")) == ["延几天", "延很久"]


def test_sealed_matters_are_listed_for_the_office_that_sees_them_and_for_nobody_else(
    town: Town,
) -> None:
    town.firm.registers("专班转办不及时", **{"class": "supervision_only"})
    assert titles(page(town, "supervision", "/desk/?queue=sealed")) == ["专班转办不及时"]
    assert titles(page(town, "supervision-2", "/desk/?queue=sealed")) == []
    assert "专班转办" not in page(town, "desk", "/desk/?queue=sealed")


# ------------------------------------------------------------------ calls


def test_the_list_of_calls_says_whom_why_and_what_comes_next(town: Town) -> None:
    leaves = listed(town, "不用办了")
    town.firm.does("withdraw", leaves, reason="自己办好了")
    silent = verified(town, "没有回音")
    town.on("2023-10-31")
    assert titles(page(town, "desk-2", "/desk/calls/")) == ["不用办了"]
    town.desk_2.does("contact", silent, kind="attempt", by="telephone", words="无人接听")
    text = page(town, "desk-2", "/desk/calls/")
    assert set(titles(text)) == {"不用办了", "没有回音"}
    assert "10月31日" in text
    assert "登记回访" in text
    assert "/contact/?kind=call-back" in text
    town.desk_2.does("contact", leaves, kind="call-back", by="telephone", words="确属自愿")
    assert "按撤回办结" in page(town, "desk-2", "/desk/calls/")
    town.on("2023-11-01")
    town.desk_2.does("contact", silent, kind="attempt", by="telephone", words="无人接听")
    town.on("2023-11-09")
    assert "按未回应办结" in page(town, "desk-2", "/desk/calls/")


def test_the_list_of_calls_asks_as_often_however_long_it_is(town: Town) -> None:
    def asks() -> int:
        client = signed_in(town, "desk")
        client.get("/desk/calls/")
        with CaptureQueriesContext(connection) as seen:
            client.get("/desk/calls/")
        return len(seen)

    for n in range(2):
        town.firm.does("withdraw", listed(town, f"第{n}件"), reason="不用了")
    few = asks()
    for n in range(2, 6):
        town.firm.does("withdraw", listed(town, f"第{n}件"), reason="不用了")
    assert asks() == few


# ------------------------------------------------------------------ the register


def test_the_register_names_why_the_letter_and_both_persons(town: Town) -> None:
    ref = town.firm.registers("打官司的事")
    town.desk.does("decline", ref, code="court", reason="已进入诉讼")
    assert titles(page(town, "desk", "/desk/declined/")) == []
    town.desk_2.does("approve-decline", ref, approved=True, reason="属实")
    text = page(town, "desk", "/desk/declined/")
    assert titles(text) == ["打官司的事"]
    for words in ("应由或已进入诉讼", "已进入诉讼", "以移送函转有管辖权的机关", "desk-2"):
        assert words in text


# ------------------------------------------------------------------ who answers


def answered(actor: Actor) -> list[str]:
    rows = answers_for(actor.person)
    return [] if rows is None else sorted(row.issue.title for row in rows.for_rows())


def test_a_redo_reaches_the_head_then_the_linked_leader_then_the_main_leader(
    town: Town,
) -> None:
    ref = verified(town)
    title = "验收排不上号"
    town.posts["head"].unit = town.units["transport"]
    town.posts["head"].save()
    by_level = (town.head, town.leader, town.main_leader)
    for level in range(3):
        not_solved(town, ref)
        assert [answered(actor) for actor in by_level] == [
            [title] if level == n else [] for n in range(3)
        ]
        assert answered(town.assistant) == ([title] if level == 1 else [])
        told = {"kind": "solved", "text": "又办了", "evidence": ["意见书 13 号"], "finish": []}
        town.transport.does("report-result", ref, **told)
        town.desk_2.does("verify", ref)
    assert answers_for(town.transport.person) is None
    assert answers_for(town.desk.person) is None


def test_a_bad_rating_reaches_the_head_for_thirty_days(town: Town) -> None:
    ref = verified(town)
    town.posts["head"].unit = town.units["transport"]
    town.posts["head"].save()
    town.firm.does("confirm", ref, solved=True, by="account", satisfied=2)
    assert answered(town.head) == ["验收排不上号"]
    town.passes(days=31)
    assert answered(town.head) == []


def test_a_good_rating_reaches_nobody(town: Town) -> None:
    ref = verified(town)
    town.posts["head"].unit = town.units["transport"]
    town.posts["head"].save()
    town.firm.does("confirm", ref, solved=True, by="account", satisfied=3)
    assert answered(town.head) == []


def test_the_leaders_first_page_begins_with_what_he_answers_for(town: Town) -> None:
    ref = verified(town)
    redone(town, ref)
    not_solved(town, ref)
    assert "要您负责的" not in page(town, "transport", "/desk/")
    text = page(town, "leader", "/desk/")
    assert "要您负责的" in text
    assert "企业说没有解决，正在重办。" in text
    assert "要您负责的" not in page(town, "main-leader", "/desk/")
    assert "要您负责的" not in page(town, "desk", "/desk/")


def test_the_heads_first_page_begins_with_what_he_answers_for(town: Town) -> None:
    ref = verified(town)
    town.posts["head"].unit = town.units["transport"]
    town.posts["head"].save()
    not_solved(town, ref)
    assert "要您负责的" in page(town, "head", "/desk/")
    for reader in ("desk", "head"):
        assert "由单位主要负责人负责重办。" in page(town, reader, "/desk/2023/1/").split("经过")[0]


def contact_page(town: Town, code: str) -> str:
    return page(town, code, "/desk/2023/1/contact/?kind=attempt")


def test_the_number_stands_whole_only_in_the_form_of_who_works_on_it(town: Town) -> None:
    Contact.objects.create(
        county=town.firm_subject.county,
        subject=town.firm_subject,
        title="负责人",
        name="某某",
        phone="13900001234",
    )
    verified(town, "等企业确认")
    assert 'value="13900001234"' in contact_page(town, "desk-2")
    other = contact_page(town, "supervision")
    assert "13900001234" not in other
    number = Contact.objects.get().pk
    assert f"/contacts/{number}/?matter=2023-1" in other
