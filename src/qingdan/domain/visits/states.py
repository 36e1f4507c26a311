"""Kinds of outings, and how a finding goes on."""

from enum import StrEnum


class OutingKind(StrEnum):
    VISIT = "visit"
    FORUM = "forum"
    ON_SITE_OFFICE = "on_site_office"
    PETITION_RECEPTION = "petition_reception"
    RESEARCH = "research"


class Goes(StrEnum):
    """As what somebody goes along: another leader of the outing, or present by post."""

    LEADER = "leader"
    PRESENT = "present"


class Way(StrEnum):
    """How a finding goes on: settled on the spot, ordered on the spot, or taken back."""

    SETTLED = "settled"
    ORDERED = "ordered"
    TAKEN_BACK = "taken_back"
