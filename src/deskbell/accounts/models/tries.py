"""What keeps guessing of passwords slow, and the devices that people are known by."""

from __future__ import annotations

from django.db import models

from .people import User


class SignInTries(models.Model):
    """How many tries to sign in there were lately for one key, in a quarter of an hour.

    A key is an email address, an IP address, or a known device. Rows of addresses that nobody signs
    in with are only so many; the oldest go.
    """

    key = models.CharField(max_length=300, unique=True)
    is_ours = models.BooleanField(help_text="A user's address, or a device that is known")
    began_at = models.DateTimeField()
    count = models.IntegerField()

    class Meta:
        verbose_name_plural = "sign-in tries"
        indexes = [models.Index(fields=["began_at"], name="sign_in_tries_by_age")]

    def __str__(self) -> str:
        return f"{self.count} for {self.key}"


class KnownDevice(models.Model):
    """A browser that a person has signed in with; only the hash of what its cookie says."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="known_devices")
    token_hash = models.CharField(max_length=64, db_index=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "token_hash"], name="one_row_per_known_device")
        ]

    def __str__(self) -> str:
        return f"a device of {self.user}"
