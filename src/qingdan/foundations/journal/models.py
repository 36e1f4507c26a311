"""What is kept: the chain of each county, the words it names, and how far each reader has read."""

from django.db import models

NOTHING_BEFORE = "0" * 64
"""The hash before a county's first entry."""


class Head(models.Model):
    """The end of a county's chain. Whoever writes locks it last, until the commit (D2)."""

    county = models.CharField(max_length=12)
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=NOTHING_BEFORE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county"], name="journal_one_head_per_county"),
        ]


class Entry(models.Model):
    """One fact, never altered and never removed: triggers of the database refuse both.

    `body` is hashed exactly as it is stored (D3) and repeats every other column but `hash`, so
    the columns are only for finding it. Names, telephone numbers and free text are no part of it.
    """

    county = models.CharField(max_length=12)
    seq = models.PositiveBigIntegerField()
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=60)
    at = models.DateTimeField()
    body = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "seq"], name="journal_seq_once"),
        ]
        indexes = [
            models.Index(fields=["county", "subject", "seq"], name="journal_by_subject"),
        ]


class Words(models.Model):
    """A name or a free text that an entry names by its salted digest.

    Erasing leaves the chain whole. It empties text and salt alike: a telephone number could be
    guessed from a digest whose salt is known. Triggers let a row be erased, and nothing else.
    """

    county = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    salt = models.CharField(max_length=32)
    text = models.TextField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "digest"], name="journal_digest_once"),
        ]
        indexes = [
            models.Index(
                fields=["county"],
                condition=models.Q(erased_at__isnull=False),
                name="journal_erased_words",
            ),
        ]


class Reader(models.Model):
    """How far one reader has read in a county's chain (D4)."""

    name = models.CharField(max_length=40)
    county = models.CharField(max_length=12)
    seq = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "name"], name="journal_one_cursor"),
        ]


class Topic(models.Model):
    """Something that open pages watch, such as `issue:12` or `desk` (D14).

    Its version is the seq of the last entry that touched it.
    """

    county = models.CharField(max_length=12)
    name = models.CharField(max_length=60)
    version = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "name"], name="journal_topic_once"),
        ]
        indexes = [
            models.Index(fields=["county", "version"], name="journal_topic_changes"),
        ]
