"""The demo is there after one start, the same after a second, and its mail can be read."""

from __future__ import annotations

import dataclasses
import json
import random
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.calls.models import Call
from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery.transports.webhook.signature import HEADER, sign
from deskbell.demo import fill, folders, history
from deskbell.demo.cast import ACME
from deskbell.demo.folders import MAILBOX, WEBHOOKS
from deskbell.desk.models import Receptionist
from deskbell.doctor.queries import findings
from deskbell.foundation import clock
from deskbell.foundation.digest import ha1_of
from deskbell.foundation.environment import environment
from deskbell.lines.models import Phone, StaffPhone
from deskbell.messages import queries
from deskbell.messages.models import Message
from deskbell.oncall.models import EscalationLevel
from deskbell.oncall.queries import on_call_now
from deskbell.platform.tenancy import account_scope, system_scope
from deskbell.scripts.queries import content_of, script_for
from deskbell.scripts.rules import Kind, faults

KEYS = {"number", "sid", "id", "name", "time_zone", "numbers", "phones", "users", "api_token"}


@pytest.fixture(autouse=True)
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """All processes that test share one data folder, and each would find the others' `demo.json`,
    mails and tokens there."""
    own = dataclasses.replace(environment(), data_dir=tmp_path)
    for module in (fill, folders):
        monkeypatch.setattr(module, "environment", lambda: own)
    return tmp_path / "demo.json"


