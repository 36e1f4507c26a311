"""What would lead from a name-hidden matter to its enterprise (D11)."""

from qingdan.domain.ledger.queries import Standings
from qingdan.domain.ledger.states import Handling
from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role

KNOW_EVERY_FIRM = (Role.DESK, Role.SUPERVISION, Role.ENTERPRISE)


def of_known_firms(rows: Standings, person: Person) -> Standings:
    """Without the matters whose enterprise is hidden from this reader.

    For every list, count and page by enterprise, linked leader or park: it would tell whose they
    are. What is left out there stands on the reader's other lists, by its shown words.
    """
    if person.role in KNOW_EVERY_FIRM:
        return rows
    return rows.exclude(issue__handling=Handling.NAME_HIDDEN.value)
