"""The county, its units, the posts in them, and who holds which post from when to when."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q

from .states import Duty, Role, UnitKind


class County(models.Model):
    """A county with a ledger of its own. Its code is the division code, such as 430481."""

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=40)
    prefix = models.CharField(max_length=10)
    policy = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "counties"


class Unit(models.Model):
    """A department, township, park, company or office that can be named on the lists."""

    county = models.CharField(max_length=12)
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=60)
    short_name = models.CharField(max_length=20)
    kind = models.CharField(max_length=12, choices=[(k.value, k.value) for k in UnitKind])
    order = models.PositiveSmallIntegerField(default=0)
    phone = models.CharField(max_length=30, blank=True)
    deputy_answers = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "code"], name="people_unit_code_once"),
        ]
        ordering = ["order", "id"]


class Section(models.Model):
    """A section 股室 of a unit: a name on a task, never an assignment of its own."""

    county = models.CharField(max_length=12)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="sections")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=40)
    phone = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "unit", "code"], name="people_section_code_once"
            ),
        ]


class Post(models.Model):
    """A post: what somebody is when acting. It stays when people come and go.

    `holder` is the name under which it has matters in sight; the upper rooms fill it for an
    enterprise's post. `leader` is the leader in whose name an assistant acts.
    """

    county = models.CharField(max_length=12)
    code = models.SlugField(max_length=60)
    role = models.CharField(max_length=12, choices=[(r.value, r.value) for r in Role])
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="posts")
    section = models.ForeignKey(Section, models.PROTECT, null=True, related_name="posts")
    duty = models.CharField(max_length=14, blank=True, choices=[(d.value, d.value) for d in Duty])
    title = models.CharField(max_length=60)
    name = models.CharField(max_length=40, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    leader = models.ForeignKey("self", models.PROTECT, null=True, related_name="assistants")
    holder = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "code"], name="people_post_code_once"),
        ]
        indexes = [models.Index(fields=["county", "unit", "duty"], name="people_post_by_duty")]
        ordering = ["order", "id"]


class Users(BaseUserManager["User"]):
    """Makes users; sign-in names count without regard to case."""

    def create_user(self, username: str, password: str | None = None, **more: Any) -> "User":
        user = self.model(username=username, **more)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who can sign in. What they may do hangs on the post they hold, not on this row."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(null=True)

    objects: ClassVar[Users] = Users()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"


class Holding(models.Model):
    """Who holds a post, from when to when. A past holding keeps its acts' author."""

    county = models.CharField(max_length=12)
    post = models.ForeignKey(Post, models.PROTECT, related_name="holdings")
    user = models.ForeignKey(User, models.PROTECT, related_name="holdings")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "post", "user"],
                condition=Q(to_at=None),
                name="people_a_post_held_once_by_one",
            ),
        ]
        indexes = [models.Index(fields=["user", "to_at"], name="people_holding_of_user")]


class ApiToken(models.Model):
    """A token for other systems, stored hashed; it acts as one person in one post."""

    county = models.CharField(max_length=12)
    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    real_made_at = models.DateTimeField()
    real_revoked_at = models.DateTimeField(null=True)
