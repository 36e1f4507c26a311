"""What waits beside the state of a matter: what was asked, a pause, a hold, a firm's silence.

Each is a sentence with the buttons of whoever may do something about it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from qingdan.domain.ledger.actions.agreeing import SAYS_YES
from qingdan.domain.ledger.models import Asked, Issue
from qingdan.domain.ledger.queries import (
    contacts_open,
    extends_from,
    reads_shown_words,
    running_pause,
)
from qingdan.domain.ledger.states import OPEN, AskedFor, ContactKind, S
from qingdan.domain.people.rules import Person
from qingdan.foundations.kernel import clock
from qingdan.interfaces.shared.history import day_words, level_words
from qingdan.interfaces.shared.reasons import decline_words, hold_words, pause_words

from .silence import tried


@dataclass(frozen=True, slots=True)
class Waits:
    """words: what waits, and for what. acts: what can be done about it, by the table of acts;
    "reach" notes a call to the enterprise. says: what was said with it. of: the unit that asked.
    """

    words: str
    acts: tuple[str, ...] = ()
    says: str = ""
    of: str = ""


def waits_of(issue: Issue, person: Person, acts: frozenset[str]) -> Iterator[Waits]:
    """What stands between this matter and its next step, the most pressing first."""
    hidden = reads_shown_words(issue, person)
    if issue.asked:
        rows = issue.asks.filter(decided_at=None).order_by("pk")
        for asked in rows.select_related("assignment__unit", "unit"):
            yield from _asked(issue, asked, person, hidden)
    if pause := running_pause(issue, clock.now()):
        yield Waits(
            _("The clocks stand still until %(date)s: %(why)s.")
            % {
                "date": day_words(clock.date_of(pause.until_at)),
                "why": pause_words(pause.reason),
            },
            ("resume",),
        )
    if issue.held and (hold := issue.holds.filter(to_at=None).first()):
        named = hold.answers or hold.addressee
        facts = {
            "kind": hold_words(hold.kind),
            "named": named,
            "date": day_words(hold.next_on),
        }
        yield Waits(
            _("%(kind)s: %(named)s. Next reply by %(date)s.") % facts
            if named
            else _("%(kind)s. Next reply by %(date)s.") % facts,
            ("hold", "release"),
            says=hold.reason,
        )
    if issue.state == S.VERIFIED:
        yield from _silent(issue, acts)
    elif issue.level and issue.state in OPEN:
        yield Waits(
            _("The enterprise says that it is not solved. %(level)s answers for it.")
            % {"level": level_words(issue.level)}
        )


def _asked(issue: Issue, asked: Asked, person: Person, hidden: bool) -> Iterator[Waits]:
    unit = asked.assignment.unit if asked.assignment else None
    says = "" if hidden else asked.reason
    match asked.kind:
        case AskedFor.OBJECTION if unit and asked.unit:
            yield Waits(
                _("%(unit)s asks for another unit: %(proposed)s.")
                % {"unit": unit.short_name, "proposed": asked.unit.short_name},
                ("decide",),
                says,
                unit.code,
            )
        case AskedFor.EXTENSION if unit and asked.assignment and asked.due_on:
            before = extends_from(issue, asked.assignment)
            yield Waits(
                _("%(unit)s asks for a later date: from %(before)s to %(date)s.")
                % {
                    "unit": unit.short_name,
                    "before": day_words(before) if before else "",
                    "date": day_words(asked.due_on),
                },
                ("grant-extension",),
                says,
                unit.code,
            )
        case AskedFor.WITHDRAWAL:
            called = issue.contacts_made.filter(
                kind=ContactKind.CALL_BACK.value, recorded_at__gte=asked.asked_at
            ).exists()
            if called:
                yield Waits(
                    _("The enterprise asks to withdraw it and was called back. It can be ended."),
                    ("withdraw",),
                    says,
                )
            else:
                mine = ContactKind.CALL_BACK in contacts_open(issue, person)
                yield Waits(
                    _(
                        "The enterprise asks to withdraw it. First somebody who did not handle it"
                        " calls it back."
                    ),
                    ("reach",) if mine else (),
                    says,
                )
        case AskedFor.RESULT:
            mine = unit is not None and unit.pk == person.unit_id
            yield Waits(
                _("The result waits for the deputy's yes."),
                ("agree", "return-result") if mine and person.duty in SAYS_YES else (),
                asked.reason if mine else "",
            )
        case AskedFor.DECLINE:
            yield Waits(
                _("It is asked not to accept it: %(why)s.") % {"why": decline_words(asked.code)},
                ("approve-decline",),
                says,
            )


def _silent(issue: Issue, acts: frozenset[str]) -> Iterator[Waits]:
    if "approve-explanation" in acts:
        yield Waits(
            _("The result is not a full solution. With an approved explanation it can end."),
            ("approve-explanation",),
        )
    if silent := tried(issue):
        yield Waits(silent, ("lapse",) if "lapse" in acts else ("reach",))
