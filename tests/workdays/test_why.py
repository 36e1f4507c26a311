"""Why a date is that day: the sentences, in both languages, and the days of the small calendar."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import polib
import pytest

from qingdan.foundations.kernel.clock import COUNTY_ZONE
from qingdan.foundations.kernel.sentences import Sentence, chinese
from qingdan.foundations.workdays import words
from qingdan.foundations.workdays.calendar import official
from qingdan.foundations.workdays.due import Due, due, due_on_date
from qingdan.foundations.workdays.words import in_words

OFFICIAL = official()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=COUNTY_ZONE)


def counted(start: str, limit: str, *pauses: tuple[str, str]) -> Due:
    return due(at(start), limit, OFFICIAL, [(at(a), at(b)) for a, b in pauses])


def said(found: Due, lang: str = "zh-hans") -> list[str]:
    return [in_words(sentence, lang, this_year=found.on.year) for sentence in found.explanation]


def test_the_liquor_makers_licence_says_why_it_is_the_6th_of_november():
    assert said(counted("2023-10-30T10:12", "5wd")) == [
        "10月30日收到，当天不计。",
        "第5个工作日是11月6日，当日17:30到期。",
        "依据：2023年放假通知（国办发明电〔2022〕16号），已公布。",
    ]
    assert said(counted("2023-10-30T10:12", "5wd"), "en") == [
        "Received on 10-30; the day of receipt does not count.",
        "Working day 5 is 11-06, due at 17:30.",
        "Days off of 2023 by the official notice 国办发明电〔2022〕16号.",
    ]


def test_a_holiday_a_worked_weekend_and_a_pause_on_the_way_are_named():
    found = counted("2026-09-30T10:00", "3wd", ("2026-10-08T00:00", "2026-10-10T00:00"))
    assert said(found) == [
        "9月30日收到，当天不计。",
        "第3个工作日是10月13日，当日17:30到期。",
        "其间放假：10月1日至10月7日。",
        "其间调休上班：10月10日。",
        "10月8日 00:00至10月10日 00:00暂停。",
        "办公时间全部暂停的日子不计：10月8日至10月9日。",
        "依据：2026年放假通知（国办发明电〔2025〕7号），已公布。",
    ]


@pytest.mark.parametrize(
    ("start", "limit", "sentence"),
    [
        ("2026-11-21T10:00", "1wd", "11月21日休息，视为11月23日收到，当天不计。"),
        ("2026-11-24T10:00", "0wd", "收到当天到期：11月24日 17:30。"),
        ("2026-11-24T18:00", "0wd", "11月24日已无可计的办公时间，11月25日 17:30到期。"),
        ("2026-11-21T10:00", "0wd", "11月21日休息，11月23日 17:30到期。"),
        ("2026-11-24T11:00", "2wh", "自11月24日 11:00起满2个工作小时，11月24日 15:30到期。"),
        ("2026-11-24T11:00", "2wh", "只计工作日的办公时间：08:00-12:00, 14:30-17:30。"),
        (
            "2026-11-24T11:00",
            "24h",
            "自11月24日 11:00起满24小时，11月25日 11:00到期，夜间和休息日照算。",
        ),
        ("2026-11-24T11:00", "3d", "11月24日之后第3个自然日是11月27日。"),
        ("2026-11-24T11:00", "4d", "11月28日休息，顺延到下一个工作日，11月30日 17:30到期。"),
        ("2026-08-31T11:00", "1m", "自8月31日起算，满1个月是9月30日。"),
        ("2026-08-31T11:00", "1m", "当月没有31日，以当月最后一天为准。"),
        (
            "2026-12-30T11:00",
            "3wd",
            "尚无2027年的放假通知，暂按周末和法定节日推算，日期为暂定，通知公布后重新计算。",
        ),
    ],
)
def test_each_kind_of_count_has_its_sentence(start, limit, sentence):
    assert sentence in said(counted(start, limit))


def test_a_partly_paused_day_is_said_to_count():
    found = counted("2026-11-24T10:00", "1wd", ("2026-11-25T09:00", "2026-11-25T10:00"))
    assert "办公时间全部暂停的日子不计，部分暂停的照算。" in said(found)
    found = counted("2026-11-24T10:00", "1wh", ("2026-11-24T10:30", "2026-11-24T11:00"))
    assert "暂停的时间不计。" in said(found)


def test_a_pause_that_touches_nothing_is_not_mentioned():
    found = counted("2026-11-24T10:00", "1wd", ("2026-11-01T09:00", "2026-11-20T10:00"))
    assert not any("暂停" in sentence for sentence in said(found))


def test_a_promised_date_says_so_and_says_what_moved_it():
    found = due_on_date(date(2023, 11, 3), OFFICIAL)
    assert said(found)[0] == "约定11月3日办结，当日17:30到期。"
    assert found.days == ()
    pause = [(at("2023-10-31T00:00"), at("2023-11-02T00:00"))]
    moved = due_on_date(date(2023, 11, 3), OFFICIAL, start=at("2023-10-30T10:00"), pauses=pause)
    assert "因暂停的工作日不计，顺延至11月7日。" in said(moved)


def test_a_date_of_another_year_carries_its_year():
    day = Sentence("%(day)s", {"day": date(2023, 11, 6)})
    assert in_words(day, "zh-hans") == "2023年11月6日"
    assert in_words(day, "zh-hans", this_year=2023) == "11月6日"
    assert in_words(day, "zh-hans", this_year=2024) == "2023年11月6日"
    assert in_words(day, "en") == "2023-11-06"


def test_facts_of_each_kind_are_spelt_for_people():
    facts = {
        "at": datetime(2023, 11, 6, 9, 30, tzinfo=UTC),
        "time": time(8, 5, 30),
        "days": (date(2023, 1, 3), date(2023, 1, 1), date(2023, 1, 2), date(2023, 1, 8)),
        "n": 5,
        "text": "x",
    }
    sentence = Sentence("%(at)s|%(time)s|%(days)s|%(n)d|%(text)s", facts)
    assert in_words(sentence, "zh") == (
        "2023年11月6日 17:30|08:05:30|2023年1月1日至2023年1月3日、2023年1月8日|5|x"
    )
    assert in_words(sentence, "en") == (
        "2023-11-06 17:30|08:05:30|2023-01-01 to 2023-01-03, 2023-01-08|5|x"
    )


def test_the_small_calendar_shows_receipt_days_off_and_what_counts():
    found = counted("2023-10-30T10:12", "5wd")
    assert [(n.weekday, n.day.day, n.count, n.why) for n in found.days] == [
        (0, 30, None, "receipt"),
        (1, 31, 1, "counted"),
        (2, 1, 2, "counted"),
        (3, 2, 3, "counted"),
        (4, 3, 4, "counted"),
        (5, 4, None, "off"),
        (6, 5, None, "off"),
        (0, 6, 5, "counted"),
    ]
    assert [n.day.day for n in found.days if n.due] == [6]


def test_the_small_calendar_shows_worked_weekends_and_paused_days():
    found = counted("2026-10-08T10:00", "2wd", ("2026-10-09T00:00", "2026-10-10T00:00"))
    assert [(n.day.day, n.count, n.why, n.worked_weekend) for n in found.days] == [
        (8, None, "receipt", False),
        (9, None, "paused", False),
        (10, 1, "counted", True),
        (11, None, "off", False),
        (12, 2, "counted", False),
    ]


def test_the_small_calendar_of_calendar_days_shows_where_it_moved():
    found = counted("2026-11-26T10:00", "2d")
    assert [(n.day.day, n.count, n.why, n.off) for n in found.days] == [
        (26, None, "receipt", False),
        (27, 1, "counted", False),
        (28, 2, "counted", True),
        (29, None, "off", True),
        (30, None, "moved", False),
    ]


@pytest.mark.parametrize("limit", ["1wd", "5wd", "30wd", "1d", "45d"])
def test_the_last_day_that_counts_carries_the_limits_number(limit):
    found = counted("2026-09-10T10:00", limit, ("2026-09-20T00:00", "2026-09-23T00:00"))
    assert max(n.count or 0 for n in found.days) == found.limit.n


def test_more_than_a_year_of_days_is_not_spelt_out():
    assert counted("2023-10-30T10:12", "500wd").days == ()
    assert len(counted("2023-10-30T10:12", "360d").days) == 361


def test_words_are_the_same_compiled_and_as_committed(tmp_path: Path):
    folder = tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    room = Path(words.__file__).parent
    committed = polib.pofile(str(room / "locale/zh_Hans/LC_MESSAGES/django.po"))
    committed.save_as_mofile(str(folder / "django.mo"))
    compiled = chinese(tmp_path)
    for entry in committed:
        assert chinese(room)(entry.msgid) == compiled(entry.msgid) == entry.msgstr
    assert compiled("never written") == chinese(room)("never written") == "never written"
    assert chinese(tmp_path / "nowhere")("never written") == "never written"
