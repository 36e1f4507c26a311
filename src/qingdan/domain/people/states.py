"""What posts and units there are. The words on screen stand in the catalogue."""

from enum import StrEnum


class Role(StrEnum):
    """What a post is in the county's work; it decides which doors open."""

    DESK = "desk"
    UNIT = "unit"
    SUPERVISION = "supervision"
    LEADER = "leader"
    ASSISTANT = "assistant"
    MAIN_LEADER = "main_leader"
    ENTERPRISE = "enterprise"
    SYSADMIN = "sysadmin"
    SECADMIN = "secadmin"
    AUDITOR = "auditor"


ADMINISTRATORS = frozenset({Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR})
"""The three administrators 三员: none of them reads matters."""


class Duty(StrEnum):
    """What somebody does within a unit."""

    HEAD = "head"
    DEPUTY = "deputy"
    CONTACT = "contact"
    SECOND_CONTACT = "second_contact"
    SECTION_HEAD = "section_head"
    HANDLER = "handler"


class UnitKind(StrEnum):
    """What a unit is to the county; an `office` is the desk or a supervision office."""

    DEPARTMENT = "department"
    TOWNSHIP = "township"
    PARK = "park"
    VERTICAL = "vertical"
    STATE_OWNED = "state_owned"
    OUTSIDE = "outside"
    OFFICE = "office"


RAISES_MATTERS = frozenset({UnitKind.PARK, UnitKind.TOWNSHIP})
"""Units that register matters of enterprises on their ground and order on the spot."""
