"""经过: what was done with a matter, as sentences with a subject, for each who may read it.

Three readers: those inside, the units of a name-hidden matter (no word that leads to the firm),
and the enterprise, which reads posts and units, no internal levels and nobody else's nudges.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db.models import F, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qingdan.domain.ledger.models import Clock, Issue
from qingdan.domain.ledger.queries import reads_shown_words, words_for
from qingdan.domain.ledger.states import (
    ClockKind,
    ContactKind,
    Ending,
    HoldKind,
    ResultKind,
    Source,
    WordBy,
)
from qingdan.domain.people.models import Post, Unit
from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role
from qingdan.foundations.journal.record import Told, history
from qingdan.foundations.kernel import clock
from qingdan.foundations.workdays.calendar import official
from qingdan.foundations.workdays.due import due
from qingdan.foundations.workdays.words import COMMA, DATE, DATE_THIS_YEAR, INSTANT

from .reasons import addressee_words, decline_words, letter_words, pause_words
from .rows import class_words, grade_words, track_words


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing that happened. at: when; recorded_at: when it was written down."""

    at: datetime
    text: str
    kind: str
    recorded_at: datetime

    @property
    def when(self) -> str:
        """`10月30日 10:12`; the exact instant is in `at`."""
        return moment_words(self.at)


class Reader(StrEnum):
    INSIDE = "inside"
    SHOWN = "shown"
    FIRM = "firm"


def reader_of(issue: Issue, person: Person) -> Reader:
    if person.role == Role.ENTERPRISE:
        return Reader.FIRM
    return Reader.SHOWN if reads_shown_words(issue, person) else Reader.INSIDE


def sentences(issue: Issue, person: Person) -> list[Sentence]:
    """The matter's history as `person` may read it, the newest first, in three queries."""
    entries = list(history(issue.county, issue.journal_key))
    teller = _Teller(issue, person, _Names(issue.county, entries))
    said = [
        Sentence(told.happened_at, text, told.kind, told.at)
        for told in entries
        if (text := teller.says(told))
    ]
    return said[::-1]


def day_words(day: date) -> str:
    """A date as people say it: 11月6日, with its year if that is another one."""
    form = DATE_THIS_YEAR if day.year == clock.today().year else DATE
    chinese = "月" in _(DATE_THIS_YEAR)
    width = 1 if chinese else 2
    parts = {
        "year": f"{day.year}",
        "month": f"{day.month:0{width}}",
        "day": f"{day.day:0{width}}",
    }
    return _(form) % parts


def moment_words(moment: datetime) -> str:
    local = moment.astimezone(clock.COUNTY_ZONE)
    return _(INSTANT) % {"date": day_words(local.date()), "time": f"{local:%H:%M}"}


def _noted(leader: str, assistant: str) -> str:
    """Who acted in whose name, with one pair of brackets whatever the titles have."""
    assistant = assistant.partition("（")[0] or assistant
    title, opens, detail = leader.removesuffix("）").partition("（")
    if opens and leader.endswith("）"):
        return _("%(leader)s (%(detail)s, noted by %(assistant)s)") % {
            "leader": title,
            "detail": detail,
            "assistant": assistant,
        }
    return _("%(leader)s (noted by %(assistant)s)") % {"leader": leader, "assistant": assistant}


