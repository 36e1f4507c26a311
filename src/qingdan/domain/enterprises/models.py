"""Subjects of matters, whom to reach there, and which leader keeps in touch with them."""

from django.db import models
from django.db.models import Q

from qingdan.domain.people.models import Post, Unit

from .states import SubjectKind


class Subject(models.Model):
    """An enterprise, a project in preparation, a park, an association or a place.

    Money is whole 分 (D18). `uscc` is empty for what has no code yet. `sort_key` orders by pinyin,
    since collations differ (D19); until pinyin is there it holds the name.
    """

    county = models.CharField(max_length=12)
    kind = models.CharField(
        max_length=12,
        choices=[(k.value, k.value) for k in SubjectKind],
        default=SubjectKind.ENTERPRISE.value,
    )
    name = models.CharField(max_length=80)
    short_name = models.CharField(max_length=40)
    uscc = models.CharField(max_length=18, blank=True)
    sort_key = models.CharField(max_length=120, blank=True)
    industry = models.CharField(max_length=1, blank=True)
    makes = models.CharField(max_length=80, blank=True)
    park = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    town = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    since_year = models.PositiveSmallIntegerField(null=True)
    invested = models.BigIntegerField(null=True)
    output = models.BigIntegerField(null=True)
    employs = models.PositiveIntegerField(null=True)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "uscc"], condition=~Q(uscc=""), name="enterprises_uscc_once"
            ),
        ]
        indexes = [models.Index(fields=["county", "sort_key"], name="enterprises_by_name")]


class Phase(models.Model):
    """A phase 期 of an enterprise's growth: what it will invest and put out, and when."""

    county = models.CharField(max_length=12)
    subject = models.ForeignKey(Subject, models.CASCADE, related_name="phases")
    name = models.CharField(max_length=40)
    invested = models.BigIntegerField(null=True)
    output = models.BigIntegerField(null=True)
    from_on = models.DateField(null=True)
    note = models.CharField(max_length=120, blank=True)


class Contact(models.Model):
    """Somebody to reach at an enterprise."""

    county = models.CharField(max_length=12)
    subject = models.ForeignKey(Subject, models.CASCADE, related_name="contacts")
    title = models.CharField(max_length=40)
    name = models.CharField(max_length=40, blank=True)
    phone = models.CharField(max_length=30, blank=True)


class Liaison(models.Model):
    """Which leader 联系领导 keeps in touch with a subject, with which assistant, how long."""

    county = models.CharField(max_length=12)
    subject = models.ForeignKey(Subject, models.CASCADE, related_name="liaisons")
    leader = models.ForeignKey(Post, models.PROTECT, related_name="+")
    assistant = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    from_on = models.DateField()
    to_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "subject", "leader"],
                condition=Q(to_on=None),
                name="enterprises_liaison_once",
            ),
        ]


class Link(models.Model):
    """An enterprise's own way in without an account: made once, stored hashed, shown once."""

    county = models.CharField(max_length=12)
    subject = models.ForeignKey(Subject, models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Post, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
