"""A message rings the SIP phone of whoever is on call, is spoken, and is answered by a key."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest

from deskbell.cli import postgres
from tests.desk import OURS, ROOT, Desk, running_desk, text_of, until
from tests.phone import Phone
from tests.phone_incoming import Incoming

pytestmark = [pytest.mark.journey, pytest.mark.timeout(400)]
TAKE = """
import django; django.setup()
from deskbell.accounts.models import Account
from deskbell.foundation.clock import now
from deskbell.messages.actions import Taken, take
from deskbell.oncall.models import EscalationLevel
from deskbell.platform.tenancy import system_scope
with system_scope("a journey leaves a message"):
    account = Account.objects.get(number="W0411")
    level = EscalationLevel.objects.get(account=account, name="On call")
    taken = Taken(content="The pump leaks", phone="+12125550187", escalation_level_id=level.pk)
    print(take(account_id=account.pk, taken=taken, at=now()).pk)
"""


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with running_desk() as running:
        yield running


def leave_message(desk: Desk) -> int:
    """A message for who is on call, as the attendant would take it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    told = {
        "DESKBELL_DATA_DIR": str(desk.folder),
        "DATABASE_URL": postgres.url_of(desk.folder / "postgres"),
        "DJANGO_SETTINGS_MODULE": "deskbell.config.settings",
        "PYTHONPATH": str(ROOT / "src"),
    }
    done = subprocess.run(
        [sys.executable, "-c", TAKE], env=kept | told, capture_output=True, check=True, timeout=60
    )
    return int(done.stdout)


def phones(desk: Desk) -> list[dict[str, Any]]:
    return list(desk.account["phones"])


async def first_rung(open_phones: list[Phone]) -> Incoming:
    """The first call that comes to any of the phones."""
    waiting = {asyncio.create_task(each.rung(within=40)) for each in open_phones}
    done, others = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for each in others:
        each.cancel()
    return done.pop().result()


def deliveries(desk: Desk, message: int) -> list[Any]:
    found = desk.rows(
        "SELECT state, answer FROM delivery_delivery WHERE message_id = %s AND kind = 'call'"
        " ORDER BY id",
        message,
    )
    return [tuple(each) for each in found]


def message_row(desk: Desk, message: int) -> tuple[str, str]:
    [row] = desk.rows(
        "SELECT status, acknowledged_from FROM deskbell_messages_message WHERE id = %s", message
    )
    return row[0], row[1]


async def with_phones(desk: Desk, act: Any) -> None:
    async with AsyncExitStack() as stack:
        opened = []
        for told in phones(desk):
            phone = await stack.enter_async_context(Phone(desk.sip, user=told["username"]))
            assert (await phone.register(phone.user, told["password"])).code == 200
            opened.append(phone)
        await act(opened)


def test_without_a_phone_the_call_is_no_failure(desk: Desk) -> None:
    message = leave_message(desk)
    [(state, answer)] = until(
        lambda: [each for each in deliveries(desk, message)[:1] if each[1]], 30, "no delivery"
    )
    assert state == "unanswered"
    assert "not connected" in answer
    take_it(desk, message)


def test_a_key_in_the_call_acknowledges_the_message(desk: Desk) -> None:
    async def act(opened: list[Phone]) -> None:
        message = await asyncio.to_thread(leave_message, desk)
        call = await first_rung(opened)
        call.ring()
        call.answer()
        await call.hears_more(16_000, within=30)
        call.press("1")
        await call.ended(within=30)
        assert await asyncio.to_thread(message_row, desk, message) == ("acknowledged", "call")

    asyncio.run(with_phones(desk, act))


def test_a_message_that_somebody_takes_meanwhile_stops_ringing(desk: Desk) -> None:
    async def act(opened: list[Phone]) -> None:
        message = await asyncio.to_thread(leave_message, desk)
        call = await first_rung(opened)
        call.ring()
        await asyncio.to_thread(take_it, desk, message)
        await call.ended(within=20)
        assert call.is_cancelled

    asyncio.run(with_phones(desk, act))


def test_a_busy_phone_is_rung_again(desk: Desk) -> None:
    async def act(opened: list[Phone]) -> None:
        message = await asyncio.to_thread(leave_message, desk)
        call = await first_rung(opened)
        call.ring()
        call.refuse(486)
        found = await asyncio.to_thread(
            until,
            lambda: [each for each in deliveries(desk, message) if "busy" in each[1]],
            20,
            "nobody says that it was busy",
        )
        assert found[0][0] == "retrying"

    asyncio.run(with_phones(desk, act))


def take_it(desk: Desk, message: int) -> None:
    """Somebody acknowledges the message by the link in its mail."""
    mails = until(lambda: desk.inbox.about(message), 30, "no mail of the message")
    link = re.search(r"http://\S+/ack/\S+", text_of(mails[0]))
    assert link
    answer = httpx.post(link[0], data={"answer": "acknowledge"})
    assert answer.status_code in {200, 303}
