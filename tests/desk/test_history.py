"""The history of a matter is sentences with a subject, and each reader reads their own."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from filled import licence, report
from qingdan.domain.ledger.queries import access_issue
from qingdan.foundations.journal.models import Words
from qingdan.foundations.journal.record import erase
from qingdan.foundations.kernel import clock
from qingdan.interfaces.shared.history import sentences
from town import COUNTY, Actor, Town

pytestmark = pytest.mark.db


def tells(reader: Actor, ref: str, lang: str = "zh-hans") -> list[str]:
    with translation.override(lang):
        told = sentences(access_issue(reader.person, ref), reader.person)
        return [f"{one.when} {one.text}" for one in told]


def hidden(town: Town) -> str:
    """A name-hidden matter that went the whole way, with a tongue that slipped."""
    ref = town.firm.registers("窗口办事拖拉", **{"class": "name_hidden"})
    town.desk.does(
        "triage",
        ref,
        track="scheduled",
        grade="B",
        lead="market-regulation",
        shown_title="窗口服务",
        shown_body="一家企业反映窗口服务慢",
        say="请先自查",
    )
    town.market_regulation.does("acknowledge", ref)
    town.desk.does("contact", ref, kind="first", by="telephone", words="他说他姓张，做白酒的")
    town.desk.does("progress", ref, text="某酒业有限公司又来问了")
    line = {"unit": "market-regulation", "part": "lead", "due_on": "2023-11-08"}
    town.desk.does("draw-lists", ref, approach="自查整改", tasks=[{**line, "title": "整改"}])
    told = {"kind": "solved", "text": "已换人", "evidence": ["通报 1 号"], "finish": [1]}
    town.market_regulation.does("report-result", ref, **told)
    town.desk_2.does("verify", ref)
    town.firm.does("confirm", ref, solved=False, by="account", words="还是张姐在窗口")
    return ref


def test_the_history_is_sentences_with_a_subject_the_newest_first(town: Town) -> None:
    ref = licence(town)
    told = tells(town.desk, ref)
    assert told[0] == "11月3日 08:41 市场监管局 · section报进展：今天下午两点上门核查。"
    assert told[-2] == (
        "10月30日 10:13 leader（assistant代记）现场交办市场监管局，11月6日前办结："
        "专程对接，把证办下来。"
    )
    assert len(told) == 8


def test_the_history_is_told_in_english_too(town: Town) -> None:
    ref = licence(town)
    told = tells(town.desk, ref, "en")
    assert told[-3] == (
        "10-30 14:51 企业服务专班 · desk drew the lists: 4 tasks, the last by 11-06."
    )


def test_units_of_a_name_hidden_matter_read_no_word_that_leads_to_the_firm(town: Town) -> None:
    told = "\n".join(tells(town.market_regulation, hidden(town)))
    for word in ("酒业", "姓张", "张姐", "拖拉", "网上反映", "enterprise"):
        assert word not in told, told
    assert "企业又来问了" in told
    assert "企业说没有解决" in told


def test_the_desk_reads_what_units_of_a_name_hidden_matter_do_not(town: Town) -> None:
    told = "\n".join(tells(town.desk, hidden(town)))
    for word in ("姓张", "张姐"):
        assert word in told, told


def test_the_firm_reads_posts_and_units_and_no_levels_nudges_or_notes_of_ours(town: Town) -> None:
    ref = hidden(town)
    town.desk.does("nudge", ref)
    town.firm.does("nudge", ref)
    told = "\n".join(tells(town.firm, ref))
    assert "您说没有解决：还是张姐在窗口" in told
    assert "市场监管局 · market-regulation签收" in told
    assert told.count("催了一下") == 1
    for word in ("又来问了", "负责人负责", "请先自查", "姓张"):
        assert word not in told, told


def test_the_firm_hears_that_the_unit_was_changed_and_never_why(town: Town) -> None:
    ref = town.firm.registers("路窄")
    where = {"track": "scheduled", "grade": "B"}
    town.desk.does("triage", ref, **where, lead="transport")
    town.desk.does("settle-on-site", ref, text="当场说清", evidence=["电话记录"])
    town.supervision.does("send-back", ref, reason="没有去现场")
    town.desk.does("triage", ref, **where, lead="admin-approval")
    told = tells(town.firm, ref)
    assert "承办单位已调整：现由行政审批局牵头。" in told[0]
    assert "没有去现场" not in "".join(told)


def test_erased_words_leave_their_sentence_standing(town: Town) -> None:
    ref = report(town, town.desk.registers("消防验收排不上号"), grade="B")
    said = Words.objects.get(text="已办好")
    with transaction.atomic():
        erase(COUNTY, [said.digest], by=town.desk.person, at=clock.now())
    assert "（内容已清除）" in tells(town.desk, ref)[0]


def test_a_history_takes_three_queries_however_long(town: Town) -> None:
    ref = licence(town)
    issue = access_issue(town.desk.person, ref)
    for _ in range(9):
        town.desk.does("progress", ref, text="又问了一次")
    person = town.desk.person
    with CaptureQueriesContext(connection) as asked:
        assert len(sentences(issue, person)) == 17
    assert len(asked) == 3