class _Names:
    """How the posts and units in a history are called, fetched in one query."""

    def __init__(self, county: str, entries: Sequence[Told]) -> None:
        posts = {e.actor[key] for e in entries for key in ("post", "behalf")} - {None}
        codes = {code for e in entries for code in _unit_codes(e)} - {""}
        self.titles: dict[int, tuple[str, str]] = {}
        self.units: dict[str, str] = {}
        here = {"county": county}
        named_posts = Post.objects.filter(**here, pk__in=posts).order_by()
        named_units = Unit.objects.filter(**here, code__in=codes).order_by()
        rows = named_posts.values_list(Value("post"), F("pk"), "title", "unit__short_name").union(
            named_units.values_list(Value("unit"), F("pk"), "code", "short_name"), all=True
        )
        for kind, key, name, unit in rows if posts or codes else ():
            if kind == "post":
                self.titles[key] = (unit or "", name)
            else:
                self.units[name] = unit

    def post(self, post_id: int | None) -> str:
        """`市场监管局 · 食品生产股股长`, or the title alone of who sits in no unit."""
        unit, title = self.titles.get(post_id or 0, ("", ""))
        if not unit or title.startswith(unit):
            return title
        return _("%(unit)s · %(title)s") % {"unit": unit, "title": title}

    def unit(self, code: str) -> str:
        return self.units.get(code, code)

    def several(self, codes: Iterable[str]) -> str:
        return _(COMMA).join(self.unit(code) for code in codes)


def _unit_codes(told: Told) -> Iterator[str]:
    facts = told.facts
    yield told.actor["unit"] or ""
    for name in ("unit", "lead", "to", "proposed"):
        yield facts.get(name) or ""
    yield from facts.get("cooperating") or ()
    for task in facts.get("tasks") or ():
        yield task.get("unit") or ""


