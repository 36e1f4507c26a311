"""What an installation keeps about signing in: where somebody is signed in, and second factors.

Instants here are the machine's (D17): moving the county's clock ends no sign-in.
"""

from django.conf import settings
from django.db import models


class SignIn(models.Model):
    """One sign-in of one account in one browser, from the password to its end."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    session_key = models.CharField(max_length=40, db_index=True)
    browser = models.CharField(max_length=300)
    address = models.CharField(max_length=45)
    real_began_at = models.DateTimeField()
    real_ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "real_ended_at"], name="site_sign_ins_of_user")]


class SecondFactor(models.Model):
    """The key that an account's authenticator app holds too; codes follow from it and the time.

    used_step: the time step of the last code taken; that one and older ones open nothing again.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    used_step = models.BigIntegerField(default=0)
    real_added_at = models.DateTimeField()


class RecoveryCode(models.Model):
    """A code on paper for whoever lost the authenticator: kept hashed, good once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    real_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "digest"], name="site_recovery_code_once"),
        ]
