"""同一问题: matters about one thing, linked and not merged; a reader finds those it may see."""

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from qingdan.domain.ledger.actions.linking import may_link
from qingdan.domain.ledger.models import Issue, SameMatter
from qingdan.domain.ledger.queries import issues, reads_shown_words, words_for
from qingdan.domain.people.rules import Person
from qingdan.interfaces.shared.rows import ending_words, state_words


@dataclass(frozen=True, slots=True)
class Same:
    """Another matter about the same thing, as this reader may read it.

    undoes: it was linked by somebody, who may take that back; what came in one entry stays so.
    """

    short: str
    ref: str
    title: str
    href: str
    state: str
    undoes: bool


MOST = 30


@dataclass(frozen=True, slots=True)
class SameMatters:
    """The linked matters. links: whether this reader may link more, and take links back."""

    rows: list[Same]
    links: bool


def same_of(issue: Issue, person: Person) -> SameMatters:
    """Asks once for the links, and once more for the matters if there are any.

    Whoever reads a matter without its enterprise's name is not led to another one of that
    enterprise, nor from another one to it (D11).
    """
    if reads_shown_words(issue, person):
        return SameMatters([], may_link(issue, person))
    pairs = SameMatter.objects.filter(county=issue.county, ended_at=None).filter(
        Q(issue=issue.pk) | Q(other=issue.pk)
    )
    others = {pk for pair in pairs.values_list("issue", "other") for pk in pair} - {issue.pk}
    linked = Q(pk__in=others)
    if issue.entry:  # heard in one entry, of several enterprises
        linked |= Q(entry=issue.entry)
    seen = issues().visible_to(person).filter(linked).exclude(pk=issue.pk).order_by("pk")
    found = seen[:MOST] if others or issue.entry else ()
    rows = [
        _row(one, person, one.pk in others) for one in found if not reads_shown_words(one, person)
    ]
    return SameMatters(rows, may_link(issue, person))


def _row(issue: Issue, person: Person, undoes: bool) -> Same:
    return Same(
        short=issue.ref.short,
        ref=str(issue.ref),
        title=words_for(issue, person)[0],
        href=reverse("desk:issue", kwargs={"year": issue.year, "number": issue.number}),
        state=ending_words(issue.ending) or state_words(issue.state),
        undoes=undoes,
    )
