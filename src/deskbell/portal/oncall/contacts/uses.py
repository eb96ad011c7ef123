"""What a contact, or one of its delivery methods, is used for: what goes when it goes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, time

from django.db.models import Q
from django.urls import reverse

from deskbell.contacts.models import Contact, DeliveryMethod
from deskbell.foundation.dates import date_words, dates_words, hours_words
from deskbell.oncall.models import EscalationLevel, Event, OncallDefaults, Override
from deskbell.oncall.queries import shift_of
from deskbell.oncall.rules import in_words

from ..frame import Item

MOST_ITEMS = 12
_LAST_MINUTE = time(23, 59)


def events_with(methods: Collection[int]) -> list[Event]:
    """The events that have any of these delivery methods, by level and start; two queries more for
    who else is in them."""
    found = (
        Event.objects.filter(
            pk__in=Event.methods.through.objects.filter(deliverymethod_id__in=methods).values(
                "event_id"
            )
        )
        .select_related("level")
        .prefetch_related("methods__contact")
    )
    return list(found.order_by("level__position", "level_id", "starts", "id"))


def overrides_with(methods: Collection[int], contact_id: int | None, today: date) -> list[Override]:
    """Overrides that put one of these methods in, or take the contact out, and are not over."""
    through = Override.methods.through.objects.filter(deliverymethod_id__in=methods)
    about = Q(pk__in=through.values("override_id"))
    if contact_id is not None:
        about |= Q(contact_id=contact_id)
    coming = Override.objects.filter(about, ends__gte=datetime.combine(today, time(0), UTC))
    return list(coming.select_related("level").order_by("starts", "id"))


def when_words(event: Event) -> str:
    """When an event is on call: "weekly on Monday, 8 AM to 5 PM"."""
    starts, ends = _wall(event.starts), _wall(event.ends)
    hours = hours_words(starts.time(), _end(ends.time()))
    if event.frequency == "once":
        last = ends.date() if ends.time() > time(0) else starts.date()
        return f"{dates_words(starts.date(), max(starts.date(), last))}, {hours}"
    return f"{in_words(shift_of(event))}, {hours}"


def span_words(starts: datetime, ends: datetime) -> str:
    """A span on the wall clock: "November 3, 2026, 8 AM to 5 PM"."""
    first, last = _wall(starts), _wall(ends)
    if first.date() == last.date():
        return f"{date_words(first.date())}, {hours_words(first.time(), _end(last.time()))}"
    return f"{dates_words(first.date(), last.date())}"


def _wall(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=None)


def _end(at: time) -> time:
    """11:59 PM stands for the end of the day."""
    return time(0) if at.replace(second=0, microsecond=0) == _LAST_MINUTE else at


def lost_with_contact(
    contact: Contact, methods: Sequence[DeliveryMethod], today: date
) -> list[Item]:
    """What loses the contact when it is deleted: events, overrides, and who falls back on it."""
    ids = {each.pk for each in methods}
    items = [*_events(ids), *_overrides(ids, contact.pk, today), *_fallbacks(contact)]
    return _some(items)


def lost_with_method(method: DeliveryMethod, today: date) -> list[Item]:
    """The same for one delivery method."""
    return _some([*_events({method.pk}), *_overrides({method.pk}, None, today)])


def _events(methods: Collection[int]) -> Iterator[Item]:
    for event in events_with(methods):
        left = {each.contact.name for each in event.methods.all() if each.pk not in methods}
        after = f"{', '.join(sorted(left))} stays" if left else "nobody is left in it"
        words = f"{event.level.name}: {when_words(event)} ({after})"
        yield Item(words, reverse("oncall:level", args=[event.level_id]))


def _overrides(methods: Collection[int], contact_id: int | None, today: date) -> Iterator[Item]:
    for each in overrides_with(methods, contact_id, today):
        where = each.level.name if each.level else "all levels"
        yield Item(f"Cover on {where}, {span_words(each.starts, each.ends)}")


def _fallbacks(contact: Contact) -> Iterator[Item]:
    for level in EscalationLevel.objects.filter(fallback=contact).order_by("position", "id"):
        words = f"{level.name} has no fallback any more"
        yield Item(words, reverse("oncall:level", args=[level.pk]))
    if OncallDefaults.objects.filter(fallback=contact).exists():
        words = "The account has no fallback for levels where nobody is on call"
        yield Item(words, reverse("oncall:defaults"))


def _some(items: Sequence[Item]) -> list[Item]:
    more = len(items) - MOST_ITEMS
    return [*items[:MOST_ITEMS], *([Item(f"and {more} more")] if more > 0 else [])]