class _Teller:
    """Says one entry after the other, the oldest first, to one reader."""

    def __init__(self, issue: Issue, person: Person, names: _Names) -> None:
        self.issue = issue
        self.person = person
        self.names = names
        self.to = reader_of(issue, person)
        self.title = words_for(issue, person)[0]
        self.lead = ""
        self.drawn = 0
        self.asked: dict[str, str] = {}
        """Why each unit asked for a later date."""
        self.ways: Mapping[str, Callable[[Told], str]] = {
            "issue.registered": self._registered,
            "issue.ordered": self._ordered,
            "issue.triaged": self._triaged,
            "issue.settled": self._settled,
            "issue.listed": self._listed,
            "task.acknowledged": self._acknowledged,
            "issue.contacted": self._contacted,
            "task.finished": self._finished,
            "task.progressed": self._progressed,
            "issue.reported": self._reported,
            "issue.passed": self._passed,
            "issue.verified": self._verified,
            "issue.sent_back": self._sent_back,
            "issue.ended": self._ended,
            "issue.not_solved": self._not_solved,
            "issue.reopened": self._reopened,
            "issue.rated": self._rated,
            "issue.nudged": self._nudged,
            "issue.hung": self._hung,
            "task.result_drafted": self._drafted,
            "task.result_returned": self._returned,
            "issue.changed": self._changed,
            "issue.answered": self._answered,
            "issue.paused": self._paused,
            "issue.resumed": self._resumed,
            "issue.held": self._held,
            "issue.released": self._released,
            "issue.withdrawal_asked": self._withdrawal_asked,
            "issue.decline_asked": self._decline_asked,
            "issue.not_declined": self._not_declined,
            "task.objected": self._objected,
            "task.moved": self._moved,
            "task.bound": self._bound,
            "task.extension_asked": self._extension_asked,
            "task.extended": self._extended,
            "task.not_extended": self._not_extended,
        }

    def says(self, told: Told) -> str:
        """The sentence for this reader, or nothing where it is not for them."""
        way = self.ways.get(told.kind)
        return way(told) if way else ""

    # ------------------------------------------------------------ who, and in what words

    def who(self, told: Told) -> str:
        actor = told.actor
        if actor["role"] == Role.ENTERPRISE:
            return _("the enterprise")
        name = self.names.post(actor["post"])
        if not actor["behalf"]:
            return name or self.names.unit(actor["unit"])
        leader = self.names.post(actor["behalf"])
        if self.to is Reader.FIRM:
            return leader
        return _noted(leader, name)

    def words(self, told: Told, name: str) -> str:
        """What was said, on one line that ends like a sentence where Chinese was written."""
        text = self.raw(told, name)
        return f"{text}。" if text and "一" <= text[-1] <= "鿿" else text

    def raw(self, told: Told, name: str) -> str:
        """The words as they were written; a name-hidden firm is not named to its units."""
        if name not in told.words:
            return ""
        text = told.words[name]
        if text is None:
            return _("(erased)")
        text = " ".join(text.split())
        if self.to is Reader.SHOWN:
            for firm in (self.issue.subject.name, self.issue.subject.short_name):
                text = text.replace(firm, _("the enterprise")) if firm else text
        return text

    def firms_words(self, told: Told, name: str) -> str:
        """The enterprise's own words, which units of a name-hidden matter never read."""
        return "" if self.to is Reader.SHOWN else self.words(told, name)

    def plain(self, msgid: str, told: Told, **facts: Any) -> str:
        return msgid % ({"who": self.who(told)} | facts)

    def with_words(self, told: Told, words: str, said: str, silent: str, **facts: Any) -> str:
        return self.plain(said if words else silent, told, words=words, **facts)

    # ------------------------------------------------------------ one way for each kind

    def _registered(self, told: Told) -> str:
        source, own = told.facts.get("source"), told.actor["role"] == Role.ENTERPRISE
        if self.to is Reader.SHOWN:
            return _("The matter was registered.")
        if self.to is Reader.FIRM and own:
            return _("You raised it.")
        if own:
            return _("The enterprise raised it on its own page.")
        if source == Source.VISIT:
            return self.plain(_("%(who)s heard it on a visit."), told)
        if source == Source.TELEPHONE:
            return self.plain(_("%(who)s took it down by telephone."), told)
        return self.plain(_("%(who)s registered it."), told)

    def _ordered(self, told: Told) -> str:
        unit = told.facts["unit"]
        facts = {
            "unit": self.names.unit(unit),
            "date": day_words(date.fromisoformat(told.facts["due_on"])),
        }
        moved, self.lead = self._is_moved(unit), unit
        if self.to is Reader.FIRM:
            if moved:
                return self.plain(
                    _("The unit was changed: now %(unit)s, to be done by %(date)s."), told, **facts
                )
            return self.plain(
                _("%(who)s gave it to %(unit)s, to be done by %(date)s."), told, **facts
            )
        words = "" if self.raw(told, "text") == self.title else self.words(told, "text")
        if told.actor["role"] in (Role.DESK, Role.SUPERVISION):
            return self.with_words(
                told,
                words,
                _("%(who)s gave it to %(unit)s, to be done by %(date)s: %(words)s"),
                _("%(who)s gave it to %(unit)s, to be done by %(date)s."),
                **facts,
            )
        return self.with_words(
            told,
            words,
            _("%(who)s ordered %(unit)s on the spot, to be done by %(date)s: %(words)s"),
            _("%(who)s ordered %(unit)s on the spot, to be done by %(date)s."),
            **facts,
        )

    def _is_moved(self, unit: str) -> bool:
        return bool(self.lead) and self.lead != unit

    def _triaged(self, told: Told) -> str:
        lead, others = told.facts["lead"], told.facts.get("cooperating") or []
        facts = {"lead": self.names.unit(lead), "units": self.names.several(others)}
        moved, self.lead = self._is_moved(lead), lead
        if self.to is Reader.FIRM and moved:
            return self.plain(_("The unit was changed: %(lead)s leads now."), told, **facts)
        words = "" if self.to is Reader.FIRM else self.words(told, "say")
        if others:
            return self.with_words(
                told,
                words,
                _("%(who)s triaged it: %(lead)s leads, %(units)s cooperate. %(words)s"),
                _("%(who)s triaged it: %(lead)s leads, %(units)s cooperate."),
                **facts,
            )
        return self.with_words(
            told,
            words,
            _("%(who)s triaged it: %(lead)s leads. %(words)s"),
            _("%(who)s triaged it: %(lead)s leads."),
            **facts,
        )

    def _settled(self, told: Told) -> str:
        return self.plain(
            _("%(who)s settled it on the spot: %(words)s"), told, words=self.words(told, "text")
        )

    def _listed(self, told: Told) -> str:
        self.drawn += 1
        tasks = told.facts.get("tasks") or []
        last = max((date.fromisoformat(task["due_on"]) for task in tasks), default=None)
        facts = {"n": len(tasks), "date": day_words(last) if last else ""}
        dropped = "" if self.to is Reader.FIRM else self.words(told, "dropped")
        if self.drawn > 1 and dropped:
            return self.plain(
                ngettext(
                    "%(who)s changed the lists: %(n)s task, by %(date)s. Dropped: %(words)s",
                    "%(who)s changed the lists: %(n)s tasks, the last by %(date)s."
                    " Dropped: %(words)s",
                    len(tasks),
                ),
                told,
                words=dropped,
                **facts,
            )
        if self.drawn > 1:
            return self.plain(
                ngettext(
                    "%(who)s changed the lists: %(n)s task, by %(date)s.",
                    "%(who)s changed the lists: %(n)s tasks, the last by %(date)s.",
                    len(tasks),
                ),
                told,
                **facts,
            )
        return self.plain(
            ngettext(
                "%(who)s drew the lists: %(n)s task, by %(date)s.",
                "%(who)s drew the lists: %(n)s tasks, the last by %(date)s.",
                len(tasks),
            ),
            told,
            **facts,
        )

    def _acknowledged(self, told: Told) -> str:
        return self.plain(_("%(who)s acknowledged it."), told)

    def _contacted(self, told: Told) -> str:
        words = self.firms_words(told, "words")
        match told.facts.get("contact"):
            case ContactKind.ATTEMPT:
                if self.to is Reader.FIRM:
                    return self.plain(_("%(who)s tried to reach you."), told)
                return self.with_words(
                    told,
                    words,
                    _("%(who)s tried to reach the enterprise: %(words)s"),
                    _("%(who)s tried to reach the enterprise."),
                )
            case ContactKind.CALL_BACK:
                if self.to is Reader.FIRM:
                    return self.plain(_("%(who)s called you back."), told)
                return self.with_words(
                    told,
                    words,
                    _("%(who)s called the enterprise back: %(words)s"),
                    _("%(who)s called the enterprise back."),
                )
        if self.to is Reader.FIRM:
            return self.plain(_("%(who)s contacted you."), told)
        return self.with_words(
            told,
            words,
            _("%(who)s contacted the enterprise: %(words)s"),
            _("%(who)s contacted the enterprise."),
        )

    def _finished(self, told: Told) -> str:
        return self.plain(
            _("%(who)s finished the task “%(task)s”: %(words)s"),
            told,
            task=self.raw(told, "title"),
            words=self.words(told, "text"),
        )

    def _progressed(self, told: Told) -> str:
        inside = told.actor["role"] != Role.UNIT
        if self.to is Reader.FIRM and inside:
            return ""
        words = self.words(told, "text")
        looks_after = self.person.role in (Role.DESK, Role.SUPERVISION)
        if told.facts.get("flag") and looks_after:
            return self.plain(_("%(who)s wants the result verified: %(words)s"), told, words=words)
        if inside:
            return self.plain(_("%(who)s noted: %(words)s"), told, words=words)
        return self.plain(_("%(who)s reported progress: %(words)s"), told, words=words)

    def _reported(self, told: Told) -> str:
        kind, words = told.facts.get("result"), self.words(told, "text")
        if kind == ResultKind.PARTLY:
            return self.plain(_("%(who)s reported it partly solved: %(words)s"), told, words=words)
        if kind == ResultKind.EXPLAINED:
            return self.plain(_("%(who)s explained: %(words)s"), told, words=words)
        effect = self.words(told, "effect")
        if effect:
            return self.plain(
                _("%(who)s reported it solved: %(words)s Effect: %(effect)s"),
                told,
                words=words,
                effect=effect,
            )
        return self.plain(_("%(who)s reported it solved: %(words)s"), told, words=words)

    def _passed(self, told: Told) -> str:
        if self.to is Reader.FIRM:
            return _("You are asked whether it is solved.")
        return _("The result needs no verification; the enterprise is asked.")

    def _verified(self, told: Told) -> str:
        if self.to is Reader.FIRM:
            return self.plain(
                _("%(who)s verified the result; you are asked whether it is solved."), told
            )
        return self.plain(_("%(who)s verified the result; the enterprise is asked."), told)

    def _sent_back(self, told: Told) -> str:
        if self.to is Reader.FIRM:
            return _("The result did not hold; the work goes on.")
        return self.plain(
            _("%(who)s sent the result back: %(words)s"), told, words=self.words(told, "reason")
        )

    def _ended(self, told: Told) -> str:
        other = {
            Ending.UNANSWERED.value: self._lapsed,
            Ending.EXPLAINED.value: self._explained,
            Ending.WITHDRAWN.value: self._withdrawn,
            Ending.DECLINED.value: self._declined,
        }.get(told.facts.get("ending", ""))
        return other(told) if other else self._confirmed(told)

    def _confirmed(self, told: Told) -> str:
        way = told.facts.get("by_way")
        words = self.firms_words(told, "words")
        if self.to is Reader.FIRM:
            return self.with_words(
                told,
                words,
                _("You confirmed that it is solved: %(words)s"),
                _("You confirmed that it is solved."),
            )
        if way == WordBy.TELEPHONE:
            return self.with_words(
                told,
                words,
                _("The enterprise told %(who)s by telephone that it is solved: %(words)s"),
                _("The enterprise told %(who)s by telephone that it is solved."),
            )
        if way == WordBy.PAPER:
            return self.with_words(
                told,
                words,
                _("%(who)s filed the enterprise's signed word that it is solved: %(words)s"),
                _("%(who)s filed the enterprise's signed word that it is solved."),
            )
        return self.with_words(
            told,
            words,
            _("The enterprise confirmed that it is solved: %(words)s"),
            _("The enterprise confirmed that it is solved."),
        )

    def _not_solved(self, told: Told) -> str:
        words = self.firms_words(told, "words")
        if self.to is Reader.FIRM:
            said = self.with_words(
                told,
                words,
                _("You said that it is not solved: %(words)s"),
                _("You said that it is not solved; the work begins again."),
            )
        else:
            said = self.with_words(
                told,
                words,
                _(
                    "The enterprise says that it is not solved: %(words)s"
                    " %(level)s answers for it."
                ),
                _("The enterprise says that it is not solved. %(level)s answers for it."),
                level=level_words(told.facts.get("level", 0)),
            )
        return _and(said, self._redo_by(told))

    def _reopened(self, told: Told) -> str:
        words = self.firms_words(told, "reason")
        if self.to is Reader.FIRM:
            said = self.plain(_("You raised it again: %(words)s"), told, words=words)
        else:
            said = self.with_words(
                told,
                words,
                _("The enterprise raised it again: %(words)s %(level)s answers for it."),
                _("The enterprise raised it again. %(level)s answers for it."),
                level=level_words(told.facts.get("level", 0)),
            )
        return _and(said, self._redo_by(told))

    def _redo_by(self, told: Told) -> str:
        """The new promise that follows from the enterprise's no, as it was made then."""
        row = next(
            (one for one in self.clocks if one.kind == ClockKind.REDO and one.start_at == told.at),
            None,
        )
        if row is None:
            return ""
        day = day_words(due(row.start_at, row.limit, official()).on)
        return _("It is to be done again by %(date)s.") % {"date": day}

    @cached_property
    def clocks(self) -> list[Clock]:
        """The end and redo clocks of the matter; asked for only where a sentence needs them."""
        kinds = (ClockKind.END.value, ClockKind.REDO.value)
        return list(Clock.objects.filter(issue=self.issue, kind__in=kinds).order_by("pk"))

    def _rated(self, told: Told) -> str:
        words = self.firms_words(told, "words")
        rating = satisfied_words(told.facts.get("satisfied", 0))
        if self.to is Reader.FIRM:
            return self.with_words(
                told,
                words,
                _("You rated it “%(rating)s”: %(words)s"),
                _("You rated it “%(rating)s”."),
                rating=rating,
            )
        return self.with_words(
            told,
            words,
            _("The enterprise rated it “%(rating)s”: %(words)s"),
            _("The enterprise rated it “%(rating)s”."),
            rating=rating,
        )

    def _nudged(self, told: Told) -> str:
        own = told.actor["role"] == Role.ENTERPRISE
        if self.to is Reader.FIRM:
            return _("You nudged.") if own else ""
        if own:
            return _("The enterprise nudged.")
        return self.plain(_("%(who)s nudged."), told)

    def _drafted(self, told: Told) -> str:
        if self.to is Reader.FIRM:
            return ""
        return self.plain(_("%(who)s wrote the result; the deputy's yes is waited for."), told)

    def _returned(self, told: Told) -> str:
        """What passes within a unit is told to that unit, and to nobody else."""
        if self.person.unit_code != told.actor["unit"]:
            return ""
        words = self.words(told, "reason")
        return self.plain(_("%(who)s gave the result back: %(words)s"), told, words=words)

    def _hung(self, told: Told) -> str:
        if self.to is not Reader.INSIDE:
            return ""
        return self.plain(_("%(who)s hung it in the work group."), told)

    # ------------------------------------------------------------ endings but the confirmed one

    def _lapsed(self, told: Told) -> str:
        if self.to is Reader.FIRM:
            return _("You could not be reached; it was closed without your word.")
        return self.plain(_("%(who)s closed it: the enterprise could not be reached."), told)

    def _explained(self, told: Told) -> str:
        if self.to is Reader.FIRM:
            return self.plain(_("%(who)s examined and approved the explanation."), told)
        return self.plain(
            _("%(who)s approved the explanation: %(words)s"),
            told,
            words=self.words(told, "reason"),
        )

    def _withdrawn(self, told: Told) -> str:
        if self.to is Reader.FIRM:
            return _("It was withdrawn, as you asked.")
        return self.with_words(
            told,
            self.words(told, "reason"),
            _("%(who)s ended it, withdrawn by the enterprise: %(words)s"),
            _("%(who)s ended it, withdrawn by the enterprise."),
        )

    def _declined(self, told: Told) -> str:
        code, letter = told.facts.get("code", ""), told.facts.get("letter", "")
        facts = {"why": decline_words(code)}
        if self.to is Reader.FIRM:
            said = self.plain(_("It was not accepted here: %(why)s."), told, **facts)
        else:
            said = self.plain(
                _("%(who)s agreed that it is not accepted (%(why)s): %(words)s"),
                told,
                words=self.words(told, "reason"),
                **facts,
            )
        passed = _("It is passed on to %(addressee)s by %(letter)s.") % {
            "addressee": addressee_words(code),
            "letter": letter_words(letter),
        }
        return _and(said, passed if letter else "")

    # ------------------------------------------------------------ what is asked and decided

    def _withdrawal_asked(self, told: Told) -> str:
        words = self.firms_words(told, "reason")
        if self.to is Reader.FIRM:
            return self.plain(_("You asked to withdraw it: %(words)s"), told, words=words)
        return self.with_words(
            told,
            words,
            _("The enterprise asks to withdraw it: %(words)s"),
            _("The enterprise asks to withdraw it."),
        )

    def _decline_asked(self, told: Told) -> str:
        if self.to is Reader.FIRM:
            return ""
        return self.plain(
            _("%(who)s asks not to accept it (%(why)s): %(words)s"),
            told,
            why=decline_words(told.facts.get("code", "")),
            words=self.words(told, "reason"),
        )

    def _not_declined(self, told: Told) -> str:
        if self.to is Reader.FIRM:
            return ""
        return self.plain(
            _("%(who)s decided that it is accepted: %(words)s"),
            told,
            words=self.words(told, "reason"),
        )

    def _objected(self, told: Told) -> str:
        if self.to is Reader.FIRM:
            return ""
        return self.plain(
            _("%(who)s asks for another unit, %(proposed)s: %(words)s"),
            told,
            proposed=self.names.unit(told.facts["proposed"]),
            words=self.words(told, "reason"),
        )

    def _moved(self, told: Told) -> str:
        unit, taker = told.facts["unit"], told.facts["to"]
        facts = {"unit": self.names.unit(unit), "to": self.names.unit(taker)}
        leads, self.lead = unit == self.lead, taker if unit == self.lead else self.lead
        if self.to is Reader.FIRM:
            if leads:
                return self.plain(
                    _("The unit was changed: %(lead)s leads now."), told, lead=facts["to"]
                )
            return self.plain(
                _("The unit was changed: %(to)s works on it in place of %(unit)s."), told, **facts
            )
        return self.plain(_("%(who)s moved it from %(unit)s to %(to)s."), told, **facts)

    def _bound(self, told: Told) -> str:
        if self.to is Reader.FIRM:
            return ""
        return self.plain(
            _("%(who)s decided that it stays with %(unit)s."),
            told,
            unit=self.names.unit(told.facts["unit"]),
        )

    def _extension_asked(self, told: Told) -> str:
        words = self.words(told, "reason")
        self.asked[told.facts["unit"]] = words
        if self.to is Reader.FIRM:
            return ""
        return self.plain(
            _("%(who)s asks to move the date from %(before)s to %(date)s: %(words)s"),
            told,
            words=words,
            **_from_to(told),
        )

    def _extended(self, told: Told) -> str:
        unit = told.facts["unit"]
        if self.to is not Reader.FIRM:
            return self.plain(
                _("%(who)s moved the date of %(unit)s from %(before)s to %(date)s: %(words)s"),
                told,
                unit=self.names.unit(unit),
                words=self.words(told, "reason"),
                **_from_to(told),
            )
        if self.lead and unit != self.lead:
            return ""
        return self.with_words(
            told,
            self.asked.get(unit, ""),
            _("The date was moved from %(before)s to %(date)s: %(words)s"),
            _("The date was moved from %(before)s to %(date)s."),
            **_from_to(told),
        )

    def _not_extended(self, told: Told) -> str:
        if self.to is Reader.FIRM:
            return ""
        return self.plain(
            _("%(who)s left the date of %(unit)s at %(before)s: %(words)s"),
            told,
            unit=self.names.unit(told.facts["unit"]),
            words=self.words(told, "reason"),
            before=_from_to(told)["before"],
        )

    # ------------------------------------------------------------ changed, answered, waiting

    def _changed(self, told: Told) -> str:
        facts = told.facts
        lead = facts.get("lead") or ""
        self.lead = lead or self.lead
        news = []
        if lead:
            unit = self.names.unit(lead)
            news.append(_("%(unit)s leads now") % {"unit": unit})
        if facts.get("track"):
            news.append(_("handled %(track)s") % {"track": track_words(facts["track"])})
        if facts.get("grade") and self.to is not Reader.FIRM:
            news.append(_("grade: %(grade)s") % {"grade": grade_words(facts["grade"])})
        if facts.get("class"):
            news.append(_("class: %(handling)s") % {"handling": class_words(facts["class"])})
        day = self._ends_by(told) if facts.get("track") or facts.get("grade") else ""
        if self.to is Reader.FIRM:
            told_so = _(COMMA).join(news)
            said = _("It was changed: %(news)s.") % {"news": told_so} if news else ""
            return _and(said, day)
        said = self.plain(
            _("%(who)s changed it (%(news)s): %(words)s"),
            told,
            news=_(COMMA).join(news),
            words=self.words(told, "reason"),
        )
        return _and(said, day)

    def _ends_by(self, told: Told) -> str:
        """The promise that was counted anew by this entry."""
        row = next(
            (
                one
                for one in self.clocks
                if one.kind == ClockKind.END and one.started_at == told.at
            ),
            None,
        )
        if row is None:
            return ""
        try:
            day = date.fromisoformat(row.limit)
        except ValueError:
            known = [(datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in row.stood]
            left_out = [(a, b) for a, b in known if a <= told.at]
            day = due(row.start_at, row.limit, official(), pauses=left_out).on
        return _("It is to be done by %(date)s now.") % {"date": day_words(day)}

    def _answered(self, told: Told) -> str:
        return self.plain(_("%(who)s answered: %(words)s"), told, words=self.words(told, "text"))

    def _paused(self, told: Told) -> str:
        firm = self.to is Reader.FIRM
        facts = {
            "date": day_words(date.fromisoformat(told.facts["until"])),
            "why": pause_words(told.facts["reason"], to_firm=firm),
        }
        if firm:
            return self.plain(_("The count is paused until %(date)s: %(why)s."), told, **facts)
        return self.plain(_("%(who)s paused the clocks until %(date)s: %(why)s."), told, **facts)

    def _resumed(self, told: Told) -> str:
        if self.to is Reader.FIRM:
            return _("The count goes on.")
        return self.plain(_("%(who)s let the clocks run on."), told)

    def _held(self, told: Told) -> str:
        facts = {
            "words": self.words(told, "reason"),
            "answers": self.raw(told, "answers"),
            "addressee": self.raw(told, "addressee"),
            "date": day_words(date.fromisoformat(told.facts["next_on"])),
        }
        firm = self.to is Reader.FIRM
        if told.facts.get("review"):
            said = (
                _("It still waits: %(words)s You hear again by %(date)s.")
                if firm
                else _("%(who)s looked again why it waits: %(words)s Next reply by %(date)s.")
            )
            return self.plain(said, told, **facts)
        ways = {
            HoldKind.PROJECT.value: (
                _(
                    "%(who)s let it wait for a project (%(answers)s): %(words)s"
                    " Next reply by %(date)s."
                ),
                _("It waits for a project, %(answers)s: %(words)s You hear again by %(date)s."),
            ),
            HoldKind.LIFTED.value: (
                _("%(who)s lifted it to %(addressee)s: %(words)s Next reply by %(date)s."),
                _("It was lifted to %(addressee)s: %(words)s You hear again by %(date)s."),
            ),
            HoldKind.CARRIED.value: (
                _("%(who)s carried it forward: %(words)s Next reply by %(date)s."),
                _("It cannot be done yet: %(words)s You hear again by %(date)s."),
            ),
        }
        return self.plain(ways[told.facts["hold"]][firm], told, **facts)

    def _released(self, told: Told) -> str:
        if self.to is Reader.FIRM:
            return _("It waits no longer; the work goes on.")
        return self.plain(_("%(who)s ended its waiting; the work goes on."), told)


def _and(first: str, second: str) -> str:
    """Two sentences after each other."""
    if not (first and second):
        return first or second
    return _("%(first)s %(second)s") % {"first": first, "second": second}


def _from_to(told: Told) -> dict[str, str]:
    """From which date to which."""
    return {
        "before": _day_of(told.facts.get("before")),
        "date": _day_of(told.facts.get("due_on")),
    }


def _day_of(text: str | None) -> str:
    return day_words(date.fromisoformat(text)) if text else ""


def level_words(level: int) -> str:
    """Who answers for a redo."""
    return [
        _("Who handled it"),
        _("The head of the unit"),
        _("The linked leader"),
        _("The main leader"),
    ][max(0, min(level, 3))]


def satisfied_words(level: int) -> str:
    """The five levels of satisfaction, 5 the best."""
    names = {
        5: _("very satisfied"),
        4: _("satisfied"),
        3: _("fairly satisfied"),
        2: _("dissatisfied"),
        1: _("very dissatisfied"),
    }
    return names.get(level, "")
