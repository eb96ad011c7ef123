"""The findings of a whole account, from its rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.attendant import actions, plans
from deskbell.attendant.models import Menu, Prompt, System
from deskbell.attendant.rules import WeekSpan
from deskbell.contacts.actions import add_contact, add_method
from deskbell.contacts.models import DeliveryMethod
from deskbell.doctor.findings import Finding
from deskbell.doctor.queries import findings
from deskbell.foundation.carriers import CarrierKeys
from deskbell.foundation.environment import environment
from deskbell.lines.actions import add_trunk, set_limits
from deskbell.oncall import actions as oncall
from deskbell.oncall.models import EscalationLevel, Event
from deskbell.platform.tenancy import account_scope

MIDNIGHT = datetime.min.time()


@pytest.fixture
def in_acme(acme: Account) -> Iterator[Account]:
    with account_scope(acme.pk):
        yield acme


@pytest.fixture
def level(in_acme: Account, at: datetime) -> EscalationLevel:
    return oncall.add_level(account_id=in_acme.pk, name="First line", at=at, repeat=2)


@pytest.fixture
def system(
    in_acme: Account, acme_number: PhoneNumber, level: EscalationLevel, at: datetime
) -> System:
    """Answers day and night with one menu that takes messages."""
    made = actions.add_system(account=in_acme, at=at, name="Main", voicemail_level=level)
    actions.assign_number(system=made, phone_number=acme_number, at=at)
    menu = add_menu(made, at, VOICEMAIL)
    week = [WeekSpan(menu.sid, day, MIDNIGHT, MIDNIGHT) for day in range(1, 8)]
    actions.set_weekly_schedule(system=made, entries=week, at=at)
    return made


VOICEMAIL = {"actionType": "VOICEMAIL"}


def add_menu(system: System, at: datetime, action: dict[str, Any]) -> Menu:
    words = actions.add_announcement(account=system.account, name="Greeting", body="Press 1", at=at)
    keys = [{"menuKey": "1", "menuAction": action}]
    return actions.add_menu(system=system, at=at, name="Day", announcement=words, keys=keys)


def put(level: EscalationLevel, at: datetime, kind: str = "email", **fields: Any) -> Event:
    address = "+12125550199" if kind == "call" else "anna@example.com"
    contact = add_contact(account_id=level.account_id, name="Anna", at=at)
    method = add_method(contact=contact, kind=kind, address=address, at=at)
    start = datetime.combine(at.date() - timedelta(days=1), MIDNIGHT)
    wanted: dict[str, Any] = {
        "ends": start.replace(hour=23, minute=59),
        "frequency": "daily",
    } | fields
    return oncall.add_event(level=level, methods=[method], starts=start, at=at, **wanted)


def codes(found: list[Finding]) -> list[str]:
    return [finding.code for finding in found]


def test_an_account_that_is_well_has_no_findings(
    system: System, level: EscalationLevel, at: datetime
) -> None:
    put(level, at)
    assert findings(system.account_id, at=at) == []


def test_a_level_without_shifts_or_with_holes_is_found(
    system: System, level: EscalationLevel, at: datetime
) -> None:
    [found] = findings(system.account_id, at=at)
    assert (found.code, found.severity, found.sid) == (
        "level_without_shift",
        "error",
        str(level.pk),
    )
    start = datetime.combine(at.date() - timedelta(days=1), MIDNIGHT)
    put(level, at, ends=start.replace(hour=12))
    [found] = findings(system.account_id, at=at)
    assert (found.code, found.severity) == ("level_with_gaps", "warning")
    assert found.words.startswith(
        'Nobody is on call on "First line" at times: Wednesday, March 4, 2026, 12 PM to '
        "Thursday, March 5, 2026, 12 AM; "
    )


def test_a_fallback_catches_what_holes_let_through(
    system: System, level: EscalationLevel, at: datetime
) -> None:
    contact = add_contact(account_id=system.account_id, name="Bill", at=at)
    oncall.set_defaults(account_id=system.account_id, fallback=contact)
    [found] = findings(system.account_id, at=at)
    assert (found.code, found.severity) == ("level_without_shift", "warning")


def test_a_shift_whose_methods_are_gone_reaches_nobody(
    system: System, level: EscalationLevel, at: datetime
) -> None:
    put(level, at)
    DeliveryMethod.objects.all().delete()
    assert codes(findings(system.account_id, at=at)) == ["level_without_shift"]


def test_overrides_are_minded(system: System, level: EscalationLevel, at: datetime) -> None:
    [anna] = put(level, at).methods.select_related("contact")
    bill = add_contact(account_id=system.account_id, name="Bill", at=at)
    phone = add_method(contact=bill, kind="call", address="+12125550198", at=at)
    on_call = {"actionType": "TRANSFER_TO_ONCALL", "actionData": str(level.pk)}
    keys = [{"menuKey": "1", "menuAction": on_call}]
    actions.edit_menu(menu=Menu.objects.get(system=system), at=at, keys=keys)
    start = datetime.combine(at.date(), MIDNIGHT)
    away: dict[str, Any] = {
        "account_id": system.account_id,
        "level": level,
        "contact": anna.contact,
        "starts": start,
        "ends": start + timedelta(days=2),
        "at": at,
    }
    cover = oncall.add_override(kind="replace", methods=[phone], **away)
    assert codes(findings(system.account_id, at=at)) == ["no_trunk"]
    oncall.remove_override(override=cover)
    oncall.add_override(kind="remove", methods=[], **away)
    found = codes(findings(system.account_id, at=at))
    assert found == ["no_trunk", "level_with_gaps", "level_without_phone"]


def test_chains_end_where_nothing_follows(
    system: System, level: EscalationLevel, at: datetime
) -> None:
    last = oncall.add_level(account_id=system.account_id, name="Last", at=at)
    put(level, at)
    put(last, at)
    [found] = findings(system.account_id, at=at)
    assert (found.code, found.sid) == ("chain_ends", str(last.pk))


def test_callers_are_transferred_to_those_who_have_a_phone(
    system: System, level: EscalationLevel, at: datetime
) -> None:
    menu = Menu.objects.get(system=system)
    on_call = {"actionType": "TRANSFER_TO_ONCALL", "actionData": str(level.pk)}
    actions.edit_menu(menu=menu, at=at, keys=[{"menuKey": "1", "menuAction": on_call}])
    put(level, at)
    assert codes(findings(system.account_id, at=at)) == ["no_trunk", "level_without_phone"]
    put(level, at, kind="call")
    assert codes(findings(system.account_id, at=at)) == ["no_trunk"]
    add_trunk(name="carrier", outgoing="sip.example.com", at=at)
    assert codes(findings(system.account_id, at=at)) == []


def test_telephones_that_a_trunk_a_phone_or_a_carrier_reaches(
    system: System, level: EscalationLevel, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(level, at)
    menu = Menu.objects.get(system=system)
    keys = [
        {"menuKey": key, "menuAction": {"actionType": "TRANSFER_TO_PHONE", "actionData": number}}
        for key, number in (("1", "+12125550199"), ("2", "+442071838750"))
    ]
    actions.edit_menu(menu=menu, at=at, keys=keys)
    assert codes(findings(system.account_id, at=at)) == ["may_not_call", "no_trunk"]
    add_trunk(name="carrier", outgoing="sip.example.com", prefixes=["+1"], at=at)
    assert codes(findings(system.account_id, at=at)) == ["may_not_call"]
    set_limits(account=system.account, prefixes=["+1", "+44"], calls_out=None)
    [found] = findings(system.account_id, at=at)
    assert (found.code, "+442071838750" in found.words) == ("no_trunk", True)
    hosted = {"twilio": CarrierKeys("AC1", "token", "token")}
    monkeypatch.setattr(settings, "ENVIRONMENT", replace(environment(), carriers=hosted))
    assert codes(findings(system.account_id, at=at)) == []


def test_a_menu_of_the_emergency_switch_is_reached_while_it_is_on(
    system: System, level: EscalationLevel, at: datetime
) -> None:
    put(level, at)
    menu = add_menu(system, at, VOICEMAIL)
    assert codes(findings(system.account_id, at=at)) == ["menu_unreachable"]
    actions.set_emergency(system=system, until=at + timedelta(hours=2), menu=menu, at=at)
    assert findings(system.account_id, at=at) == []
    assert codes(findings(system.account_id, at=at + timedelta(hours=2))) == ["menu_unreachable"]


def test_a_draft_is_looked_at_instead(system: System, level: EscalationLevel, at: datetime) -> None:
    put(level, at)
    live = plans.read(system.account_id)
    draft = replace(live, systems=(replace(live.systems[0], numbers=()),))
    assert codes(findings(system.account_id, at=at, plan=draft)) == [
        "system_without_number",
        "number_leads_nowhere",
    ]
    assert findings(system.account_id, at=at) == []


def test_the_length_of_audio_is_known(system: System, level: EscalationLevel, at: datetime) -> None:
    put(level, at)
    prompt = actions.keep_prompt(b"\x10" * 8000 * 61)
    menu = Menu.objects.get(system=system)
    words = actions.add_announcement(account=system.account, name="Long", type="play", at=at)
    words.prompt = Prompt.objects.get(pk=prompt.pk)
    words.save()
    actions.edit_menu(menu=menu, at=at, announcement=words)
    found = findings(system.account_id, at=at)
    assert codes(found) == ["announcement_unused", "announcement_long"]
    assert found[1].words.startswith('"Long" lasts 61 seconds')


def test_another_account_has_no_part_in_it(
    system: System, level: EscalationLevel, other: Account, at: datetime
) -> None:
    with account_scope(other.pk):
        assert findings(other.pk, at=at) == []


def test_the_cost_does_not_grow(system: System, level: EscalationLevel, at: datetime) -> None:
    put(level, at)
    with CaptureQueriesContext(connection) as few:
        findings(system.account_id, at=at)
    for place in range(5):
        extra = oncall.add_level(
            account_id=system.account_id, name=f"Level {place}", at=at, repeat=1
        )
        put(extra, at)
        add_menu(system, at, VOICEMAIL)
    with CaptureQueriesContext(connection) as many:
        findings(system.account_id, at=at)
    assert len(many) == len(few)
