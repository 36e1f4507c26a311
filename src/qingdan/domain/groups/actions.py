"""挂到工作群: recorded as hung by whom and when."""

from collections.abc import Sequence

from django.db import transaction

from qingdan.domain.ledger.models import Issue
from qingdan.domain.ledger.states import Handling
from qingdan.domain.people.rules import Person
from qingdan.domain.people.states import Role
from qingdan.foundations.journal.record import Note, record_many
from qingdan.foundations.kernel import clock
from qingdan.foundations.kernel.errors import NotAllowed, Refusal, StepNotOpen
from qingdan.foundations.kernel.words import gettext_noop


def may_hang(by: Person) -> bool:
    """The desk, the leaders and their assistants, the offices, and parks and townships."""
    return by.raises or by.role in (
        Role.DESK,
        Role.LEADER,
        Role.ASSISTANT,
        Role.SUPERVISION,
        Role.MAIN_LEADER,
    )


def hangable(issues: Sequence[Issue]) -> list[Issue]:
    """Those that may be hung at all: never one of a hidden class."""
    return [i for i in issues if i.handling == Handling.NORMAL]


@transaction.atomic
def hang(issues: Sequence[Issue], text: str, *, only_officials: bool, by: Person) -> None:
    """Write down that these matters were hung in a work group, with the text that was taken."""
    if not may_hang(by):
        raise NotAllowed
    if len(hangable(issues)) != len(issues) or not issues:
        raise StepNotOpen(gettext_noop("Matters of a hidden class are never hung in a group."))
    if len(text) > 500:
        raise Refusal(gettext_noop("At most 500 characters."), code="too-long")
    now = clock.now()
    record_many(
        [
            Note(
                kind="issue.hung",
                subject=issue.journal_key,
                by=by,
                at=now,
                words={"text": text},
                touches=[issue.journal_key],
                facts={"only_officials": only_officials, "ref": f"{issue.year}/{issue.number}"},
            )
            for issue in issues
        ],
        county=by.county,
    )
