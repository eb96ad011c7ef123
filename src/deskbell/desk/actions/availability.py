"""Receptionists come and go. Every change of standing goes through `move`, by `rules.standing`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from deskbell.platform.beat import wake
from deskbell.platform.changes import touch
from deskbell.platform.tenancy import system_scope

from ..errors import NoPhone
from ..models import Offer, OfferState, Receptionist, Spell
from ..rules.queue import SEEN_EVERY, RingEnd
from ..rules.standing import After, Event, Order, Standing, State, after
from .locks import locked_receptionists
from .rings import finish
from .staffing import FLOOR

_CHANGED = ("standing", "since", "leaves_after", "missed", "away_because", "version")
_REASON = "a receptionist is rung for calls of every account"


def go_available(*, receptionist: Receptionist, at: datetime) -> Receptionist:
    """Calls may ring from now on; who is in a call stays after it. Raises NoPhone."""
    with transaction.atomic():
        kept = locked_receptionists([receptionist.pk])[receptionist.pk]
        if not kept.phone:
            raise NoPhone
        kept.seen_at = at
        move({kept.pk: kept}, {kept.pk: Event.GO_AVAILABLE}, at)
        kept.save(update_fields=["seen_at"])
    return kept


def go_away(*, receptionist: Receptionist, at: datetime) -> Receptionist:
    """No calls ring; a ring ends, and who is in a call, or writes one down, leaves after it."""
    with system_scope(_REASON), transaction.atomic():
        kept = locked_receptionists([receptionist.pk])[receptionist.pk]
        done = move({kept.pk: kept}, {kept.pk: Event.GO_AWAY}, at)
        if Order.END_RING in done[kept.pk].orders:
            rings = Offer.objects.filter(receptionist=kept, state=OfferState.RINGING)
            finish(list(rings), RingEnd.REFUSED, at)
        wake()  # where nobody is left, callers who wait are told so
    return kept


def seen(*, receptionist: Receptionist, at: datetime) -> None:
    """A page of the desk asked; written twice a minute at most, by the row as it was just read."""
    if receptionist.seen_at is None or receptionist.seen_at <= at - SEEN_EVERY:
        Receptionist.objects.filter(pk=receptionist.pk).update(seen_at=at)


def move(
    receptionists: Mapping[int, Receptionist],
    events: Mapping[int, Event],
    at: datetime,
    *,
    words: Mapping[int, str] | None = None,
) -> dict[int, After]:
    """Applies one event to each of some locked receptionists, and raises their versions.

    One statement for all, another that keeps how they stood until now, and one more where somebody
    is free, which wakes the beat. Ends no rings and moves no calls. Gives what
    `rules.standing.after` says of each. Raises Conflict.
    """
    found = {
        pk: after(state_of(receptionists[pk]), event, words=(words or {}).get(pk, ""))
        for pk, event in events.items()
    }
    changed = [receptionists[pk] for pk, then in found.items() if not then.is_late]
    spells = [
        Spell(receptionist=each, standing=each.standing, began_at=each.since, ended_at=at)
        for each in changed
        if each.standing != found[each.pk].state.standing
    ]
    for each in changed:
        _put(each, found[each.pk].state, at)
    save(changed)
    Spell.objects.bulk_create(spells)
    if any(Order.DISTRIBUTE in each.orders for each in found.values()):
        wake()
    return found


def state_of(receptionist: Receptionist) -> State:
    """How a receptionist stands, as the rules see it."""
    return State(
        Standing(receptionist.standing),
        leaves_after=receptionist.leaves_after,
        missed=receptionist.missed,
        away_because=receptionist.away_because,
    )


def _put(receptionist: Receptionist, state: State, at: datetime) -> None:
    if receptionist.standing != state.standing:
        receptionist.standing, receptionist.since = state.standing.value, at
    receptionist.leaves_after = state.leaves_after
    receptionist.missed = state.missed
    receptionist.away_because = state.away_because
    receptionist.version += 1


def save(changed: Collection[Receptionist]) -> None:
    """Writes how locked receptionists stand: one statement; the floor shows it once it is kept."""
    if changed:
        Receptionist.objects.bulk_update(changed, _CHANGED)
        show_floor()


def show(receptionist_ids: Collection[int]) -> None:
    """Has the pages of these desks, and the floor, show what changed: one statement for all.

    Several at once must have been locked before.
    """
    Receptionist.objects.filter(pk__in=set(receptionist_ids)).update(version=F("version") + 1)
    show_floor()


def show_floor() -> None:
    """Has the floor show what changed. After the commit: its one row would make all writers wait
    for one another."""
    transaction.on_commit(_touch_floor, robust=True)


def _touch_floor() -> None:
    touch(FLOOR)
