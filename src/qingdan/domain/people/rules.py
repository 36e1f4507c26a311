"""Who acts: one person, in one post, at one moment."""

from dataclasses import dataclass

from .states import ADMINISTRATORS, RAISES_MATTERS, Role, UnitKind


def unit_holder(unit_id: int) -> str:
    """The name under which a unit has matters in sight (`Sight.holder`)."""
    return f"unit:{unit_id}"


def section_holder(section_id: int) -> str:
    return f"section:{section_id}"


def post_holder(post_id: int) -> str:
    return f"post:{post_id}"


def subject_holder(subject_id: int) -> str:
    return f"subject:{subject_id}"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody acting in one post (D10), or an enterprise through its link, or the system.

    holder: the name under which this post has matters in sight; empty for the administrators.
    behalf_id: the leader's post, where an assistant acts in the leader's name.
    sees_section: set where the post sees only what carries its section's tasks.
    """

    county: str
    role: Role
    holder: str
    post_id: int | None = None
    user_id: int | None = None
    username: str = ""
    title: str = ""
    duty: str = ""
    unit_id: int | None = None
    unit_code: str = ""
    unit_name: str = ""
    unit_kind: str = ""
    section_id: int | None = None
    subject_id: int | None = None
    behalf_id: int | None = None
    link_id: int | None = None
    by_system: bool = False

    @property
    def raises(self) -> bool:
        """Whether the post's unit registers matters of its own: a park or a township."""
        return self.role == Role.UNIT and self.unit_kind in RAISES_MATTERS

    @property
    def is_office(self) -> bool:
        return self.unit_kind == UnitKind.OFFICE

    @property
    def administers(self) -> bool:
        return self.role in ADMINISTRATORS

    @property
    def key(self) -> str:
        """Who is behind the act, the same in whatever post: for "who handled never verifies"."""
        if self.user_id is not None:
            return f"user:{self.user_id}"
        if self.link_id is not None:
            return f"link:{self.link_id}"
        return f"post:{self.post_id}" if self.post_id is not None else "system"


def system(county: str) -> Person:
    """The product itself, for what happens by itself (issue.passed)."""
    return Person(county=county, role=Role.DESK, holder="", by_system=True)
