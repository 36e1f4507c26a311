"""What somebody wrote under 意见建议, and what was answered."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from qingdan.domain.enterprises.models import Link, Subject
from qingdan.domain.ledger.models import Issue
from qingdan.domain.people.models import Post, Unit, User

from .states import Heard


class Suggestion(models.Model):
    """One suggestion of somebody, in the post they held or through their enterprise's link.

    writer: `Person.key`, the same in whatever post. page: which page it was written on, without
    any number; the matter on it, if there was one, is `issue`, and is shown only to whoever sees
    that matter. key: makes one sending count once. again: said after the first answer, once.
    """

    county = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    writer = models.CharField(max_length=40)
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    subject = models.ForeignKey(Subject, models.PROTECT, null=True, related_name="+")
    link = models.ForeignKey(Link, models.SET_NULL, null=True, related_name="+")
    page = models.CharField(max_length=220)
    issue = models.ForeignKey(Issue, models.SET_NULL, null=True, related_name="+")
    text = models.TextField()
    key = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    real_made_at = models.DateTimeField()
    state = models.CharField(
        max_length=10,
        choices=[(h.value, h.value) for h in Heard],
        default=Heard.OPEN.value,
    )
    version = models.PositiveIntegerField(default=1)
    due_at = models.DateTimeField()
    first_answer = models.TextField(blank=True)
    first_answered_at = models.DateTimeField(null=True)
    first_answered_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    again = models.TextField(blank=True)
    again_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "year", "number"], name="evaluation_suggestion_number_once"
            ),
            models.UniqueConstraint(
                fields=["county", "writer", "key"], name="evaluation_suggestion_sent_once"
            ),
            models.CheckConstraint(
                condition=Q(state=Heard.OPEN.value, answered_at=None)
                | (~Q(state=Heard.OPEN.value) & Q(answered_at__isnull=False) & ~Q(answer="")),
                name="evaluation_open_until_answered",
            ),
        ]
        indexes = [
            models.Index(
                fields=["county", "state", "due_at", "id"], name="evaluation_suggestion_due"
            ),
            models.Index(fields=["county", "subject", "id"], name="evaluation_suggestion_firm"),
            models.Index(fields=["county", "user", "id"], name="evaluation_suggestion_user"),
        ]

    @property
    def journal_key(self) -> str:
        return f"suggestion:{self.pk}"

    def stand(self, at: datetime) -> None:
        """It stands nowhere but in its own row: no list of matters counts suggestions."""
