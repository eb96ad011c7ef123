"""Reads of calendars: levels, who is on call, what comes next.

All need the tenancy scope of the account (or a system scope).
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.db.models import Min, QuerySet

from deskbell.accounts.models import Account
from deskbell.contacts.models import Contact, DeliveryMethod
from deskbell.contacts.queries import methods_of
from deskbell.foundation.errors import NotFound

from ..models import EscalationLevel, Event, Occurrence, OncallDefaults
from ..rules import Shift, is_on_call


def levels() -> QuerySet[EscalationLevel]:
    """The account's levels in their order."""
    return EscalationLevel.objects.order_by("position", "id")


def level(level_id: int) -> EscalationLevel:
    """One level. Raises NotFound."""
    found = levels().filter(pk=level_id).first()
    if found is None:
        raise NotFound("No such escalation level")
    return found


def event(event_id: int) -> Event:
    """One event with its level. Raises NotFound."""
    found = Event.objects.select_related("level", "account").filter(pk=event_id).first()
    if found is None:
        raise NotFound("No such event")
    return found


def zone_of(account: Account) -> ZoneInfo:
    """The account's time zone."""
    return ZoneInfo(account.time_zone)


def shift_of(event: Event) -> Shift:
    """An event as the rules know it."""
    return Shift(
        starts=event.starts.astimezone(UTC).replace(tzinfo=None),
        ends=event.ends.astimezone(UTC).replace(tzinfo=None),
        frequency=str(event.frequency),
        interval=event.interval,
        weekdays=frozenset(event.weekdays),
        until=event.until,
        count=event.count,
        month_days=frozenset(event.month_days),
        nth_weekdays=frozenset((nth, weekday) for nth, weekday in event.nth_weekdays),
        skipped=frozenset(event.skipped),
    )


def on_call(level: EscalationLevel, at: datetime) -> list[DeliveryMethod]:
    """The delivery methods on call on a level at an instant, each once, with their contacts.

    Two queries at any distance. Events whose occurrences are not kept as rows so far ahead are
    computed from their rules.
    """
    covering = Occurrence.objects.filter(level=level, span__contains=at).values("event_id")
    through = Event.methods.through.objects
    on_duty = through.filter(event_id__in=covering)
    if computed := _computed(Event.objects.filter(level=level), at):
        on_duty = on_duty | through.filter(event_id__in=computed)
    found = DeliveryMethod.objects.filter(pk__in=on_duty.values("deliverymethod_id"))
    return list(found.select_related("contact").order_by("id"))


def _computed(events: QuerySet[Event], at: datetime) -> list[int]:
    beyond = events.filter(expanded_until__lt=at).select_related("account")
    return [event.pk for event in beyond if is_on_call(shift_of(event), zone_of(event.account), at)]


def on_call_now(account_id: int, at: datetime) -> list[tuple[EscalationLevel, list[Contact]]]:
    """Every level of an account with the contacts on call there at an instant, each once.

    Three queries, however many levels there are.
    """
    covering = Occurrence.objects.filter(account_id=account_id, span__contains=at)
    event_ids = {*covering.values_list("event_id", flat=True)}
    event_ids.update(_computed(Event.objects.filter(account_id=account_id), at))
    duties = (
        Event.methods.through.objects.filter(event_id__in=event_ids)
        .select_related("event", "deliverymethod__contact")
        .order_by("deliverymethod__contact__name", "deliverymethod_id")
    )
    on_duty: dict[int, dict[int, Contact]] = {}
    for duty in duties:
        contact = duty.deliverymethod.contact
        on_duty.setdefault(duty.event.level_id, {})[contact.pk] = contact
    return [
        (each, list(on_duty.get(each.pk, {}).values()))
        for each in levels().filter(account_id=account_id)
    ]


def level_fallback(level: EscalationLevel) -> list[DeliveryMethod]:
    """The methods of the contact that the level falls back on; none where it has none."""
    return [] if level.fallback_id is None else methods_of(level.fallback_id)


def account_fallback(account_id: int) -> list[DeliveryMethod]:
    """The methods of the contact that the account falls back on; none where it has none."""
    found = OncallDefaults.objects.filter(account_id=account_id)
    contact_id = found.values_list("fallback_id", flat=True).first()
    return [] if contact_id is None else methods_of(contact_id)


def next_shift(level: EscalationLevel, at: datetime) -> datetime | None:
    """When somebody is next on call on a level after `at`; None where no shift is to come."""
    coming = Occurrence.objects.filter(
        level=level, span__startswith__gt=at, event__methods__isnull=False
    )
    found: datetime | None = coming.aggregate(first=Min("span__startswith"))["first"]
    return found
