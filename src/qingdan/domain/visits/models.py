"""Outings, their stops, and what was found at each."""

from django.db import models

from qingdan.domain.enterprises.models import Subject
from qingdan.domain.ledger.models import Issue
from qingdan.domain.people.models import Post

from .states import Goes, OutingKind, Way


class Outing(models.Model):
    """A leader goes to the front line on a day: 走访, 座谈会, 现场办公会, 信访接待 or 调研.

    leader: who it is the outing of; whoever else goes along stands in its company.
    """

    county = models.CharField(max_length=12)
    kind = models.CharField(
        max_length=20,
        choices=[(k.value, k.value) for k in OutingKind],
        default=OutingKind.VISIT.value,
    )
    on = models.DateField()
    title = models.CharField(max_length=80, blank=True)
    campaign = models.CharField(max_length=40, blank=True)
    leader = models.ForeignKey(Post, models.PROTECT, related_name="+")
    assistant = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["county", "leader", "on"], name="visits_outing_of_day")]


class Companion(models.Model):
    """Who else goes on an outing, by post 同行: a second leader, the head of a bureau."""

    county = models.CharField(max_length=12)
    outing = models.ForeignKey(Outing, models.CASCADE, related_name="company")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    goes_as = models.CharField(max_length=8, choices=[(g.value, g.value) for g in Goes])

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "outing", "post"], name="visits_goes_along_once"
            ),
        ]
        indexes = [models.Index(fields=["county", "post"], name="visits_goes_along")]
        ordering = ["goes_as", "id"]


class Stop(models.Model):
    """One enterprise on an outing. nothing_at: it had no problem, which is a good result."""

    county = models.CharField(max_length=12)
    outing = models.ForeignKey(Outing, models.CASCADE, related_name="stops")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField(default=0)
    nothing_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "outing", "subject"], name="visits_a_stop_once"
            ),
        ]


class Finding(models.Model):
    """One problem heard at a stop, which became a matter. `key` makes a sending count once."""

    county = models.CharField(max_length=12)
    stop = models.ForeignKey(Stop, models.CASCADE, related_name="findings")
    issue = models.ForeignKey(Issue, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    way = models.CharField(max_length=12, choices=[(w.value, w.value) for w in Way])
    key = models.CharField(max_length=64)
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "stop", "number"], name="visits_numbered"),
            models.UniqueConstraint(fields=["county", "stop", "key"], name="visits_noted_once"),
        ]
