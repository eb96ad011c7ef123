"""A message goes out as a text by a real worker, and is answered from the demo's handset."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.contacts.actions import add_contact
from deskbell.delivery import actions
from deskbell.delivery.models import Delivery, DeliveryState
from deskbell.foundation.carriers import read_text_server
from deskbell.foundation.clock import now
from deskbell.foundation.environment import Address
from deskbell.messages.actions import Taken, take
from deskbell.messages.models import Message, MessageStatus
from deskbell.oncall.actions import add_event, add_level
from deskbell.oncall.models import EscalationLevel
from deskbell.platform.tenancy import account_scope
from tests.workers import until

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]
PHONE = "+12125550134"


@pytest.fixture
def told(live_server: Any, settings: Settings, tmp_path: Path) -> dict[str, str]:
    """What `up --demo` tells its processes: texts go to the handset of this very web server."""
    host = f"127.0.0.1:{live_server.thread.port}"
    variables = {
        "DESKBELL_DATA_DIR": str(tmp_path),
        "DESKBELL_HTTP": host,
        "DESKBELL_PUBLIC_URL": f"http://{host}",
        "DESKBELL_PRIVATE_HOSTS": host,
        "DESKBELL_TEXTS": f"http://demo:secret@{host}/demo/handset",
    }
    settings.ENVIRONMENT = dataclasses.replace(
        settings.ENVIRONMENT,
        http=Address("127.0.0.1", live_server.thread.port),
        public_url=f"http://{host}",
        data_dir=tmp_path,
        text_server=read_text_server(variables),
    )
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    return variables


@pytest.fixture
def handset(told: dict[str, str], monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Client:
    """A browser at the handset's page, whose texts lie in this test's folder."""
    from deskbell.demo import folders

    monkeypatch.setattr(folders, "environment", lambda: settings.ENVIRONMENT)
    return Client(HTTP_HOST="127.0.0.1")


@pytest.fixture
def worker(told: dict[str, str], tmp_path: Path) -> Iterator[None]:
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
    variables = os.environ | told | {"DATABASE_URL": url, "PYTHONPATH": str(ROOT / "src")}
    log = tmp_path / "worker.log"
    with log.open("wb") as output:
        argv = [sys.executable, "-m", "deskbell.worker"]
        process = subprocess.Popen(argv, env=variables, stderr=output)
    try:
        ready = tmp_path / "run" / "worker.ready"
        until(lambda: ready.exists() or process.poll() is not None)
        assert process.poll() is None, log.read_text()
        yield
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def on_call(acme: Account, acme_number: PhoneNumber) -> EscalationLevel:
    """A level on which Alice's phone is texted, around the clock."""
    at = now()
    with account_scope(acme.pk):
        level = add_level(
            account_id=acme.pk, name="Days", at=at, repeat=2, repeat_seconds=600, wait_seconds=600
        )
        contact = add_contact(account_id=acme.pk, name="Alice", at=at)
        method = actions.add_checked_method(contact=contact, kind="sms", address=PHONE, at=at)
        day = at.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        add_event(
            level=level,
            methods=[method],
            starts=day.replace(day=1),
            ends=day.replace(day=1, hour=23, minute=59),
            at=at,
            frequency="daily",
        )
    return level


def leave_message(acme: Account, number: PhoneNumber, level: EscalationLevel, who: str) -> Message:
    taken = Taken(
        content="My crown came off",
        first_name=who,
        phone="+12125550187",
        number=number,
        escalation_level_id=level.pk,
    )
    with account_scope(acme.pk):
        return take(account_id=acme.pk, taken=taken, at=now())


def texts_on(handset: Client) -> str:
    """The handset's page as words."""
    page = handset.get("/demo/handset").content.decode()
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def text_back(handset: Client, body: str) -> str:
    form = {"phone": PHONE, "number": "+12125550142", "body": body}
    assert handset.post("/demo/handset/answer", form).status_code == 302
    return texts_on(handset)


def state_of(message: Message) -> tuple[str, str, str]:
    with account_scope(message.account_id):
        found = Message.objects.get(pk=message.pk)
    return found.status, found.acknowledged_by, found.acknowledged_from


def test_a_text_is_answered_with_1(
    acme: Account,
    acme_number: PhoneNumber,
    on_call: EscalationLevel,
    worker: None,
    handset: Client,
) -> None:
    message = leave_message(acme, acme_number, on_call, "Ann")
    until(lambda: "Message for Acme Dental from Ann" in texts_on(handset))
    page = texts_on(handset)
    assert "My crown came off" in page
    assert "Reply 1 to acknowledge, 2 to pass on" in page
    assert "Ann: Thank you." in text_back(handset, "1")
    assert state_of(message) == (MessageStatus.ACKNOWLEDGED, "Alice", "sms")
    with account_scope(acme.pk):
        delivery = Delivery.objects.get()
    assert (delivery.state, delivery.sender) == (DeliveryState.DELIVERED, "+12125550142")


def test_stop_ends_the_texts_until_start(
    acme: Account,
    acme_number: PhoneNumber,
    on_call: EscalationLevel,
    worker: None,
    handset: Client,
) -> None:
    first = leave_message(acme, acme_number, on_call, "Ann")
    until(lambda: "from Ann" in texts_on(handset))
    assert "no more texts" in text_back(handset, "STOP")
    assert state_of(first)[0] != MessageStatus.ACKNOWLEDGED
    second = leave_message(acme, acme_number, on_call, "Bea")

    def failed() -> bool:
        with account_scope(acme.pk):
            return Delivery.objects.filter(message=second, state=DeliveryState.FAILED).exists()

    until(failed)
    assert "Bea" not in texts_on(handset)
    assert "again" in text_back(handset, "START")
    leave_message(acme, acme_number, on_call, "Cy")
    until(lambda: "from Cy" in texts_on(handset))
