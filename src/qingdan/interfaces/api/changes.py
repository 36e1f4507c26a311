"""What somebody missed who acts on an old version."""

from qingdan.domain.ledger.models import Issue
from qingdan.domain.people.rules import Person
from qingdan.foundations.journal.models import Entry
from qingdan.interfaces.shared.history import sentences

from .matters import instant

NO_ACT = ("issue.registered", "issue.hung", "issue.linked", "issue.unlinked")
"""Kinds of entries that move no version."""

AT_MOST = 20


def since(issue: Issue, person: Person, version: int) -> list[dict[str, str]]:
    """What was recorded since `version`, the newest first, as `person` may read it.

    Each act moves the version by one and writes one entry, so they are counted from the end.
    """
    missed = min(issue.version - version, AT_MOST)
    if missed <= 0:
        return []
    acts = Entry.objects.filter(county=issue.county, subject=issue.journal_key)
    last = acts.exclude(kind__in=NO_ACT).order_by("-seq").values_list("at", flat=True)
    instants = list(last[:missed])
    return [
        {"at": instant(told.recorded_at), "kind": told.kind, "sentence": told.text}
        for told in sentences(issue, person)
        if instants and told.recorded_at >= instants[-1] and told.kind not in NO_ACT
    ][:missed]
