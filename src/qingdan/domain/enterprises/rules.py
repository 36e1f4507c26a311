"""What of a contact is shown to whom. No ORM, no clock."""

from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role

WORKS_WITH = frozenset({Role.DESK, Role.LEADER, Role.ASSISTANT})
"""Who works with an enterprise outside of any matter: the desk, its leader, his assistant."""

LONG_NUMBER = 11
"""Digits of a mobile number, or of a number with its area code."""


def works_with(person: Person) -> bool:
    """Whether somebody who sees an enterprise reads its contacts in full, on its own page."""
    return person.role in WORKS_WITH


def dialled(number: str) -> str:
    """What a telephone dials: the digits, and a leading plus."""
    return "".join(sign for sign in number if (sign.isascii() and sign.isdigit()) or sign == "+")


def masked_number(number: str) -> str:
    """`138****5678`: enough to know which number it is, too little to ring it.

    Half of the digits at least stay hidden; of a very short number all.
    """
    digits = dialled(number).removeprefix("+86").removeprefix("+")
    if not digits:
        return ""
    if len(digits) >= LONG_NUMBER:
        head, tail = digits[:3], digits[-4:]
    else:
        shown = len(digits) // 4
        head, tail = digits[:shown], digits[len(digits) - shown :]
    return f"{head}****{tail}"


def masked_name(name: str) -> str:
    """`王**`, however long the name is."""
    return f"{name.strip()[:1]}**" if name.strip() else ""
