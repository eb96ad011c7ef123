"""The demo's attendants: what callers of each account meet by day, at night and on special days."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.attendant import actions
from deskbell.attendant.models import Announcement, Menu, Publication, System
from deskbell.attendant.plans import read
from deskbell.attendant.rules import DateSpan, WeekSpan
from deskbell.attendant.rules.plan_json import to_json
from deskbell.oncall.models import EscalationLevel

from .cast import ACME, Business

_MIDNIGHT = time(0, 0)


def add_attendant(
    *,
    business: Business,
    account: Account,
    numbers: list[PhoneNumber],
    level: EscalationLevel,
    at: datetime,
) -> System:
    """The account's system with its menus and schedules. Needs the account's scope."""
    by = business.people[0].email
    system = actions.add_system(
        account=account,
        at=at,
        by=by,
        name="Main line",
        description="Everybody who calls the practice"
        if business is ACME
        else "Everybody who needs a plumber",
        time_zone=account.time_zone,
        timeout_seconds=6,
        timeout_max_occurance=2,
        timeout_action={"actionType": "VOICEMAIL"},
        voicemail_level=level,
    )
    for number in numbers:
        actions.assign_number(system=system, phone_number=number, at=at)
    said = _Announcements(business, account, at)
    weekday, night = _menus(business, system, said, at)
    _schedule(business, system, weekday, night, at)
    Publication.objects.create(
        account=account,
        number=1,
        plan=to_json(read(account.pk)),
        at=at,
        by=by,
        note="The first menus",
        through="portal",
    )
    return system


class _Announcements:
    """Makes the account's announcements, in its own name."""

    def __init__(self, business: Business, account: Account, at: datetime) -> None:
        self._account = account
        self._by = business.people[0].email
        self._at = at

    def add(self, name: str, body: str) -> Announcement:
        return actions.add_announcement(
            account=self._account, name=name, body=body, at=self._at, by=self._by
        )


def _key(key: str, action: str, data: str = "") -> dict[str, Any]:
    told = {"actionType": action} | ({"actionData": data} if data else {})
    return {"menuKey": key, "menuAction": told}


def _menus(
    business: Business, system: System, said: _Announcements, at: datetime
) -> tuple[Menu, Menu]:
    hours = said.add(
        "Opening hours",
        "We are open Monday to Friday, from eight in the morning to six in the evening.",
    )
    where = said.add("Directions", _DIRECTIONS[business.number])
    questions = actions.add_menu(
        system=system,
        at=at,
        name="Questions",
        color_code="#0ca678",
        announcement=said.add("Questions", _QUESTIONS[business.number][0]),
        keys=[
            _key(
                "1",
                "ANNOUNCEMENT_RETURN",
                said.add("What to bring", _QUESTIONS[business.number][1]).sid,
            ),
            _key(
                "2", "ANNOUNCEMENT_RETURN", said.add("Payment", _QUESTIONS[business.number][2]).sid
            ),
            _key("*", "RETURN_TO_PREVIOUS_MENU"),
        ],
    )
    weekday = actions.add_menu(
        system=system,
        at=at,
        name="Weekday menu",
        color_code="#206bc4",
        announcement=said.add(
            "Weekday greeting",
            f"Thank you for calling {business.name}. For our opening hours, press 1. "
            "To leave a message, press 2. For directions, press 3. For questions about your visit, "
            "press 4. To say whom you want to speak to, press 5. For the receptionist, press 0.",
        ),
        keys=[
            _key("1", "ANNOUNCEMENT_RETURN", hours.sid),
            _key("2", "VOICEMAIL"),
            _key("3", "ANNOUNCEMENT_RETURN", where.sid),
            _key("4", "GO_TO_MENU", questions.sid),
            _key("5", "DIAL_BY_NAME"),
            _key("6", "DIAL_BY_EXTENSION"),
            _key("9", "REPLAY_MENU"),
            _key("0", "TRANSFER_TO_RECEPTIONIST"),
        ],
    )
    night = actions.add_menu(
        system=system,
        at=at,
        name="After hours menu",
        color_code="#7a4fc9",
        announcement=said.add(
            "After hours greeting",
            f"Thank you for calling {business.name}. We are closed at the moment. For our opening "
            "hours, press 1. To leave a message for the person on call, press 2. To say whom you "
            "want to speak to, press 5. For the receptionist, press 0.",
        ),
        keys=[
            _key("1", "ANNOUNCEMENT_RETURN", hours.sid),
            _key("2", "VOICEMAIL"),
            _key("5", "DIAL_BY_NAME"),
            _key("6", "DIAL_BY_EXTENSION"),
            _key("0", "TRANSFER_TO_RECEPTIONIST"),
        ],
    )
    return weekday, night


# What the menu says, what to bring, how to pay.
_QUESTIONS = {
    "W0411": (
        "For what to bring when you come, press 1. For payment, press 2. To go back, press star.",
        "Please bring your insurance card, a list of your medicines, and any recent X-rays.",
        "We take cards and cash, and we send the bill to most insurance plans for you.",
    ),
    "W0422": (
        "For what to do until we come, press 1. For payment, press 2. To go back, press star.",
        "Please close the main valve, switch off the boiler, and keep the way to the leak free.",
        "You get an estimate before we begin. We take cards, checks and bank transfers.",
    ),
}
_DIRECTIONS = {
    "W0411": "You find us on the second floor, next to the library. The entrance is at the back.",
    "W0422": "Our workshop is behind the old mill. Please ring at the blue door.",
}


def _schedule(business: Business, system: System, weekday: Menu, night: Menu, at: datetime) -> None:
    opens, closes = time(8, 0), time(18, 0)
    week = [WeekSpan(weekday.sid, day, opens, closes) for day in range(1, 6)]
    week += [WeekSpan(night.sid, day, _MIDNIGHT, opens) for day in range(1, 6)]
    week += [WeekSpan(night.sid, day, closes, _MIDNIGHT) for day in range(1, 6)]
    week += [WeekSpan(night.sid, day, _MIDNIGHT, _MIDNIGHT) for day in (6, 7)]
    actions.set_weekly_schedule(system=system, entries=week, at=at)
    today = at.astimezone(ZoneInfo(business.time_zone)).date()
    ranges = [DateSpan(night.sid, day, day) for day in _holidays(today)]
    actions.set_date_ranges(system=system, ranges=ranges, at=at)


def _holidays(today: date) -> list[date]:
    """The next New Year's Day and Fourth of July that are not today."""
    found = []
    for month, day in ((1, 1), (7, 4)):
        this_year = date(today.year, month, day)
        found.append(this_year if this_year > today else date(today.year + 1, month, day))
    return sorted(found)
