"""The audit log as a table: what its page lists, all pages of it, with every change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from deskbell.accounts.models import Account
from deskbell.audit.acts import kinds, of_kind
from deskbell.audit.models import Entry
from deskbell.audit.queries import Wanted, entries, parts
from deskbell.audit.rules import DOORS
from deskbell.foundation.days import read_days
from deskbell.platform.tenancy import account_scope, system_scope

from .filters import Asked, chosen, refuse_wrong, searched, written, zone_of
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


@dataclass(frozen=True, slots=True)
class Meant:
    """Which entries are wanted; `errors` by names of fields. What is wrong narrows nothing."""

    wanted: Wanted
    errors: Mapping[str, str] = field(default_factory=dict)


def meant(asked: Asked, zone: tzinfo) -> Meant:
    """What the query of the log's page means on the clocks of a zone. No statement."""
    errors: dict[str, str] = {}
    days = read_days(written(asked, "from_date"), written(asked, "to_date"), errors, zone)
    doors = {str(each): name for each, name in DOORS.items()}
    kind = chosen(asked, "kind", {each: each for each in kinds()}, errors)
    wanted = Wanted(
        person=searched(asked, "person", errors),
        search=searched(asked, "q", errors),
        door=chosen(asked, "door", doors, errors),
        acts=of_kind(kind) if kind else None,
        since=days.since,
        until=days.until,
    )
    return Meant(wanted, errors)


def check(account: Account, asked: Asked) -> None:
    """Raises InvalidInput, with the field, for filters that are wrong."""
    refuse_wrong(meant(asked, zone_of(account, asked)).errors)


def table(account: Account, asked: Asked, at: datetime) -> Table:
    """The entries that were asked for and were written before `at`. Raises as `check`."""
    found = meant(asked, zone_of(account, asked))
    refuse_wrong(found.errors)
    wanted = up_to(at, found.wanted)
    with account_scope(account.pk):
        count = entries(wanted).order_by().count()
    return replace(of_account(account=account, wanted=wanted), count=count)


def up_to(at: datetime, wanted: Wanted) -> Wanted:
    """The same without what is written from `at` on, as that it is taken out."""
    return replace(wanted, until=min(wanted.until or at, at))


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
