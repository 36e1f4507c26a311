"""Dates as people say them, lights as shape and word, and a catalogue without holes."""

import ast
import os
import re
from pathlib import Path

import polib
import pytest
from django.utils.translation import override, templatize

from qingdan.foundations.kernel import clock
from qingdan.foundations.workdays.calendar import official
from qingdan.foundations.workdays.due import due
from qingdan.interfaces.shared import phrases
from qingdan.interfaces.shared.templatetags import qingdan
from town import at

ROOM = Path(__file__).parents[2] / "src" / "qingdan" / "interfaces" / "shared"
FRIDAY = at("2023-11-03 10:24")


@pytest.mark.parametrize(
    ("by", "chinese", "english"),
    [
        ("2023-11-03 17:30", "今天下班前", "Before today's close"),
        ("2023-11-03 14:00", "今天 14:00 前", "Before 14:00 today"),
        ("2023-11-06 17:30", "还剩 1 个工作日", "1 working day left"),
        ("2023-11-14 17:30", "还剩 7 个工作日", "7 working days left"),
        ("2023-11-02 17:30", "已超 1 个工作日", "1 working day overdue"),
        ("2023-11-01 17:30", "已超 2 个工作日", "2 working days overdue"),
        ("2023-11-03 09:00", "刚超期", "Just overdue"),
        ("2023-12-20 17:30", "12月20日下班前", "by the close of 12-20"),
        ("2024-01-15 10:00", "2024年1月15日 10:00 前", "by 10:00 on 2024-01-15"),
    ],
)
def test_a_date_is_said_as_people_say_it(by: str, chinese: str, english: str) -> None:
    clock.set_for_test(FRIDAY)
    with override("zh-hans"):
        assert phrases.distance_words(FRIDAY, at(by)) == chinese
    with override("en"):
        assert phrases.distance_words(FRIDAY, at(by)) == english


@pytest.mark.parametrize("value", ["red", "yellow", "green", "grey", "off"])
def test_a_light_is_a_shape_and_a_word(value: str) -> None:
    with override("zh-hans"):
        drawn = qingdan.light(value)
    assert f"light-{value}" in drawn
    assert "<svg" in drawn
    words = {"red": "已超期", "yellow": "将到期", "green": "正常", "grey": "暂停", "off": "未计时"}
    assert words[value] in drawn


def test_no_two_lights_have_the_same_shape() -> None:
    assert len(set(qingdan.SHAPES.values())) == 5


def test_a_light_escapes_the_words_given_to_it() -> None:
    assert "<b>" not in qingdan.light("red", "<b>")


def test_why_this_date_counts_the_days_as_the_picture_does() -> None:
    clock.set_for_test(FRIDAY)
    with override("zh-hans"):
        why = qingdan.explained(due(at("2023-10-30 10:12"), "5wd", official()))
    assert why.title == "为什么是11月6日"
    assert [column.head for column in why.columns] == list("一二三四五六日一")
    assert [column.note for column in why.columns] == [
        "不计", "1", "2", "3", "4", "休", "休", "5",
    ]  # fmt: skip
    assert why.columns[-1].kind == "last"
    assert why.columns[4].kind == "today"


def test_a_number_rings_without_its_dashes() -> None:
    assert 'href="tel:07340000000"' in qingdan.phone("0734-0000000", "电话")
    assert qingdan.phone("") == ""


def test_who_leaves_out_what_is_empty() -> None:
    assert qingdan.who("市场监管局", "", "股长").count("sep") == 1


def test_every_sentence_of_this_room_is_said_in_chinese() -> None:
    """Sentences are collected as Django does it, without gettext's tools."""
    written = polib.pofile(str(ROOM / "locale/zh_Hans/LC_MESSAGES/django.po"))
    said = {entry.msgid for entry in written if entry.translated() and "fuzzy" not in entry.flags}
    missing = set()
    for template in sorted(ROOM.rglob("*.html")):
        code = templatize(template.read_text(encoding="utf-8"), origin=str(template))
        missing |= {one for one in msgids(code) if one not in said}
    for module in sorted(ROOM.rglob("*.py")):
        if os.sep + "migrations" + os.sep not in str(module):
            code = module.read_text(encoding="utf-8")
            missing |= {one for one in msgids(code) if one not in said}
    assert missing == set()


CALL = r"\b(_|gettext|ngettext|pgettext)\(u?((?:'[^']*'|\"[^\"]*\"|[^()])*)\)"
MARKS = {"_": 0, "gettext": 0, "gettext_noop": 0, "gettext_lazy": 0, "ngettext": 0, "pgettext": 1}


def msgids(code: str) -> set[str]:
    found = set()
    try:
        tree = ast.parse(code)
    except SyntaxError:  # a template turned into calls and dots
        calls = re.findall(CALL, code)
        for name, inside in calls:
            try:
                values = ast.literal_eval(f"({inside},)")
            except (SyntaxError, ValueError):
                continue
            if len(values) > MARKS[name] and isinstance(values[MARKS[name]], str):
                found.add(values[MARKS[name]])
        return found
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in MARKS
        ):
            place = MARKS[node.func.id]
            for argument in node.args[place : place + 1]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    found.add(argument.value)
    return found