@pytest.fixture
def whole_demo(db: None, told: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setattr(fill, "SPOKEN", 1)  # one sentence of each account is speech enough
    fill.fill_demo()
    return read(told)


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> dict[str, Any]:
    """The same with a short past, which takes most of the time."""
    monkeypatch.setattr(history, "DAYS", 2)
    found: dict[str, Any] = request.getfixturevalue("whole_demo")
    return found


def read(told: Path) -> dict[str, Any]:
    """What `demo.json` tells."""
    found: dict[str, Any] = json.loads(told.read_text())
    return found


def test_two_accounts_that_look_like_a_working_day(whole_demo: dict[str, Any]) -> None:
    accounts = whole_demo["accounts"]
    assert [account["number"] for account in accounts] == ["W0411", "W0422"]
    assert all(set(account) == KEYS for account in accounts)
    assert [user["name"] for user in accounts[0]["users"]] == ["alice", "bob"]
    assert [person["role"] for person in whole_demo["staff"]] == ["operator", "receptionist"]
    for account in accounts:
        with account_scope(account["id"]):
            assert queries.counts().new >= 4
            assert queries.counts().acknowledged > 100
            assert Call.objects.filter(talk_sec__gt=0).exists()
            assert Message.objects.exclude(recording=None).exists()
            on_call = on_call_now(account["id"], clock.now())
        assert all(contacts for _level, contacts in on_call)


def test_the_past_is_past_at_every_hour(
    demo: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "DAYS", 0)  # today's calls are the ones in question
    account = Account.objects.get(pk=demo["accounts"][0]["id"])
    with account_scope(account.pk):
        number = PhoneNumber.objects.order_by("pk").first()
        method = DeliveryMethod.objects.select_related("contact").order_by("pk").first()
        level = EscalationLevel.objects.order_by("position").first()
    assert number
    assert method
    assert level
    agent = User.objects.get(staff="receptionist")
    for minute in range(0, 24 * 60, 5):
        at = clock.now() + timedelta(minutes=minute)
        setting = history.Setting(ACME, account, number, level, method, {}, agent, at)
        chance = random.Random(minute)
        for call in history._calls(setting, chance):
            for is_open in (True, False):
                story = history._story(setting, chance, call, is_open=is_open)
                assert story.message.updated_at <= at
                assert max(activity.at for activity in story.activities) <= at


def test_every_number_has_a_script_that_says_what_cannot_wait(demo: dict[str, Any]) -> None:
    for account in demo["accounts"]:
        with account_scope(account["id"]):
            levels = {each.pk: each.name for each in EscalationLevel.objects.all()}
            for number in PhoneNumber.objects.all():
                content = content_of(script_for(number))
                assert faults(content, levels) == []
                assert {Kind.BRANCH, Kind.CHOICE} <= {step.kind for step in content.steps}
                assert content.faqs
                urgent = next(each for each in content.relays if each.is_emergency)
                assert levels[urgent.level_id or 0] == "Emergencies"
            found = findings(account["id"], at=clock.now())
        assert not [each for each in found if "script" in each.code]


def test_a_second_start_changes_nothing(demo: dict[str, Any], told: Path) -> None:
    with system_scope("counts all"):
        before = Message.objects.count()
    fill.fill_demo()
    assert read(told) == demo
    with system_scope("counts all"):
        assert Message.objects.count() == before
    assert Account.objects.count() == 2


def test_phones_keep_their_passwords_until_these_are_lost(demo: dict[str, Any], told: Path) -> None:
    phones = demo["accounts"][0]["phones"]
    assert [(phone["username"], phone["extension"]) for phone in phones] == [
        ("w0411-alice", "101"),
        ("w0411-bob", "102"),
    ]
    before = [phone["password"] for phone in phones]
    told.unlink()
    fill.fill_demo()
    fresh = [phone["password"] for phone in read(told)["accounts"][0]["phones"]]
    assert not set(before) & set(fresh)
    with system_scope("test"):
        kept = Phone.objects.get(username="w0411-bob")
    assert kept.ha1_md5 == ha1_of("w0411-bob", kept.realm, fresh[1])["MD5"]
    (hers,) = read(told)["staff"][1]["phones"]
    assert hers["username"] == "staff-rita"
    rita = StaffPhone.objects.get()
    assert rita.ha1_md5 == ha1_of("staff-rita", rita.realm, hers["password"])["MD5"]
    fill.fill_demo()
    assert read(told)["staff"][1]["phones"] == [hers]
    assert Receptionist.objects.get(user=rita.user).phone == "staff-rita"


def test_the_receiver_checks_signatures(demo: dict[str, Any], client: Client) -> None:
    with system_scope("any webhook will do"):
        method = DeliveryMethod.objects.filter(kind="webhook").first()
    assert method is not None
    address = f"/demo/webhooks/receive/{method.contact_id}"
    body = b'{"event": "message.taken"}'
    good = sign(method.secret, body, clock.now())
    old = sign(method.secret, body, datetime(2020, 1, 1, tzinfo=clock.now().tzinfo))
    for header, status in ((good, 200), (old, 401), ("", 401), ("t=x,v1=y", 401)):
        answer = client.post(
            address, data=body, content_type="application/json", headers={HEADER: header}
        )
        assert answer.status_code == status
    assert len(WEBHOOKS.names()) >= 1
    assert "message.taken" in client.get("/demo/webhooks").content.decode()


def test_mail_is_shown_without_running_it(client: Client, db: None) -> None:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "<b>Hi</b>", "desk@example.com", "a@example.com"
    mail.set_content("Look: https://desk.example/ack/1 <script>alert(1)</script>")
    mail.add_alternative("<script>alert(2)</script><p>Hi</p>", subtype="html")
    name = MAILBOX.keep(mail.as_bytes())
    assert "&lt;b&gt;Hi&lt;/b&gt;" in client.get("/demo/mailbox").content.decode()
    page = client.get(f"/demo/mailbox/{name}").content.decode()
    assert 'href="https://desk.example/ack/1"' in page
    assert "<script>alert" not in page
    assert (
        "default-src 'none'" in client.get(f"/demo/mailbox/{name}/html")["Content-Security-Policy"]
    )
    for wrong in ("1", "x", "..%2Fsecrets"):
        assert client.get(f"/demo/mailbox/{wrong}").status_code == 404


def test_old_things_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "KEPT", 3)
    for number in range(5):
        MAILBOX.keep(str(number).encode())
    assert [MAILBOX.read(name) for name in MAILBOX.names()] == [b"4", b"3", b"2"]
