"""Rows that belong to an account, readable and writable only inside a tenancy scope."""

from __future__ import annotations

from typing import Any, ClassVar, Self, TypeVar

from django.db import models

from deskbell.foundation.errors import OutOfScope
from deskbell.platform.tenancy import current_scope

from .people import Account

Row = TypeVar("Row", bound=models.Model)


class OwnedManager(models.Manager[Row]):
    """Sees the rows of the scope's account; all rows in a system scope. Raises outside any."""

    def get_queryset(self) -> models.QuerySet[Row]:
        """The rows that may be touched now."""
        scope = current_scope()
        rows = super().get_queryset()
        return rows if scope.account_id is None else rows.filter(account_id=scope.account_id)

    def bulk_create(self, objs: Any, *args: Any, **options: Any) -> list[Row]:
        """As Django's, after the same check that `save` makes. Raises OutOfScope."""
        rows = list(objs)
        for row in rows:
            check_owner(row.account_id)
        return super().bulk_create(rows, *args, **options)


def check_owner(account_id: int | None) -> None:
    """Raises OutOfScope where rows of `account_id` may not be written now."""
    scope = current_scope()
    if scope.account_id is not None and scope.account_id != account_id:
        raise OutOfScope(f"A row of account {account_id} in the scope of {scope.account_id}")


class Owned(models.Model):
    """A row of one account."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")

    objects: ClassVar[OwnedManager[Self]] = OwnedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **options: Any) -> None:
        """As Django's, in the row's own account or a system scope. Raises OutOfScope elsewhere."""
        check_owner(self.account_id)
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        """As Django's, in the row's own account or a system scope. Raises OutOfScope elsewhere."""
        check_owner(self.account_id)
        return super().delete(*args, **options)
