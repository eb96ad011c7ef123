"""Ids of another account, typed into forms that are one's own, reach nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from deskbell.accounts.models import Account, User
from deskbell.contacts.actions import add_contact
from deskbell.contacts.models import Contact, DeliveryMethod
from deskbell.delivery.actions import add_checked_method, deliver
from deskbell.delivery.models import Delivery
from deskbell.messages.actions import Taken, add_note, take
from deskbell.messages.models import Note
from deskbell.oncall.actions import add_event, add_level
from deskbell.oncall.imports import packed
from deskbell.oncall.models import EscalationLevel, Event, OncallDefaults, Override
from deskbell.platform.tenancy import account_scope, system_scope

pytestmark = pytest.mark.django_db
CALENDAR = (
    b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Alice\r\nDTSTART:20991204T090000\r\n"
    b"DTEND:20991204T170000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
SPAN = {
    "starts_date": "2031-03-05",
    "starts_time": "09:00",
    "ends_date": "2031-03-05",
    "ends_time": "17:00",
}


def world(account: Account, at: datetime) -> dict[str, str]:
    """Somebody on call on a level of an account; the ids of all that."""
    with account_scope(account.pk):
        contact = add_contact(account_id=account.pk, name="Somebody", at=at)
        method = add_checked_method(contact=contact, kind="email", address="s@example.com", at=at)
        level = add_level(account_id=account.pk, name="Days", at=at)
        starts = datetime.combine(at.date(), time(8))
        event = add_event(
            level=level, methods=[method], starts=starts, ends=starts.replace(hour=17), at=at
        )
        message = take(account_id=account.pk, taken=Taken("The pump leaks"), at=at)
        note = add_note(message=message, text="Called", by="Somebody", at=at)
        [delivery] = deliver(
            message=message, methods=[method], level_id=None, level_name="", attempt=1, at=at
        )
        Delivery.objects.filter(pk=delivery.pk).update(state="failed")
    return {
        "message": str(message.pk),
        "note": str(note.pk),
        "delivery": str(delivery.pk),
        "contact": str(contact.pk),
        "method": str(method.pk),
        "level": str(level.pk),
        "event": str(event.pk),
    }


@pytest.fixture
def own(acme: Account, at: datetime) -> dict[str, str]:
    return world(acme, at)


@pytest.fixture
def theirs(other: Account, at: datetime) -> dict[str, str]:
    return world(other, at)


def everything() -> list[Any]:
    """All rows of calendars of all accounts, and what they refer to."""
    with system_scope("test"):
        return [
            list(Contact.objects.order_by("pk").values()),
            list(DeliveryMethod.objects.order_by("pk").values()),
            list(EscalationLevel.objects.order_by("pk").values()),
            list(Event.objects.order_by("pk").values()),
            list(Event.methods.through.objects.order_by("pk").values()),
            list(Override.objects.order_by("pk").values()),
            list(Override.methods.through.objects.order_by("pk").values()),
            list(OncallDefaults.objects.order_by("pk").values()),
            list(Delivery.objects.order_by("pk").values()),
            list(Note.objects.order_by("pk").values()),
        ]


EVENT = {**SPAN, "frequency": "once", "interval": "1", "ending": "never"}
LEVEL = {"name": "New", "repeat": "0", "repeat_minutes": "5", "wait_minutes": "5", "loops": "0"}
FORMS: dict[str, tuple[str, Mapping[str, Any]]] = {
    "whom a message is forwarded to": (
        "/messages/{o[message]}/forward/", {"method": ["{o[method]}", "{t[method]}"]}
    ),
    "another's message to forward": ("/messages/{t[message]}/forward/", {"method": "{o[method]}"}),
    "another's message to note on": ("/messages/{t[message]}/notes/", {"text": "Mine"}),
    "another's note": ("/messages/{o[message]}/notes/{t[note]}/remove/", {}),
    "another's delivery": ("/messages/{o[message]}/deliveries/{t[delivery]}/send-again/", {}),
    "an event's level": (
        "/oncall/events/new/", {**EVENT, "level": "{t[level]}", "methods": ["{o[method]}"]}
    ),
    "an event's method": (
        "/oncall/events/new/", {**EVENT, "level": "{o[level]}", "methods": ["{t[method]}"]}
    ),
    "one of an event's methods": (
        "/oncall/events/new/",
        {**EVENT, "level": "{o[level]}", "methods": ["{o[method]}", "{t[method]}"]},
    ),
    "an event's new method": (
        "/oncall/events/{o[event]}/",
        {**EVENT, "level": "{o[level]}", "methods": ["{o[method]}", "{t[method]}"]},
    ),
    "an event's new level": (
        "/oncall/events/{o[event]}/",
        {**EVENT, "level": "{t[level]}", "methods": ["{o[method]}"]},
    ),
    "where an event is cloned to": ("/oncall/events/{o[event]}/clone/", {"level": "{t[level]}"}),
    "a cover's level": (
        "/oncall/covers/new/",
        {**SPAN, "kind": "add", "level": "{t[level]}", "methods": ["{o[method]}"]},
    ),
    "a cover's contact": (
        "/oncall/covers/new/",
        {**SPAN, "kind": "remove", "level": "{o[level]}", "contact": "{t[contact]}"},
    ),
    "a cover's method": (
        "/oncall/covers/new/",
        {**SPAN, "kind": "add", "level": "{o[level]}", "methods": ["{t[method]}"]},
    ),
    "a level's next": ("/oncall/levels/new/", {**LEVEL, "next_level": "{t[level]}"}),
    "a level's fallback": ("/oncall/levels/new/", {**LEVEL, "fallback": "{t[contact]}"}),
    "where a level is cloned to": (
        "/oncall/levels/{o[level]}/clone/",
        {"level": "{t[level]}", "onto": "{t[level]}", "way": "add"},
    ),
    "the order of levels": ("/oncall/levels/order/", {"order": ["{t[level]}", "{o[level]}"]}),
    "a level moved up": ("/oncall/levels/order/", {"up": "{t[level]}"}),
    "the account's fallback": (
        "/oncall/levels/defaults/",
        {"fallback": "{t[contact]}", "start": "09:00", "end": "17:00"},
    ),
    "contacts to merge": (
        "/oncall/contacts/merge/",
        {"contacts": ["{o[contact]}", "{t[contact]}"], "name": "One", "confirmed": "1"},
    ),
    "a method of another's contact": (
        "/oncall/contacts/{o[contact]}/methods/{t[method]}/delete/", {}
    ),
    "a code for another's method": ("/oncall/contacts/{o[contact]}/methods/{t[method]}/code/", {}),
    "where a calendar is brought": (
        "/oncall/feeds/import/",
        {"packed": packed(CALENDAR), "level": "{t[level]}", "who-0": "{o[contact]}", "key": "0"},
    ),
    "who is on call in a calendar": (
        "/oncall/feeds/import/",
        {"packed": packed(CALENDAR), "level": "{o[level]}", "who-0": "{t[contact]}", "key": "0"},
    ),
}  # fmt: skip


def send(client: Client, name: str, o: Mapping[str, str], t: Mapping[str, str]) -> HttpResponse:
    """Opens the form, as a browser does, and sends it."""
    path, fields = FORMS[name]
    address = filled(path, o, t)
    seen = re.search(r'name="seen" value="([^"]*)"', client.get(address).content.decode())
    form = {field: filled(value, o, t) for field, value in fields.items()}
    return client.post(address, {**form, "seen": seen[1] if seen else ""})  # type: ignore[return-value]


def filled(value: Any, o: Mapping[str, str], t: Mapping[str, str]) -> Any:
    """A form's value with ids of one's own (`o`) and of the other account (`t`)."""
    if isinstance(value, list):
        return [filled(each, o, t) for each in value]
    return value.format(o=o, t=t)


@pytest.mark.parametrize("name", FORMS)
def test_another_accounts_ids_change_nothing(
    name: str, alice: User, own: dict[str, str], theirs: dict[str, str]
) -> None:
    client = Client()
    client.force_login(alice)
    client.post("/oncall/levels/order/", {"order": own["level"]})
    before = everything()
    assert send(client, name, own, theirs).status_code < 500
    assert everything() == before


OF_THE_SAME = {"another's note", "another's delivery"}
NEVER_SHOWN = {"the order of levels", "a level moved up", "a code for another's method"}


@pytest.mark.parametrize("name", [each for each in FORMS if each not in NEVER_SHOWN])
def test_the_same_form_with_ones_own_ids_works(
    name: str, alice: User, own: dict[str, str], at: datetime, acme: Account
) -> None:
    """Without this, a form that is wrong for another reason would pass."""
    second = own if "method of" in name or name in OF_THE_SAME else world(acme, at)
    client = Client()
    client.force_login(alice)
    before = everything()
    answer = send(client, name, own, second)
    assert answer.status_code in {200, 302}, errors_in(answer)
    assert everything() != before


def errors_in(answer: HttpResponse) -> list[str]:
    """What a form says is wrong."""
    found = re.findall(r'_error">(.*?)</div>', answer.content.decode(), re.DOTALL)
    return [each for each in found if each.strip()]
