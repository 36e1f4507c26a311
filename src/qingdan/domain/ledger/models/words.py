"""What was said and asked about a matter: results, the enterprise's word, contacts, requests."""

from django.db import models
from django.db.models import Q

from qingdan.domain.people.models import Post, Unit

from .matters import Assignment, Issue, Task


class Result(models.Model):
    """What a lead reported, or what was settled on the spot. effect: what came of it 成效."""

    county = models.CharField(max_length=12)
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="results")
    round = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=10)
    text = models.TextField()
    basis = models.TextField(blank=True)
    effect = models.CharField(max_length=200, blank=True)
    evidence = models.JSONField(default=list)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    flagged = models.BooleanField(default=False)
    at = models.DateTimeField()


class Verdict(models.Model):
    """The enterprise's word: solved or not. word_by: how it came; taken_by: who wrote it down."""

    county = models.CharField(max_length=12)
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="verdicts")
    round = models.PositiveSmallIntegerField(default=0)
    solved = models.BooleanField()
    word_by = models.CharField(max_length=10)
    words = models.TextField(blank=True)
    number = models.CharField(max_length=40, blank=True)
    called_at = models.DateTimeField(null=True)
    evidence = models.JSONField(default=list)
    taken_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()


class Rating(models.Model):
    """How satisfied the enterprise is, 5 very to 1 not at all; once a matter, moves no state."""

    county = models.CharField(max_length=12)
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="ratings")
    satisfied = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "issue"], name="ledger_rated_once"),
        ]


class ContactMade(models.Model):
    """A contact with the enterprise: the first one, an attempt, or a call-back."""

    county = models.CharField(max_length=12)
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="contacts_made")
    assignment = models.ForeignKey(Assignment, models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=10)
    how = models.CharField(max_length=20, blank=True)
    number = models.CharField(max_length=40, blank=True)
    words = models.TextField(blank=True)
    by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()


class Nudge(models.Model):
    """催一下: once a working day by each person."""

    county = models.CharField(max_length=12)
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="nudges")
    person = models.CharField(max_length=40)
    day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "issue", "person", "day"], name="ledger_nudged_once_a_day"
            ),
        ]


class Hold(models.Model):
    """A matter that waits: 转立项, 提级协调 or 挂账. It stays open on every list.

    turn: who placed it and owes the next reply. A review moves `next_on`, at `dated_at`, and not
    `from_at`.
    """

    county = models.CharField(max_length=12)
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="holds")
    kind = models.CharField(max_length=8)
    reason = models.TextField()
    next_on = models.DateField()
    answers = models.CharField(max_length=200, blank=True)
    addressee = models.CharField(max_length=60, blank=True)
    sent_on = models.DateField(null=True)
    turn = models.CharField(max_length=12)
    placed_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    dated_at = models.DateTimeField()
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "issue"], condition=Q(to_at=None), name="ledger_one_hold"
            ),
        ]


class Asked(models.Model):
    """What waits for a decision: an objection, an extension, a withdrawal, a decline, a result.

    decides: whose it is to decide. told: the result that waits for the deputy's yes. granted stays
    empty where a step of the matter made the question void.
    """

    county = models.CharField(max_length=12)
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="asks")
    kind = models.CharField(max_length=12)
    assignment = models.ForeignKey(Assignment, models.CASCADE, null=True, related_name="+")
    task = models.ForeignKey(Task, models.CASCADE, null=True, related_name="+")
    reason = models.TextField()
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True)
    code = models.CharField(max_length=16, blank=True)
    basis = models.TextField(blank=True)
    ref = models.CharField(max_length=40, blank=True)
    asked_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    told = models.JSONField(default=dict)
    decides = models.CharField(max_length=12)
    asker = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    granted = models.BooleanField(null=True)
    decided_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(blank=True)
