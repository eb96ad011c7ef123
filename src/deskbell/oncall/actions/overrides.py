"""Overrides: for a span somebody else is on call, or more people, or fewer.

Source: design, on call, "Overrides and cover".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from deskbell.accounts.models import Account
from deskbell.contacts.models import Contact, DeliveryMethod
from deskbell.foundation.errors import InvalidInput, NotFound
from deskbell.platform.changes import touch

from ..models import EscalationLevel, Override, OverrideKind
from ..queries import wall, zone_of
from ..rules import Shift, span_of
from .events import checked_note, possible
from .kept import kept_contact, kept_methods, lock_levels

_FIELDS = frozenset({"level", "kind", "contact", "methods", "starts", "ends", "note", "by"})


def add_override(
    *,
    account_id: int,
    level: EscalationLevel | None,
    kind: str,
    contact: Contact | None,
    methods: Sequence[DeliveryMethod],
    starts: datetime,
    ends: datetime,
    at: datetime,
    by: str = "",
    note: str = "",
) -> Override:
    """Changes who is on call on a level, or on all (None), between two wall-clock times.

    `kind` is `add` (puts `methods` in), `remove` (takes `contact` out) or `replace` (both, only
    where the contact is on call). An end at or before the start on the same day means the next day,
    11:59 PM the end of the day. `by` says who set it, in words. Where overrides meet, one works on
    what those that were set before it left. Raises InvalidInput for what is missing, too much, or
    not the account's.
    """
    override = Override(account_id=account_id, kind=kind, by=by, note=note, created_at=at)
    override.level, override.contact = level, contact
    return _keep(override, starts, ends, methods)


def edit_override(*, override: Override, **changes: Any) -> Override:
    """Changes what `add_override` sets. What a kind has no use for goes.

    Raises InvalidInput as `add_override` does, NotFound where the override is gone.
    """
    if unknown := changes.keys() - _FIELDS:
        raise InvalidInput(f"An override has no {', '.join(sorted(unknown))}")
    with transaction.atomic():
        rows = Override.objects.select_for_update(of=("self",)).filter(pk=override.pk)
        found = rows.select_related("level", "contact").first()
        if found is None:
            raise NotFound("There is no such override any more")
        for name in changes.keys() & {"level", "kind", "contact", "note", "by"}:
            setattr(found, name, changes[name])
        if found.kind == OverrideKind.ADD:
            found.contact = None
        methods = changes.get("methods", list(found.methods.all()))
        if found.kind == OverrideKind.REMOVE:
            methods = []
        starts = changes.get("starts", wall(found.starts))
        return _keep(found, starts, changes.get("ends", wall(found.ends)), methods)


def remove_override(*, override: Override) -> None:
    """Takes an override away: who is on call follows the events again."""
    with transaction.atomic():
        Override.objects.filter(pk=override.pk).delete()
        touch(override.account_id)


def _keep(
    override: Override, starts: datetime, ends: datetime, methods: Sequence[DeliveryMethod]
) -> Override:
    _check_kind(override, methods)
    shift = possible(Shift(starts, ends))
    account_id = override.account_id
    with transaction.atomic():
        override.contact = kept_contact(account_id, override.contact, "contact")
        chosen = kept_methods(account_id, methods)
        if override.level is not None:
            override.level = lock_levels(account_id, [override.level.pk])[override.level.pk]
        span = span_of(shift.starts, shift.ends, zone_of(Account.objects.get(pk=account_id)))
        if span.start >= span.end:
            raise InvalidInput("The change of the clocks leaves no minute of it", field="ends")
        override.starts = shift.starts.replace(tzinfo=UTC)
        override.ends = shift.ends.replace(tzinfo=UTC)
        override.span = DateTimeTZRange(span.start, span.end)
        override.note = checked_note(override.note)
        override.by = override.by[:_MOST_BY]
        override.save()
        override.methods.set(chosen)
        touch(account_id)
    return override


_MOST_BY = 254


def _check_kind(override: Override, methods: Sequence[DeliveryMethod]) -> None:
    kind, puts_in, takes_out = override.kind, bool(methods), override.contact is not None
    if kind not in OverrideKind.values:
        raise InvalidInput(f"An override is one of {', '.join(OverrideKind.values)}", field="kind")
    if takes_out != (kind != OverrideKind.ADD):
        raise InvalidInput(
            "Choose who is taken out" if not takes_out else "Nobody is taken out by adding",
            field="contact",
        )
    if puts_in != (kind != OverrideKind.REMOVE):
        raise InvalidInput(
            "Choose who is on call instead, by at least one delivery method"
            if not puts_in
            else "Nobody is put in by removing",
            field="methods",
        )
