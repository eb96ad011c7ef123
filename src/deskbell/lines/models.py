"""Trunks, phones and limits. Source: design, voice, "Signalling"."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from deskbell.accounts.models import Owned, PhoneNumber, User


def _texts(length: int) -> ArrayField[list[str], list[str]]:
    return ArrayField(models.CharField(max_length=length), default=list, blank=True)


class Trunk(models.Model):
    """A way to the telephone network, of the whole deployment.

    Calls come in from `addresses`; they go out to `outgoing` (`HOST:PORT[;transport=tcp]`) for
    numbers that begin with one of `prefixes`. The password is sealed (`vault`).
    """

    name = models.CharField(max_length=64, unique=True)
    addresses = _texts(64)
    outgoing = models.CharField(max_length=255, blank=True)
    prefixes = _texts(17)
    username = models.CharField(max_length=128, blank=True)
    sealed_password = models.TextField(blank=True)
    registers = models.BooleanField(default=False)
    caller_id = models.CharField(max_length=32, blank=True)
    codecs = _texts(8)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Phone(Owned):
    """A SIP phone of an account, which registers as `username`; only hashes of its password.

    `name` is what `<Client>` calls it. It rings for its `number`: as a whole and as an extension.
    """

    name = models.CharField(max_length=32)
    username = models.CharField(max_length=64, unique=True)
    number = models.ForeignKey(
        PhoneNumber, on_delete=models.SET_NULL, null=True, blank=True, related_name="phones"
    )
    realm = models.CharField(max_length=128)
    ha1_md5 = models.CharField(max_length=32)
    ha1_sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta(Owned.Meta):
        abstract = False
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["account", "name"], name="one_phone_of_a_name")
        ]

    def __str__(self) -> str:
        return self.username


class StaffPhone(models.Model):
    """A receptionist's SIP phone, which registers as `username` and rings for every account.

    It belongs to the deployment, and calls nobody by itself; only hashes of its password.
    """

    name = models.CharField(max_length=32, unique=True)
    username = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="staff_phones")
    realm = models.CharField(max_length=128)
    ha1_md5 = models.CharField(max_length=32)
    ha1_sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.username


class Limits(Owned):
    """What an account may call, and how many calls at once, where it is not what all may.

    `prefixes` None and `calls_out` None are the deployment's (`DESKBELL_DIAL_PREFIXES`,
    `DESKBELL_CALLS_OUT`); no prefixes are no calls through trunks.
    """

    prefixes = ArrayField(models.CharField(max_length=17), null=True, blank=True)
    calls_out = models.PositiveIntegerField(null=True, blank=True)

    class Meta(Owned.Meta):
        abstract = False
        verbose_name_plural = "limits"
        constraints = [models.UniqueConstraint(fields=["account"], name="one_row_of_limits")]

    def __str__(self) -> str:
        return f"limits of {self.account}"
