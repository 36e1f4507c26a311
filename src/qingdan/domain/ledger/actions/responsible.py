"""Who answers for a unit's part: its deputy in charge, and the person who works on it."""

from qingdan.domain.people.models import Post, Section, Unit
from qingdan.domain.people.states import Duty


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
