"""Who answers for a unit's part: its deputy in charge, and the person who works on it."""

from qingdan.domain.people.models import Post, Section, Unit
from qingdan.domain.people.states import Duty, UnitKind
from qingdan.foundations.kernel.words import gettext_noop

from ..models import Issue
from ..states import Handling

NAMES_FIRM = gettext_noop("The firm's name still stands in these words.")


def barred(issue: Issue, unit: Unit, handling: str = "") -> str | None:
    """Why this unit is never given a part of this matter; None where it can be.

    handling: the class that the matter is about to have, if that is another one.
    """
    if unit.pk == issue.about_id:
        return gettext_noop("The unit that a matter complains of is never given it.")
    sealed = (handling or issue.handling) == Handling.SUPERVISION_ONLY
    if sealed and unit.kind == UnitKind.OFFICE:
        return gettext_noop("No office is given a part of a matter for the supervision office.")
    return None


def names_firm(issue: Issue, text: str) -> bool:
    """Whether words that units of a name-hidden matter read name its enterprise."""
    names = (issue.subject.name, issue.subject.short_name)
    return issue.handling == Handling.NAME_HIDDEN and any(name and name in text for name in names)


def opened_to_about(issue: Issue, handling: Handling) -> str | None:
    """Why a complaint about an office cannot become of a class that this office reads."""
    if handling == Handling.SUPERVISION_ONLY or issue.about is None:
        return None
    if issue.about.kind == UnitKind.OFFICE:
        return gettext_noop("It complains of an office, which would read it then.")
    return None


def answers_for(unit: Unit, section: Section | None = None) -> tuple[Post | None, Post | None]:
    """责任领导 and 责任人 of a unit: its deputy or head, its section's head or contact."""
    posts = list(Post.objects.filter(county=unit.county, unit=unit).exclude(duty=""))

    def first(*duties: Duty) -> Post | None:
        for duty in duties:
            for post in posts:
                if post.duty == duty and (
                    duty is not Duty.SECTION_HEAD
                    or post.section_id == getattr(section, "pk", None)
                ):
                    return post
        return None

    person = first(Duty.SECTION_HEAD) if section else None
    return first(Duty.DEPUTY, Duty.HEAD), person or first(Duty.CONTACT, Duty.SECOND_CONTACT)
