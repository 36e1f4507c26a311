"""Says a sentence in a reader's language, its dates as people there write them. No Django."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from pathlib import Path

from qingdan.foundations.kernel import sentences
from qingdan.foundations.kernel.clock import COUNTY_ZONE
from qingdan.foundations.kernel.sentences import Fact, Sentence, chinese, room_of
from qingdan.foundations.kernel.words import gettext_noop

DATE = gettext_noop("%(year)s-%(month)s-%(day)s")
DATE_THIS_YEAR = gettext_noop("%(month)s-%(day)s")
INSTANT = gettext_noop("%(date)s %(time)s")
RUN = gettext_noop("%(first)s to %(last)s")
COMMA = gettext_noop(", ")

ROOMS = (room_of(__file__), room_of(sentences.__file__))


def in_words(
    sentence: Sentence, lang: str, *, this_year: int | None = None, rooms: Iterable[Path] = ROOMS
) -> str:
    """`sentence` in `lang`: Chinese for zh…, English otherwise.

    this_year: dates of it are said without their year. rooms: whose catalogues are looked up.
    """
    said = _translated(sentence.msgid, lang, rooms)
    facts = {name: _spell(fact, lang, this_year) for name, fact in sentence.facts.items()}
    return said % facts if facts else said


def _translated(msgid: str, lang: str, rooms: Iterable[Path] = ROOMS) -> str:
    if not _is_chinese(lang):
        return msgid
    for room in rooms:
        if (said := chinese(room)(msgid)) != msgid:
            return said
    return msgid


def _is_chinese(lang: str) -> bool:
    return lang.lower().startswith("zh")


def _spell(fact: Fact, lang: str, this_year: int | None) -> str | int:
    if isinstance(fact, datetime):
        local = fact.astimezone(COUNTY_ZONE)
        parts: Mapping[str, object] = {
            "date": _spell(local.date(), lang, this_year),
            "time": _spell(local.time(), lang, this_year),
        }
        return _translated(INSTANT, lang) % parts
    if isinstance(fact, date):
        form = DATE_THIS_YEAR if fact.year == this_year else DATE
        width = 1 if _is_chinese(lang) else 2
        numbers = {
            "year": f"{fact.year}",
            "month": f"{fact.month:0{width}}",
            "day": f"{fact.day:0{width}}",
        }
        return _translated(form, lang) % numbers
    if isinstance(fact, time):
        return f"{fact:%H:%M:%S}" if fact.second else f"{fact:%H:%M}"
    if isinstance(fact, tuple):
        return _translated(COMMA, lang).join(
            str(_spell(first, lang, this_year))
            if first == last
            else _translated(RUN, lang)
            % {
                "first": _spell(first, lang, this_year),
                "last": _spell(last, lang, this_year),
            }
            for first, last in _runs(fact)
        )
    return fact


def _runs(days: tuple[date, ...]) -> list[tuple[date, date]]:
    runs: list[tuple[date, date]] = []
    for day in sorted(days):
        if runs and day.toordinal() == runs[-1][1].toordinal() + 1:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs
