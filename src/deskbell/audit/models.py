"""The one table of the audit log. Its rows are written once and never changed."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models

from deskbell.accounts.models import Account, OwnedManager, User, check_owner

from .rules import DOORS, Door

__all__ = ["Door", "Entry"]


class Entry(models.Model):
    """Something that was done. It stays true when the person or the thing is gone.

    `act` is what was done, as its address is named; `words` say it. `changes` has, by field, what
    was there and what is there now; never a secret. Entries of no account (a wrong sign-in, an
    operator's page) are the operator's alone: an account's scope sees only its own.
    """

    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    door = models.CharField(
        max_length=16, choices=[(each.value, name) for each, name in DOORS.items()]
    )
    act = models.CharField(max_length=64)
    words = models.CharField(max_length=200)
    subject = models.CharField(max_length=200, blank=True, help_text="What it was done to")
    changes: Any = models.JSONField(default=dict)
    who = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    who_name = models.CharField(
        max_length=254, blank=True, help_text="Email address, or a token's name"
    )
    on_behalf = models.CharField(
        max_length=254, blank=True, help_text="The operator who acted as this person"
    )
    address = models.CharField(max_length=64, blank=True, help_text="IP address")
    agent = models.CharField(max_length=300, blank=True, help_text="The program that asked")

    objects: ClassVar[OwnedManager[Self]] = OwnedManager()

    class Meta:
        base_manager_name = "objects"
        verbose_name_plural = "entries"
        indexes = [
            models.Index(fields=["account", "-at", "-id"], name="audit_of_account"),
            models.Index(fields=["-at", "-id"], name="audit_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.who_name}: {self.words}"

    def save(self, *args: Any, **options: Any) -> None:
        """As Django's, in its account's scope or a system scope. Raises OutOfScope elsewhere."""
        check_owner(self.account_id)
        super().save(*args, **options)
