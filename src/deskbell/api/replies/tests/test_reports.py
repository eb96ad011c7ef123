"""What mail services report: only from the service we send by, signed, and for what was sent."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from deskbell.accounts.models import Account
from deskbell.contacts.actions import add_contact
from deskbell.delivery import actions
from deskbell.delivery.models import Delivery, DeliveryState
from deskbell.foundation import mailers
from deskbell.messages.actions import Taken, take
from deskbell.messages.models import Activity
from deskbell.platform.tenancy import account_scope

POSTMARK, MAILGUN = "/email/postmark/tracking", "/email/mailgun/tracking"
SECRET = "bell:a secret"


def use(settings: Settings, url: str) -> None:
    for name, value in mailers.settings_of(url, report_secret=SECRET).items():
        setattr(settings, name, value)


@pytest.fixture
def delivery(acme: Account, at: datetime) -> Delivery:
    """One that the service has taken."""
    with account_scope(acme.pk):
        contact = add_contact(account_id=acme.pk, name="Alice", at=at)
        method = actions.add_checked_method(
            contact=contact, kind="email", address="alice@example.com", at=at
        )
        message = take(account_id=acme.pk, taken=Taken(content="It hurts"), at=at)
        [made] = actions.deliver(
            message=message, methods=[method], level_id=1, level_name="Days", attempt=1, at=at
        )
        Delivery.objects.filter(pk=made.pk).update(state=DeliveryState.DELIVERED, tries=1)
    return made


def about(delivery: Delivery) -> str:
    return f"{delivery.account_id}.{delivery.pk}"


def bounced(delivery: Delivery) -> dict[str, Any]:
    """https://postmarkapp.com/developer/webhooks/bounce-webhook"""
    return {
        "RecordType": "Bounce",
        "ID": 692560173,
        "Type": "HardBounce",
        "TypeCode": 1,
        "Name": "Hard bounce",
        "MessageID": "2c1b63fe-43f2-4db5-91b0-8bdfa44a9316",
        "Description": "The server was unable to deliver your message",
        "Details": "smtp;550 5.1.1 No such mailbox",
        "Email": "alice@example.com",
        "BouncedAt": "2026-03-04T16:09:19.0000000Z",
        "Metadata": {"deskbell": about(delivery)},
    }


def arrived(delivery: Delivery) -> dict[str, Any]:
    """https://postmarkapp.com/developer/webhooks/delivery-webhook"""
    return {
        "RecordType": "Delivery",
        "MessageID": "2c1b63fe-43f2-4db5-91b0-8bdfa44a9316",
        "Recipient": "alice@example.com",
        "DeliveredAt": "2026-03-04T16:09:19.0000000Z",
        "Details": "Test delivery webhook details",
        "Metadata": {"deskbell": about(delivery)},
    }


def post(client: Client, path: str, said: object, secret: str = SECRET) -> int:
    pair = base64.b64encode(secret.encode()).decode()
    return client.post(
        path,
        json.dumps(said),
        content_type="application/json",
        headers={"authorization": f"Basic {pair}"} if secret else {},
    ).status_code


def fresh(delivery: Delivery) -> Delivery:
    with account_scope(delivery.account_id):
        return Delivery.objects.get(pk=delivery.pk)


def test_a_mail_that_came_back_fails_and_says_why(
    client: Client, delivery: Delivery, settings: Settings
) -> None:
    use(settings, "postmark://T")
    for _ in range(2):
        assert post(client, POSTMARK, bounced(delivery)) == 200
    seen = fresh(delivery)
    assert seen.state == DeliveryState.FAILED
    assert "550 5.1.1 No such mailbox" in seen.answer
    with account_scope(delivery.account_id):
        told = list(Activity.objects.values_list("text", flat=True))
    assert [text for text in told if "came back" in text] == [
        f"Email to Alice came back: {seen.answer}"
    ]


def test_a_mailbox_that_took_it_is_kept_as_the_answer(
    client: Client, delivery: Delivery, settings: Settings
) -> None:
    use(settings, "postmark://T")
    assert post(client, POSTMARK, arrived(delivery)) == 200
    seen = fresh(delivery)
    assert (seen.state, seen.answer) == (DeliveryState.DELIVERED, "The mailbox took it")


def signed(data: dict[str, Any], key: str = "S") -> dict[str, Any]:
    """https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks"""
    token, timestamp = "a" * 50, "1772636402"
    digest = hmac.new(key.encode(), f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest()
    return {
        "signature": {"token": token, "timestamp": timestamp, "signature": digest},
        "event-data": data,
    }


def failed(delivery: Delivery, severity: str) -> dict[str, Any]:
    return {
        "event": "failed",
        "severity": severity,
        "reason": "bounce",
        "timestamp": 1772636402.5,
        "recipient": "alice@example.com",
        "delivery-status": {"code": 550, "message": "5.1.1 No such mailbox", "description": ""},
        "message": {"headers": {"message-id": "20260304150002.1.ABC@mg.example.com"}},
        "user-variables": {"deskbell": about(delivery)},
    }


def test_mailguns_signature_is_checked(
    client: Client, delivery: Delivery, settings: Settings
) -> None:
    use(settings, "mailgun://K@mg.example.com?signing_key=S")
    del settings.ANYMAIL["WEBHOOK_SECRET"]
    assert post(client, MAILGUN, signed(failed(delivery, "permanent"), "another"), "") == 403
    assert post(client, MAILGUN, signed(failed(delivery, "temporary")), "") == 200
    assert fresh(delivery).state == DeliveryState.DELIVERED
    assert post(client, MAILGUN, signed(failed(delivery, "permanent")), "") == 200
    assert fresh(delivery).state == DeliveryState.FAILED


@pytest.mark.parametrize("secret", ["", "bell:another", "a secret"])
def test_nobody_else_can_report(
    client: Client, delivery: Delivery, settings: Settings, secret: str
) -> None:
    use(settings, "postmark://T")
    assert post(client, POSTMARK, bounced(delivery), secret) == 403
    assert fresh(delivery).state == DeliveryState.DELIVERED


def test_only_the_service_in_use_is_heard(
    client: Client, delivery: Delivery, settings: Settings
) -> None:
    assert post(client, POSTMARK, bounced(delivery)) == 404
    use(settings, "postmark://T")
    assert post(client, MAILGUN, signed(failed(delivery, "permanent"))) == 404
    for name, value in mailers.settings_of("postmark://T").items():
        setattr(settings, name, value)
    assert post(client, POSTMARK, bounced(delivery)) == 404
    assert client.get(POSTMARK).status_code == 405


@pytest.mark.parametrize("said", [None, [], {}, {"RecordType": 7}, {"RecordType": "Bounce"}, "x"])
def test_nonsense_does_no_harm(client: Client, settings: Settings, db: None, said: object) -> None:
    use(settings, "postmark://T")
    assert post(client, POSTMARK, said) in {200, 400}


@pytest.mark.parametrize("named", ["", "x", "1.x", "99.99", "1.2.3", "²." + "9" * 40])
def test_a_mail_that_is_none_of_ours_changes_nothing(
    client: Client, delivery: Delivery, settings: Settings, named: str
) -> None:
    use(settings, "postmark://T")
    said = bounced(delivery) | {"Metadata": {"deskbell": named}}
    assert post(client, POSTMARK, said) == 200
    assert fresh(delivery).state == DeliveryState.DELIVERED
