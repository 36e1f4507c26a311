"""The matter and its three lists: problem, task, responsibility."""

from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Q

from qingdan.domain.enterprises.models import Subject
from qingdan.domain.people.models import Post, Section, Unit
from qingdan.foundations.kernel.numbers import Reference

from ..states import (
    ON_IT,
    A,
    Ending,
    Grade,
    Handling,
    Nature,
    Part,
    S,
    Source,
    T,
    Track,
)
from . import clocks


def _choices(kind: type[StrEnum]) -> list[tuple[str, str]]:
    """Plain values: a member would make the migration import our code."""
    return [(k.value, k.value) for k in kind]


class Issue(models.Model):
    """A problem that an enterprise raised: a line of the problem list 问题清单.

    `handling` is its class 类别. `shown_*` are the words that units read of a name-hidden one.
    `round` counts redos; `waiting_from` is when it last came to triage. `end_on` is the date that
    an order named. `leader` and `park` are what its lists are cut by. `held` and `asked` say that
    a hold or a request is open, so that nobody has to look; the acts that change that keep them.
    `interrupted`: it was paused or held once, so that its clocks have time that does not count.
    `end_dated_at`: when `end_on` was named. `flagged`: the desk wants its result verified.
    `reach`: how to reach who raised it. `left`: nobody is left who did not handle it, and the
    main leader stands there.
    """

    county = models.CharField(max_length=12)
    prefix = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    policy = models.PositiveIntegerField(default=1)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="+")
    park = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    leader = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    entry = models.CharField(max_length=36, blank=True)
    title = models.CharField(max_length=80)
    body = models.TextField()
    shown_title = models.CharField(max_length=80, blank=True)
    shown_body = models.TextField(blank=True)
    source = models.CharField(max_length=12, choices=_choices(Source))
    reach = models.CharField(max_length=60, blank=True)
    category = models.CharField(max_length=12, blank=True)
    nature = models.CharField(max_length=12, blank=True, choices=_choices(Nature))
    handling = models.CharField(
        max_length=20, choices=_choices(Handling), default=Handling.NORMAL.value
    )
    about = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    track = models.CharField(max_length=12, blank=True, choices=_choices(Track))
    grade = models.CharField(max_length=1, blank=True, choices=_choices(Grade))
    approach = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=_choices(S), default=S.REGISTERED.value)
    ending = models.CharField(max_length=12, blank=True, choices=_choices(Ending))
    level = models.PositiveSmallIntegerField(default=0)
    round = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    held = models.BooleanField(default=False)
    asked = models.BooleanField(default=False)
    interrupted = models.BooleanField(default=False)
    flagged = models.BooleanField(default=False)
    left = models.BooleanField(default=False)
    end_on = models.DateField(null=True)
    end_dated_at = models.DateTimeField(null=True)
    promised_on = models.DateField(null=True)
    happened_at = models.DateTimeField()
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    registered_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    waiting_from = models.DateTimeField()
    triaged_at = models.DateTimeField(null=True)
    listed_at = models.DateTimeField(null=True)
    replied_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    confirm_from = models.DateTimeField(null=True)
    redo_from = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "year", "number"], name="ledger_reference_once"
            ),
        ]
        indexes = [
            models.Index(fields=["county", "subject", "-id"], name="ledger_of_subject"),
            models.Index(fields=["county", "state", "-id"], name="ledger_by_state"),
        ]

    @property
    def ref(self) -> Reference:
        return Reference(self.prefix, self.year, self.number)

    @property
    def journal_key(self) -> str:
        return f"issue:{self.pk}"

    def stand(self, at: datetime) -> None:
        """Let its clocks run as its facts say, and write where it and its parts stand (D7)."""
        clocks.keep(self, at)

    @cached_property
    def waiting(self) -> list[Any]:
        """What was asked and is not decided, the oldest first; read once for one act."""
        return list(self.asks.filter(decided_at=None).order_by("pk")) if self.asked else []

    def forget(self) -> None:
        """Read parts and asks anew: they moved within this act."""
        for name in ("parts", "waiting"):
            self.__dict__.pop(name, None)

    @cached_property
    def parts(self) -> "list[Assignment]":
        """The units' parts that are not released, lead first; read once for one act."""
        found = self.assignments.exclude(state=A.RELEASED.value).select_related("unit")
        return sorted(found, key=lambda p: (p.part != Part.LEAD, p.pk))

    @property
    def lead(self) -> "Assignment | None":
        return next((p for p in self.parts if p.part == Part.LEAD), None)


class Assignment(models.Model):
    """Which unit plays which part in a matter: a line of the responsibility list 责任清单."""

    county = models.CharField(max_length=12)
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="assignments")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    part = models.CharField(max_length=12, choices=_choices(Part))
    state = models.CharField(max_length=12, choices=_choices(A), default=A.ASSIGNED.value)
    version = models.PositiveIntegerField(default=1)
    assigned_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    objected_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "issue"],
                condition=Q(part=Part.LEAD.value, state__in=ON_IT),
                name="ledger_one_lead_per_matter",
            ),
            models.UniqueConstraint(
                fields=["county", "issue", "unit"],
                condition=Q(state__in=ON_IT),
                name="ledger_one_part_per_unit",
            ),
        ]
        indexes = [models.Index(fields=["county", "unit", "state"], name="ledger_parts_of_unit")]

    def stand(self, at: datetime) -> None:
        """Its line is written with its matter's, at the end of the same act."""


class Task(models.Model):
    """A dated piece of work of one unit: a line of the task list 任务清单; `number` from 1.

    dated_at: when it was given its present date.
    """

    county = models.CharField(max_length=12)
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="tasks")
    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="tasks")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    section = models.ForeignKey(Section, models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=_choices(T), default=T.OPEN.value)
    drawn_at = models.DateTimeField()
    dated_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_text = models.TextField(blank=True)
    dropped_at = models.DateTimeField(null=True)
    dropped_why = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "issue", "number"], name="ledger_task_number_once"
            ),
        ]


class Responsibility(models.Model):
    """Who answers for a unit's part: 责任单位, 责任领导, 责任人, from when to when."""

    county = models.CharField(max_length=12)
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="responsibilities")
    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="responsibilities")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    leader = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "assignment"],
                condition=Q(to_at=None),
                name="ledger_one_responsible_unit_per_part",
            ),
        ]


class Handled(models.Model):
    """Who worked on a matter, and for which unit: they never verify it. person: `Person.key`."""

    county = models.CharField(max_length=12)
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="handled")
    person = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "issue", "person"], name="ledger_handled_once"
            ),
        ]


class SameMatter(models.Model):
    """Two matters about one thing, linked and not merged: each keeps its own answer and word.

    issue: the one with the lower id. ended_at: when the link was taken back.
    """

    county = models.CharField(max_length=12)
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="same_as")
    other = models.ForeignKey(Issue, models.CASCADE, related_name="same_as_lower")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "issue", "other"],
                condition=Q(ended_at=None),
                name="ledger_same_matter_once",
            ),
        ]
