"""The audit log as a table: what its page lists, all pages of it, with every change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any
from zoneinfo import ZoneInfo

from deskbell.accounts.models import Account
from deskbell.audit.models import Entry
from deskbell.audit.queries import Wanted, parts
from deskbell.platform.tenancy import account_scope, system_scope

from .tables import Cell, Table

LABELS = (
    "Who",
    "Acted as",
    "What",
    "To what",
    "Changes",
    "By way of",
    "From address",
    "Program",
)
_REASON = "the operator exports the log of every account"


def of_account(*, account: Account, wanted: Wanted) -> Table:
    """The entries of an account that are wanted, newest first, times on the account's clock.

    Needs no scope: it enters the account's for every piece that it reads.
    """
    zone = account.time_zone
    labels = [f"When ({zone})", *LABELS]
    return Table(
        "Audit log", labels, _rows(wanted, ZoneInfo(zone), lambda: account_scope(account.pk))
    )


def of_everybody(*, wanted: Wanted) -> Table:
    """The entries of every account and of none; times are UTC. Enters a system scope."""
    labels = ["When (UTC)", *LABELS, "Account"]
    rows = _rows(wanted, ZoneInfo("UTC"), lambda: system_scope(_REASON), names_account=True)
    return Table("Audit log", labels, rows)


def _rows(
    wanted: Wanted,
    zone: ZoneInfo,
    scope: Callable[[], AbstractContextManager[Any]],
    *,
    names_account: bool = False,
) -> Iterator[Sequence[Cell]]:
    found = parts(wanted)
    while True:
        with scope():
            part = next(found, None)
        if part is None:
            return
        for entry in part:
            yield (*_row(entry, zone), *([str(entry.account or "")] if names_account else []))


def _row(entry: Entry, zone: ZoneInfo) -> Sequence[Cell]:
    """Who did it is the one whose hands it were; as whom stands beside."""
    return (
        entry.at.astimezone(zone).replace(tzinfo=None, microsecond=0),
        entry.on_behalf or entry.who_name,
        entry.who_name if entry.on_behalf else "",
        entry.words,
        entry.subject,
        changes_in_words(entry.changes),
        entry.get_door_display(),
        entry.address,
        entry.agent,
    )


def changes_in_words(changes: Mapping[str, Any]) -> str:
    """One line for each field."""
    return "\n".join(f"{field}: {old} → {new}" for field, (old, new) in changes.items())
