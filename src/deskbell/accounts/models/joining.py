"""How people come to an account, and to another email address: by links that work once.

Only hashes of the links' tokens are kept. Source: seed 000, "User Sign In", "My Accounts".
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from .people import Account, Role, Staff, User, default_accesses


class Invitation(models.Model):
    """Somebody is asked to join an account, or the operator's staff where `account` is None.

    Nobody becomes a user before they accept; whether the address signs in already is not told.
    """

    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, null=True, blank=True, related_name="invitations"
    )
    staff = models.CharField(max_length=16, choices=Staff.choices, blank=True)
    email = models.EmailField()
    name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=16, choices=Role.choices, blank=True)
    accesses = ArrayField(models.CharField(max_length=32), default=default_accesses, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.EmailField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["account", "created_at"], name="invitations_of_account")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(account=None, staff__gt="") | models.Q(account__gt=0, staff=""),
                name="invited_to_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"invitation of {self.email}"


class EmailChange(models.Model):
    """A user's new email address, which counts once its link was followed."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="email_changes")
    email = models.EmailField()
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user} to {self.email}"


class AccessRequest(models.Model):
    """Somebody who is not registered asks for access; the operator decides."""

    name = models.CharField(max_length=200)
    email = models.EmailField()
    company = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    words = models.TextField(blank=True)
    address = models.CharField(max_length=64, help_text="Where it was asked from")
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.EmailField(blank=True)
    invitation = models.ForeignKey(
        Invitation, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="None where it was declined",
    )  # fmt: skip

    class Meta:
        indexes = [models.Index(fields=["decided_at", "created_at"], name="requests_for_access")]

    def __str__(self) -> str:
        return f"{self.email} asks for access"


class WrongSignIns(models.Model):
    """How often somebody failed to sign in with an email address from an IP address, by the hour.

    A row for each wrong password would let anybody fill the disk.
    """

    email = models.CharField(max_length=254, help_text="As it was typed, in lower case")
    address = models.CharField(max_length=64, help_text="IPv6: its network of 64 bits")
    began_at = models.DateTimeField(help_text="When the hour began")
    last_at = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "wrong sign-ins"
        indexes = [models.Index(fields=["last_at"], name="wrong_sign_ins_by_age")]
        constraints = [
            models.UniqueConstraint(
                fields=["email", "address", "began_at"], name="one_count_of_wrong_sign_ins"
            )
        ]

    def __str__(self) -> str:
        return f"{self.count} as {self.email} from {self.address}"
