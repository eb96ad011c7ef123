"""Rows that a write to calendars needs, locked so that two writes at once do no harm.

Everybody locks in one order, so that nobody waits for one who waits for them: contacts, delivery
methods, levels, events; the account's version comes last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC

from django.db.models import Q
from django.db.models.functions import Coalesce

from deskbell.contacts.models import Contact, DeliveryMethod
from deskbell.foundation.errors import InvalidInput, NotFound

from ..models import EscalationLevel, Event
from ..rules import Shift

_GONE = "There is no such event any more"


def kept_contact(account_id: int, contact: Contact | None, field: str) -> Contact | None:
    """The contact as it is now, locked. Raises InvalidInput for one that is not the account's."""
    if contact is None:
        return None
    rows = Contact.objects.select_for_update(no_key=True)
    found = rows.filter(account_id=account_id, pk=contact.pk).first()
    if found is None:
        raise InvalidInput(f"There is no such {field} here", field=field)
    return found


def kept_methods(account_id: int, methods: Iterable[DeliveryMethod]) -> list[DeliveryMethod]:
    """The methods as they are now, locked, each once.

    Raises InvalidInput where one is not the account's, or was deleted meanwhile.
    """
    asked = {method.pk for method in methods}
    rows = DeliveryMethod.objects.select_for_update(no_key=True)
    found = list(rows.filter(account_id=account_id, pk__in=asked).order_by("pk"))
    if len(found) < len(asked):
        raise InvalidInput("There is no such delivery method here", field="methods")
    return found


def chosen_methods(account_id: int, methods: Sequence[DeliveryMethod]) -> list[DeliveryMethod]:
    """As `kept_methods`, for an event, which needs at least one."""
    if not methods:
        raise InvalidInput("An event needs at least one delivery method", field="methods")
    return kept_methods(account_id, methods)


def lock_levels(account_id: int, level_ids: Iterable[int]) -> dict[int, EscalationLevel]:
    """Levels of an account as they are now, by id, locked until the transaction ends.

    Raises InvalidInput where one is not there.
    """
    asked = set(level_ids)
    rows = EscalationLevel.objects.select_for_update(no_key=True, of=("self",))
    found = rows.select_related("account").filter(account_id=account_id, pk__in=asked)
    levels = {level.pk: level for level in found.order_by("pk")}
    if len(levels) < len(asked):
        raise InvalidInput("There is no such escalation level here", field="level")
    return levels


def levels_of_series(event: Event) -> set[int]:
    """The levels on which an event, the one it is part of and those that are part of it lie.

    Raises NotFound where the event is gone.
    """
    root = Event.objects.filter(pk=event.pk).annotate(root=Coalesce("part_of_id", "pk"))
    root_id = root.values_list("root", flat=True).first()
    if root_id is None:
        raise NotFound(_GONE)
    rows = Event.objects.filter(Q(pk=root_id) | Q(part_of_id=root_id))
    return set(rows.values_list("level_id", flat=True))


def lock_series(event: Event) -> tuple[Event, Event | None]:
    """The event that others are part of, and the changed instance where `event` is one; both as
    they are now, the first one locked. Raises NotFound where they are gone.

    The level of the event must be locked.
    """
    while True:
        fresh = Event.objects.filter(pk=event.pk).first()
        if fresh is None:
            raise NotFound(_GONE)
        rows = Event.objects.select_for_update(of=("self",)).select_related("account")
        root = rows.filter(pk=fresh.part_of_id or fresh.pk).first()
        if root is None:
            continue
        if root.pk == fresh.pk:
            return root, None
        # A split may have made it part of another event since it was read.
        changed = Event.objects.select_related("account").filter(pk=fresh.pk, part_of=root).first()
        if changed is not None:
            return root, changed


def put_shift(event: Event, shift: Shift) -> None:
    """Writes a shift into an event's fields, without saving it."""
    event.starts = shift.starts.replace(tzinfo=UTC)
    event.ends = shift.ends.replace(tzinfo=UTC)
    event.frequency = shift.frequency
    event.interval = shift.interval
    event.weekdays = sorted(shift.weekdays)
    event.month_days = sorted(shift.month_days)
    event.nth_weekdays = [list(pair) for pair in sorted(shift.nth_weekdays)]
    event.until = shift.until
    event.count = shift.count
    event.skipped = sorted(shift.skipped)
