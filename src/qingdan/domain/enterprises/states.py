"""What a subject can be."""

from enum import StrEnum


class SubjectKind(StrEnum):
    ENTERPRISE = "enterprise"
    PROJECT = "project"
    PARK = "park"
    ASSOCIATION = "association"
    PLACE = "place"
