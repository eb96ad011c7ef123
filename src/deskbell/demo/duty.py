"""The demo's contacts and escalation levels, with waits of seconds, so that one can watch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from deskbell.accounts.models import Account
from deskbell.contacts import actions as contacts
from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery.actions import add_checked_method
from deskbell.foundation.environment import environment
from deskbell.oncall import actions
from deskbell.oncall.models import EscalationLevel

from .cast import Business

WEEKDAYS, WEEKEND, EVERY_DAY = (1, 2, 3, 4, 5), (0, 6), tuple(range(7))
RECEIVER = "/demo/webhooks/receive/"


@dataclass(frozen=True, slots=True)
class Duty:
    """What the history and the attendant need of the levels."""

    first: EscalationLevel
    email: DeliveryMethod


def add_duty(*, business: Business, account: Account, at: datetime) -> Duty:
    """Two levels and who is on them, around the clock. Needs the account's scope."""
    manager = actions.add_level(
        account_id=account.pk, name="Practice manager", at=at, wait_seconds=30, position=1
    )
    first = actions.add_level(
        account_id=account.pk,
        name="On call",
        at=at,
        repeat=1,
        repeat_seconds=15,
        wait_seconds=15,
        next_level=manager,
        position=0,
    )
    lead, other = business.people[0], business.people[-1]
    by_email = _method(account, lead.name, lead.email, at)
    webhook = _webhook(by_email, at)
    if other is lead:
        _shift(account, first, [by_email, webhook], EVERY_DAY, at)
    else:
        _shift(account, first, [by_email, webhook], WEEKDAYS, at)
        weekend = _method(account, other.name, other.email, at)
        _shift(account, first, [weekend, _webhook(weekend, at)], WEEKEND, at)
    office = f"manager@{lead.email.partition('@')[2]}"
    _shift(account, manager, [_method(account, "Manager's desk", office, at)], EVERY_DAY, at)
    return Duty(first, by_email)


def _method(account: Account, name: str, email: str, at: datetime) -> DeliveryMethod:
    contact = contacts.add_contact(account_id=account.pk, name=name, at=at)
    return add_checked_method(contact=contact, kind="email", address=email, at=at, verified_at=at)


def _webhook(beside: DeliveryMethod, at: datetime) -> DeliveryMethod:
    return add_checked_method(
        contact=beside.contact,
        kind="webhook",
        address=f"{environment().public_url}{RECEIVER}{beside.contact_id}",
        at=at,
        verified_at=at,
    )


def _shift(
    account: Account,
    level: EscalationLevel,
    methods: list[DeliveryMethod],
    weekdays: tuple[int, ...],
    at: datetime,
) -> None:
    """Whole days on the given weekdays (0 Sunday), from the first of them within the past week."""
    today = at.astimezone(ZoneInfo(account.time_zone)).date()
    first = next(
        day
        for day in (today - timedelta(days=back) for back in range(7, 0, -1))
        if day.isoweekday() % 7 in weekdays
    )
    actions.add_event(
        level=level,
        methods=methods,
        starts=datetime.combine(first, time(0, 0)),
        ends=datetime.combine(first, time(23, 59)),
        at=at,
        frequency="weekly",
        weekdays=weekdays,
    )


def follow_address() -> None:
    """Points the demo's webhooks at where the demo is served now. Needs a system scope."""
    for method in DeliveryMethod.objects.filter(kind="webhook", address__contains=RECEIVER):
        address = f"{environment().public_url}{RECEIVER}{method.contact_id}"
        if method.address != address:
            DeliveryMethod.objects.filter(pk=method.pk).update(address=address)
