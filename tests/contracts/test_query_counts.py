"""Every list costs as many queries for many rows as for few."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deskbell.accounts.actions import add_number, add_user, invite, join, make_api_token
from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.attendant import actions as attendant
from deskbell.attendant.rules import WeekSpan
from deskbell.calls.actions import begin
from deskbell.contacts.actions import add_contact, add_method
from deskbell.delivery.actions import deliver
from deskbell.foundation.clock import now
from deskbell.foundation.sids import new_sid
from deskbell.messages.actions import Taken, add_note, take
from deskbell.messages.models import Message
from deskbell.oncall import actions as oncall
from deskbell.platform.tenancy import account_scope
from deskbell.scripts import actions as scripts
from deskbell.todos import actions as to_dos
from deskbell.todos.models import Run, RunState

pytestmark = pytest.mark.django_db
PAGES = (
    "/",
    "/accounts/",
    "/accounts/users/",
    "/account/choose/",
    "/messages/",
    "/messages/?tab=acknowledged",
    "/messages/live/",
    "/messages/{message}/",
    "/messages/{message}/live/",
    "/messages/{message}/forward/",
    "/oncall/",
    "/attendant/",
    "/attendant/systems/",
    "/attendant/menus/",
    "/attendant/announcements/",
    "/attendant/schedules/",
    "/attendant/numbers/",
    "/attendant/history/",
    "/scripts/",
    "/profile/",
    "/keys/",
    "/to-dos/",
    "/to-dos/list/",
    "/api/v2/to_dos",
    "/api/v2/messages",
    "/api/v2/messages/{message}/activities",
)


def grow(acme: Account, number: PhoneNumber, message: Message, index: int) -> None:
    """One more of everything that any of the pages lists."""
    at = now()
    contact = add_contact(account_id=acme.pk, name=f"Contact {index}", at=at)
    method = add_method(contact=contact, kind="email", address="a@example.com", at=at)
    level = oncall.add_level(account_id=acme.pk, name=f"Level {index}", at=at, fallback=contact)
    start = datetime.combine(at.date() - timedelta(days=1), time(0))
    oncall.add_event(
        level=level,
        methods=[method],
        starts=start,
        ends=start.replace(hour=23, minute=59),
        frequency="daily",
        at=at,
    )
    add_note(message=message, text=f"Note {index}", by="Bob", at=at)
    deliver(message=message, methods=[method], level_id=level.pk, level_name="", attempt=1, at=at)
    call = begin(
        account_id=acme.pk,
        sid=new_sid("CA"),
        number=number,
        caller_id="+12125550134",
        caller_name="",
        dialled=number.number,
        at=at,
    )
    taken = Taken("The tooth hurts", call=call, number=number, escalation_level_id=level.pk)
    oncall.escalate(message_id=take(account_id=acme.pk, taken=taken, at=at).pk, at=at)
    add_attendant(acme, index, at)
    add_to_do(acme, at)
    add_person(acme, index, at)
    make_api_token(account=acme, name=f"Token {index}", scopes=["messages:read"], at=at)


def add_person(acme: Account, index: int, at: datetime) -> None:
    """Somebody in the account, and somebody who is invited to it."""
    user = add_user(email=f"m{index}@example.com", name="", password=None, at=at)
    join(user=user, account=acme)
    alice = User.objects.get(email="alice@example.com")
    invite(email=f"i{index}@example.com", name="", account=acme, by=alice, at=at)


def add_to_do(acme: Account, at: datetime) -> None:
    """A To Do that ran."""
    fields = to_dos.Fields(delivery_type="sms", contact="2125550177", message_text="Hello")
    when = {"frequency": "daily", "times": ["9:00 AM"]}
    made = to_dos.add_to_do(account_id=acme.pk, fields=fields, when=when, at=at)
    Run.objects.create(account=acme, to_do=made, due_at=at, state=RunState.SENT)


def add_attendant(acme: Account, index: int, at: datetime) -> None:
    """A system with a number, a menu, an announcement and hours."""
    system = attendant.add_system(account=acme, at=at, name=f"System {index}")
    line = add_number(account=acme, number=f"+1212555{1000 + index}", at=at)
    attendant.assign_number(system=system, phone_number=line, at=at)
    said = attendant.add_announcement(account=acme, name="Hours", body="We are open", at=at)
    menu = attendant.add_menu(system=system, at=at, name=f"Menu {index}", announcement=said)
    script = scripts.add_script(account_id=acme.pk, name=f"Script {index}", by="rita", at=at)
    scripts.publish(script=script, known_levels=(), by="rita", at=at)
    scripts.use_script(number=line, script=script, at=at)
    hours = [WeekSpan(menu.sid, 1, time(8), time(18))]
    attendant.set_weekly_schedule(system=system, entries=hours, at=at)


def queries(client: Client, page: str) -> list[str]:
    """What is asked of the database for a page."""
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(page)
    assert answer.status_code == 200
    return [query["sql"] for query in captured]


def test_no_list_asks_more_for_more(
    acme: Account, acme_number: PhoneNumber, alice: User, at: datetime
) -> None:
    client = Client()
    client.force_login(alice)
    token = make_api_token(account=acme, name="own", scopes=["messages:read", "to_dos:read"], at=at)
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    with account_scope(acme.pk):
        message = take(account_id=acme.pk, taken=Taken("Many tries"), at=at)
        for index in range(2):
            grow(acme, acme_number, message, index)
    pages = [page.format(message=message.pk) for page in PAGES]
    for page in pages:
        client.get(page)  # read for the first time
    few = {page: queries(client, page) for page in pages}
    with account_scope(acme.pk):
        for index in range(2, 9):
            grow(acme, acme_number, message, index)
    for page in pages:
        many = queries(client, page)
        assert len(many) == len(few[page]), [page, *sorted(many)]
        assert len(many) <= 30
