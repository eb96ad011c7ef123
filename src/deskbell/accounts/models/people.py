"""Accounts, users, their membership of accounts, and tokens.

Words: the Auto Attendant API says *enterprise* where everything else says account, and its user
sids start with `RCS`. Sources: seed 000 "My Accounts", "API Keys"; seed 002 "Users".
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models

from deskbell.foundation.sids import new_sid

from ..notices import DEFAULT_NOTICES
from ..rules import DEFAULT_ACCESSES, folded
from .companies import Company
from .pictures import Picture

# Seed 000, "API Documentation and Integrations": what is kept, and for how long at most.
MOST_MESSAGE_DAYS = 180
MOST_RECORDING_DAYS = 31


def enterprise_sid() -> str:
    """A new account's sid."""
    return new_sid("EN")


def user_sid() -> str:
    """A new user's sid."""
    return new_sid("RCS")


def default_notices() -> list[str]:
    """The mails that new people get, until they choose."""
    return sorted(DEFAULT_NOTICES)


class Account(Company):
    """One client business. Its company information is what its numbers show that have none."""

    sid = models.CharField(max_length=34, unique=True, default=enterprise_sid, editable=False)
    number = models.CharField(max_length=16, unique=True, help_text="As on the bill: W0411")
    client_id = models.CharField(max_length=16, blank=True)
    name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=64, default="UTC", help_text="IANA name")
    country = models.CharField(max_length=2, default="US", help_text="ISO 3166 code")
    message_days = models.SmallIntegerField(
        default=MOST_MESSAGE_DAYS, help_text="How long messages are kept"
    )
    recording_days = models.SmallIntegerField(
        default=MOST_RECORDING_DAYS, help_text="How long recordings are kept"
    )
    requires_mfa = models.BooleanField(
        default=False, help_text="Whoever enters the account needs a second factor"
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    message_days__range=(1, MOST_MESSAGE_DAYS),
                    recording_days__range=(1, MOST_RECORDING_DAYS),
                ),
                name="kept_within_limits",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"


class UserStatus(models.TextChoices):
    """Suspended and deleted users cannot sign in anywhere (seed 002, "Create User")."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    DELETED = "DELETED"


class Staff(models.TextChoices):
    """People of the operator, who serve many accounts; everybody else is a client."""

    NONE = "", "Client"
    RECEPTIONIST = "receptionist"
    OPERATOR = "operator"


class UserManager(BaseUserManager["User"]):
    """Finds users by email in any case."""

    def get_by_natural_key(self, username: str | None) -> User:
        """The user with this email address, whatever its case. Raises User.DoesNotExist."""
        return self.get(email=folded(username or ""))

    def with_email(self, email: str) -> User | None:
        """Whoever signs in with this address, however it is typed; deleted people too."""
        return self.filter(email=folded(email)).first()


class User(AbstractBaseUser):
    """A person who signs in, by email address."""

    sid = models.CharField(max_length=35, unique=True, default=user_sid, editable=False)
    email = models.EmailField(unique=True, help_text="As it is looked up, in small letters")
    typed_email = models.EmailField(help_text="As it was typed")
    email_proved = models.BooleanField(
        default=True, help_text="Whether nobody else had the person's password or chose the address"
    )
    held_by_operator = models.BooleanField(
        default=False, help_text="Whether an operator alone may make them active again"
    )
    name = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=16, choices=UserStatus.choices, default=UserStatus.ACTIVE)
    staff = models.CharField(max_length=16, choices=Staff.choices, blank=True, default=Staff.NONE)
    previous_login = models.DateTimeField(null=True, blank=True)
    picture = models.ForeignKey(
        Picture, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    primary_number = models.CharField(max_length=17, blank=True, help_text="E.164")
    secondary_numbers = ArrayField(models.CharField(max_length=17), default=list, blank=True)
    time_zone = models.CharField(
        max_length=64, blank=True, help_text="IANA name; blank: the account's"
    )
    notices = ArrayField(
        models.CharField(max_length=32),
        default=default_notices,
        blank=True,
        help_text="Mails that are wanted",
    )
    created_by = models.EmailField(blank=True, help_text="Whoever added this person")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    accounts = models.ManyToManyField(Account, through="Membership", related_name="users")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Whether this person may sign in."""
        return self.status == UserStatus.ACTIVE

    @property
    def is_staff_member(self) -> bool:
        """Whether this person serves accounts rather than belonging to one."""
        return self.staff != Staff.NONE


class Role(models.TextChoices):
    """What a member may do in its account (seed 002, "Users"), and how people read it."""

    BG_ADMIN = "BG_ADMIN", "Administrator"
    AA_ADMIN = "AA_ADMIN", "Attendant administrator"
    NONE = "", "Member"


def default_accesses() -> list[str]:
    """What a new member may do beside looking."""
    return sorted(DEFAULT_ACCESSES)


class Membership(models.Model):
    """A user in an account: its role, and its accesses, which are names of `rules.Right`.

    A BG_ADMIN has every right by itself. Source: seed 000, "My Accounts".
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices, blank=True)
    accesses = ArrayField(models.CharField(max_length=32), default=default_accesses, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "account"], name="one_membership_each")
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.account}"


class UserToken(models.Model):
    """The token half of a user's sid:token pair for the Auto Attendant API; only its hash."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    use_count = models.BigIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"token of {self.user}"


class ApiToken(models.Model):
    """A bearer token of /api/v2: belongs to one account; only its hash is kept."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    token_hash = models.CharField(max_length=64, unique=True)
    scopes: Any = models.JSONField(default=list)
    created_by = models.EmailField(blank=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    use_count = models.BigIntegerField(default=0)
    minute_began_at = models.DateTimeField(
        null=True, blank=True, help_text="When the minute began in which uses are counted"
    )
    minute_count = models.IntegerField(default=0, help_text="Uses in that minute")
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} of {self.account}"


class WrongTokens(models.Model):
    """How many wrong API tokens came from one address lately."""

    address = models.CharField(max_length=64, unique=True, help_text="IPv6: its network of 64 bits")
    began_at = models.DateTimeField()
    count = models.IntegerField()

    class Meta:
        verbose_name_plural = "wrong tokens"

    def __str__(self) -> str:
        return f"{self.count} from {self.address}"
