"""要您负责的: redone and badly rated matters, before whoever answers for them by their level."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from qingdan.domain.ledger.queries import answers_for
from qingdan.domain.ledger.states import OPEN
from qingdan.domain.people.rules import Person
from qingdan.foundations.kernel import clock
from qingdan.interfaces.shared.history import satisfied_words
from qingdan.interfaces.shared.rows import Row, row_of

MOST = 20


@dataclass(frozen=True, slots=True)
class Answer:
    """A matter that somebody answers for. why: because it is redone, or was rated so."""

    row: Row
    href: str
    why: str


def answers(person: Person) -> list[Answer]:
    """What this person answers for, the most urgent first; asks once, and only whoever may."""
    rows = answers_for(person)
    if rows is None:
        return []
    now = clock.now()
    found = []
    for standing in rows.for_rows().order_by("issue__ended_at", "due_at", "id")[:MOST]:
        row = row_of(standing, person, now)
        href = reverse("desk:issue", kwargs={"year": row.year, "number": row.number})
        found.append(Answer(row, href, _why(standing.issue.state, standing)))
    return found


def _why(state: str, standing: object) -> str:
    if state in OPEN:
        return _("The enterprise said that it is not solved.")
    rating = satisfied_words(getattr(standing, "satisfied", 0) or 0)
    return _("Rated “%(rating)s”.") % {"rating": rating}
