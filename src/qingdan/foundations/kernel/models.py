"""Numbers without gaps, and requests that are answered once."""

from django.db import models


class Counter(models.Model):
    """The last number given in one county, of one kind, in one year."""

    county = models.CharField(max_length=12)
    kind = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    value = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "kind", "year"], name="kernel_one_counter_per_year"
            ),
        ]


class Once(models.Model):
    """A writing request with an idempotency key, and the answer it was given.

    `status` is null while the first is still running. `real_at` is the machine's time (D17).
    """

    holder = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(default="")
    headers = models.JSONField(default=dict)
    real_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "key"], name="kernel_a_key_once"),
        ]
