"""Messages to look at, and people who are signed in."""

from __future__ import annotations

import io
import wave
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

if TYPE_CHECKING:
    from deskbell.accounts.models import Account, PhoneNumber, User
    from deskbell.attendant.models import System
    from deskbell.messages.models import Message
    from deskbell.oncall.models import EscalationLevel
    from deskbell.scripts.models import Script

TakeMessage = Callable[..., "Message"]


@pytest.fixture(autouse=True)
def seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions were seen lately, so that no page's queries are counted with writing that down."""
    monkeypatch.setattr("deskbell.portal.sign_in.seen.EVERY_SECONDS", float("inf"))


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """Makes a client in which a person is signed in."""

    def make(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return make


@pytest.fixture
def page(signed_in: Callable[[User], Client], alice: User) -> Client:
    """alice's client."""
    return signed_in(alice)


@pytest.fixture
def take(acme: Account, at: datetime) -> TakeMessage:
    """Takes a message of Acme; keyword arguments as in `Taken`, and `at`."""
    from deskbell.messages.actions import Taken
    from deskbell.messages.actions import take as take_message
    from deskbell.platform.tenancy import account_scope

    def make(content: str = "Please call back", **details: Any) -> Message:
        when = details.pop("at", at)
        with account_scope(acme.pk):
            return take_message(account_id=acme.pk, taken=Taken(content, **details), at=when)

    return make


def second_of_sound() -> bytes:
    """A WAV file: one second of a quiet hum, 16-bit mono at 8 kHz."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(8000)
        writer.writeframes(b"\x00\x08\x00\xf8" * 4000)
    return file.getvalue()


@pytest.fixture
def recorded(acme: Account, acme_number: PhoneNumber, take: TakeMessage, at: datetime) -> Message:
    """A message with a recording."""
    from deskbell.calls.actions import begin, keep_recording
    from deskbell.foundation.sids import new_sid
    from deskbell.platform.tenancy import account_scope

    with account_scope(acme.pk):
        call = begin(
            account_id=acme.pk,
            sid=new_sid("CA"),
            number=acme_number,
            caller_id="2125550134",
            caller_name="",
            dialled=acme_number.number,
            at=at,
        )
        sound = keep_recording(
            sid=new_sid("RE"), call_sid=call.sid, wav=second_of_sound(), seconds=1, at=at
        )
    return take("", recording=sound, call=call)


@pytest.fixture
def attendant(acme: Account, acme_number: PhoneNumber, at: datetime) -> System:
    """Acme's system "Main line": menus Day and Night, hours, its number, two extensions."""
    from datetime import time

    from deskbell.accounts.actions import add_number
    from deskbell.attendant import actions
    from deskbell.attendant.rules import WeekSpan
    from deskbell.platform.tenancy import account_scope

    with account_scope(acme.pk):
        system = actions.add_system(
            account=acme, name="Main line", time_zone="America/New_York", at=at
        )
        day = actions.add_menu(system=system, name="Day", color_code="#e56052", at=at)
        night = actions.add_menu(system=system, name="Night", color_code="#3b6fb6", at=at)
        to_night = {"actionType": "GO_TO_MENU", "actionData": night.sid}
        actions.edit_menu(menu=day, keys=[{"menuKey": "1", "menuAction": to_night}], at=at)
        week = [WeekSpan(day.sid, each, time(8), time(18)) for each in range(1, 6)]
        actions.set_weekly_schedule(system=system, entries=week, at=at)
        actions.set_numbers(system=system, numbers=[acme_number], at=at)
        for extension, name in (("101", "Ines Ortega"), ("102", "Otto Brandt")):
            add_number(
                account=acme,
                number=f"+1 212 555 0{extension}",
                extension=extension,
                spoken_name=name,
                at=at,
            )
    return system


@pytest.fixture
def level(acme: Account, at: datetime) -> EscalationLevel:
    """A level of Acme's that nobody is on call on."""
    from deskbell.oncall.actions import add_level
    from deskbell.platform.tenancy import account_scope

    with account_scope(acme.pk):
        return add_level(account_id=acme.pk, name="Dentist on call", at=at)


@pytest.fixture
def script(acme: Account, acme_number: PhoneNumber, level: EscalationLevel, at: datetime) -> Script:
    """A published script that Acme's number reads."""
    from deskbell.platform.tenancy import account_scope
    from deskbell.portal.tests.scripted import content_for
    from deskbell.scripts import actions, queries

    with account_scope(acme.pk):
        made = actions.add_script(
            account_id=acme.pk,
            name="Front desk",
            by="olivia@example.com",
            at=at,
            content=content_for(level.pk),
        )
        actions.publish(script=made, known_levels={level.pk}, by="olivia@example.com", at=at)
        actions.use_script(number=acme_number, script=made, at=at)
        return queries.one(made.pk)


@pytest.fixture
def rita_in(rita: User, signed_in: Callable[[User], Client]) -> Client:
    """rita's client."""
    return signed_in(rita)


@pytest.fixture
def url(script: Script) -> str:
    """Where the script is shown."""
    return f"/scripts/{script.pk}/"
