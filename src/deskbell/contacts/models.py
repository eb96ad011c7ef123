"""Contacts and their delivery methods. Source: seed 000, "Add Contacts", "Add Delivery Methods"."""

from __future__ import annotations

from django.db import models

from deskbell.accounts.models import Owned


class Contact(Owned):
    """A person or a place that can be on call."""

    name = models.CharField(max_length=200)
    user_id = models.BigIntegerField(null=True, blank=True, help_text="The user this contact is")
    feed_revision = models.IntegerField(default=1, help_text="Raised where the feed's link is new")
    created_at = models.DateTimeField()

    class Meta(Owned.Meta):
        abstract = False
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PhoneType(models.TextChoices):
    """Which kind of phone is dialled."""

    MOBILE = "mobile"
    OFFICE = "office"
    HOME = "home"
    PAGER = "pager"
    OTHER = "other"


class Instructions(models.TextChoices):
    """What a call that meets voicemail leaves there (seed 000, "Call Instructions")."""

    COMPLETE = "complete", "Complete message"
    CALLBACK = "callback", "Message for callback"
    BEEP_OURS = "beep_ours", "Digital beep with our number"
    BEEP_CALLER = "beep_caller", "Digital beep with the caller's number"


class DeliveryMethod(Owned):
    """One way to reach a contact.

    `kind` is the name of a transport in `delivery.transports`; `address` is what that transport
    needs: a phone number, an email address, a URL.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="methods")
    kind = models.CharField(max_length=16)
    address = models.CharField(max_length=2000)
    secret = models.CharField(max_length=64, blank=True, help_text="Signs what a webhook is sent")
    phone_type = models.CharField(max_length=16, choices=PhoneType.choices, blank=True)
    instructions = models.CharField(max_length=16, choices=Instructions.choices, blank=True)
    by_receptionist = models.BooleanField(
        default=False, help_text="A receptionist calls, rather than Deskbell"
    )
    limit = models.IntegerField(
        default=10, help_text="Messages in ten minutes before more come bundled; 0 is no limit"
    )
    verified_at = models.DateTimeField(null=True, blank=True)
    code_hash = models.CharField(max_length=128, blank=True, help_text="Of the code that was sent")
    code_sent_at = models.DateTimeField(null=True, blank=True)
    code_tries = models.IntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta(Owned.Meta):
        abstract = False
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.address}"
