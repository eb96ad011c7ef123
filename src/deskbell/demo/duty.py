"""The demo's contacts, escalation levels and calendars, with waits of seconds, so that one can
watch.

Two people take turns: the one has two weeks of days, and the other the nights and weekends of these
weeks. There is a cover, a shift that somebody stays longer, a gap that nobody has noticed yet, and
a third level for emergencies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from deskbell.accounts.models import Account
from deskbell.contacts import actions as contacts
from deskbell.contacts.models import Contact, DeliveryMethod
from deskbell.delivery.actions import add_checked_method
from deskbell.foundation.environment import environment
from deskbell.lines.rules import username_of
from deskbell.oncall import actions, queries
from deskbell.oncall.models import EscalationLevel, Event

from .cast import ACME, Business, Person

WEEKDAYS, WEEKEND, EVERY_DAY = (1, 2, 3, 4, 5), (0, 6), tuple(range(7))
RECEIVER = "/demo/webhooks/receive/"
MORNING, EVENING = time(8, 0), time(18, 0)
FORTNIGHT, DAY = timedelta(days=14), timedelta(days=1)
_SINCE = 2 * FORTNIGHT  # turns have been taken for so long, at least


@dataclass(frozen=True, slots=True)
class Duty:
    """What the history, the attendant and the scripts need of the levels."""

    first: EscalationLevel
    emergencies: EscalationLevel
    email: DeliveryMethod


@dataclass(frozen=True, slots=True)
class Member:
    """A contact and how it is reached."""

    contact: Contact
    methods: Sequence[DeliveryMethod]


def add_duty(*, business: Business, account: Account, at: datetime) -> Duty:
    """Three levels and who is on them, around the clock. Needs the account's scope.

    From now on until a week from now somebody is on call at every instant of every level, on the
    first by email, webhook and text.
    """
    lead, *others = [
        _person(account, each, at, has_phone=business is ACME) for each in business.people
    ]
    other = others[0] if others else lead
    domain = business.people[0].email.partition("@")[2]
    manager = _place(account, "Manager's desk", f"manager@{domain}", at)
    desk = _place(account, "Front desk", f"desk@{domain}", at)
    calendar = Calendar(account, at)

    second = actions.add_level(
        account_id=account.pk, name="Practice manager", at=at, wait_seconds=30, position=1
    )
    first = actions.add_level(
        account_id=account.pk,
        name="On call",
        at=at,
        repeat=1,
        repeat_seconds=15,
        wait_seconds=15,
        next_level=second,
        position=0,
    )
    third = actions.add_level(
        account_id=account.pk,
        name="Emergencies",
        at=at,
        repeat=3,
        repeat_seconds=10,
        wait_seconds=20,
        next_level=second,
        position=2,
        hold_until_on_call=True,
    )
    calendar.take_turns(first, lead, other)
    calendar.round_the_clock(second, manager)
    calendar.round_the_clock(third, lead, other)
    calendar.drill(third, desk)
    actions.set_defaults(account_id=account.pk, fallback=manager.contact)
    calendar.leave_gap(first)
    if other is not lead:
        calendar.stay_longer(first)
        calendar.cover(lead, other)
    return Duty(first, third, lead.methods[0])


class Calendar:
    """Puts members on call in an account, as seen from an instant."""

    def __init__(self, account: Account, at: datetime) -> None:
        self._account, self._at = account, at
        self.today = at.astimezone(ZoneInfo(account.time_zone)).date()
        sunday = self.today - timedelta(days=self.today.isoweekday() % 7)
        self._first_sunday = sunday - _SINCE

    def take_turns(self, level: EscalationLevel, lead: Member, other: Member) -> None:
        """Two weeks each: days for the one, nights and weekends for the other."""
        for fortnight, (by_day, by_night) in enumerate(((lead, other), (other, lead))):
            for week in range(2):
                sunday = self._first_sunday + fortnight * FORTNIGHT + week * timedelta(days=7)
                turn = {"frequency": "weekly", "interval": 4}
                self._put(level, by_day, sunday + DAY, MORNING, EVENING, weekdays=WEEKDAYS, **turn)
                self._put(level, by_night, sunday, MORNING, EVENING, weekdays=WEEKEND, **turn)
                self._put(level, by_night, sunday, EVENING, MORNING, weekdays=EVERY_DAY, **turn)

    def round_the_clock(self, level: EscalationLevel, *members: Member) -> None:
        """Whole days, without end."""
        for member in members:
            self._put(
                level, member, self._first_sunday, time(0, 0), time(23, 59), frequency="daily"
            )

    def drill(self, level: EscalationLevel, member: Member) -> None:
        """An hour on the first Monday of every month."""
        self._put(
            level,
            member,
            self._first_sunday,
            time(9, 0),
            time(10, 0),
            frequency="monthly",
            nth_weekdays=[(1, 1)],
            note="Drill",
        )

    def leave_gap(self, level: EscalationLevel) -> None:
        """Somebody deleted the day of a Saturday in the week after next, and chose nobody else."""
        event, day = self._shift(level, 6, MORNING)
        actions.delete_event(event=event, scope=actions.Scope.THIS, day=day, at=self._at)

    def stay_longer(self, level: EscalationLevel) -> None:
        """On a Wednesday of that week the day is longer, so two are on call for two hours."""
        event, day = self._shift(level, 3, MORNING)
        actions.edit_event(
            event=event,
            scope=actions.Scope.THIS,
            day=day,
            at=self._at,
            ends=datetime.combine(day, time(20, 0)),
            note="Open until eight",
        )

    def cover(self, away: Member, instead: Member) -> None:
        """From Thursday to Sunday of that week one stands in for the other, on every level."""
        thursday = self._later(4)
        actions.add_override(
            account_id=self._account.pk,
            level=None,
            kind="replace",
            contact=away.contact,
            methods=instead.methods,
            starts=datetime.combine(thursday, MORNING),
            ends=datetime.combine(thursday + 3 * DAY, EVENING),
            at=self._at,
            by=instead.contact.name,
            note="At a conference",
        )

    def _later(self, weekday: int) -> date:
        """That weekday (0 Sunday) of the week that begins at least a week from now."""
        days_to_sunday = 7 - self.today.isoweekday() % 7
        return self.today + timedelta(days=7 + days_to_sunday + weekday)

    def _shift(self, level: EscalationLevel, weekday: int, starts: time) -> tuple[Event, date]:
        """The event that has a shift then, and its day."""
        day = self._later(weekday)
        zone = ZoneInfo(self._account.time_zone)
        begins = datetime.combine(day, starts, zone)
        [bar] = [
            each
            for each in queries.picture(
                self._account.pk, since=begins, until=begins + DAY / 24, level_ids=[level.pk]
            )
            if each.wall_start == datetime.combine(day, starts)
        ]
        return queries.event(bar.event_id or 0), bar.day

    def _put(
        self,
        level: EscalationLevel,
        member: Member,
        first: date,
        starts: time,
        ends: time,
        **rule: Any,
    ) -> None:
        actions.add_event(
            level=level,
            methods=member.methods,
            starts=datetime.combine(first, starts),
            ends=datetime.combine(first, ends),
            at=self._at,
            **rule,
        )


def _person(account: Account, person: Person, at: datetime, *, has_phone: bool) -> Member:
    """Somebody who signs in, reached by email, by a webhook of the demo's own, by text, and by
    their SIP phone where they have one and it is connected.

    The demo's other ways to be reached are added here: each is one more method of the contact.
    """
    contact = contacts.add_contact(account_id=account.pk, name=person.name, at=at)
    phone = username_of(account.number, person.email.partition("@")[0])
    called = [("call", phone)] if has_phone else []
    return Member(
        contact,
        [
            _method(contact, "email", person.email, at),
            _method(contact, "webhook", f"{environment().public_url}{RECEIVER}{contact.pk}", at),
            _method(contact, "sms", person.mobile, at),
            *(_method(contact, kind, address, at) for kind, address in called),
        ],
    )


def _place(account: Account, name: str, email: str, at: datetime) -> Member:
    contact = contacts.add_contact(account_id=account.pk, name=name, at=at)
    return Member(contact, [_method(contact, "email", email, at)])


def _method(contact: Contact, kind: str, address: str, at: datetime) -> DeliveryMethod:
    return add_checked_method(contact=contact, kind=kind, address=address, at=at, verified_at=at)


def follow_address() -> None:
    """Points the demo's webhooks at where the demo is served now. Needs a system scope."""
    for method in DeliveryMethod.objects.filter(kind="webhook", address__contains=RECEIVER):
        address = f"{environment().public_url}{RECEIVER}{method.contact_id}"
        if method.address != address:
            DeliveryMethod.objects.filter(pk=method.pk).update(address=address)
