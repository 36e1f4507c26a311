"""挂到工作群: by hand, at most 500 characters, recorded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingdan.domain.groups.actions import hang
from qingdan.domain.groups.rules import LONGEST, HungLine, hung_text
from qingdan.foundations.journal.models import Entry
from qingdan.foundations.kernel.errors import NotAllowed, StepNotOpen
from town import Town

LINE = HungLine("123", "将到期", "还剩 1 个工作日", "市场监管局", "许可证办不下来", "某酒业")


@given(st.integers(0, 60), st.text(max_size=60), st.text(max_size=120))
def test_a_hung_text_has_at_most_500_characters(count: int, head: str, link: str) -> None:
    text = hung_text(head, [LINE] * count, link, "另有 %d 件")
    assert len(text) <= LONGEST


def test_a_hung_text_says_how_many_had_no_room() -> None:
    text = hung_text("清单", [LINE] * 40, "http://x/", "另有 %d 件")
    shown = text.count("123")
    assert f"另有 {40 - shown} 件" in text
    assert text.endswith("http://x/")


@pytest.mark.db
def test_who_hung_what_when_stands_in_the_journal(town: Town) -> None:
    issue = town.issue(town.desk.registers("路灯坏了"))
    hang([issue], "清单 1 件", only_officials=False, by=town.desk.person)
    entry = Entry.objects.get(kind="issue.hung")
    assert entry.subject == issue.journal_key
    assert town.issue(str(issue.ref)).version == issue.version


@pytest.mark.db
def test_a_hidden_class_is_never_hung_and_units_hang_nothing(town: Town) -> None:
    hidden = town.issue(town.desk.registers("收费", **{"class": "name_hidden"}))
    with pytest.raises(StepNotOpen):
        hang([hidden], "x", only_officials=True, by=town.desk.person)
    open_one = town.issue(town.desk.registers("路灯"))
    with pytest.raises(NotAllowed):
        hang([open_one], "x", only_officials=True, by=town.transport.person)
