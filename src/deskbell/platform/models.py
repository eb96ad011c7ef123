"""The platform's own tables: none of them holds what an account says or does."""

from __future__ import annotations

from django.db import models


class AccountVersion(models.Model):
    """How often anything that an account's live pages show has changed."""

    account_id = models.BigIntegerField(primary_key=True)
    version = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"version {self.version} of account {self.account_id}"
