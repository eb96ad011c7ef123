"""The link in a delivery: looking changes nothing, the button acknowledges, once, and says so."""

from __future__ import annotations

import re
import uuid
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.core import signing
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.contacts.actions import add_contact
from deskbell.delivery import actions, links
from deskbell.delivery.hooks import PassedOn, passed_on
from deskbell.delivery.models import Delivery, DeliveryState
from deskbell.messages.actions import Taken, acknowledge, take
from deskbell.messages.models import Activity, Message, MessageStatus
from deskbell.oncall.actions import add_level
from deskbell.oncall.models import EscalationLevel
from deskbell.platform.tenancy import account_scope


@pytest.fixture
def delivery(acme: Account, acme_number: PhoneNumber, at: datetime) -> Delivery:
    with account_scope(acme.pk):
        contact = add_contact(account_id=acme.pk, name="Alice", at=at)
        method = actions.add_checked_method(
            contact=contact, kind="email", address="alice@example.com", at=at
        )
        taken = Taken(
            content="It <b>hurts</b>",
            phone="+12125550187",
            number=acme_number,
            answers={"Patient of ours": "Yes"},
        )
        message = take(account_id=acme.pk, taken=taken, at=at)
        made = actions.deliver(
            message=message,
            methods=[method, method],
            level_id=1,
            level_name="Weekdays",
            attempt=1,
            at=at,
        )
    return made[0]


@pytest.fixture
def link(delivery: Delivery) -> str:
    return urlsplit(links.acknowledge_url(delivery)).path


def message_of(delivery: Delivery) -> Message:
    with account_scope(delivery.account_id):
        return Message.objects.get(pk=delivery.message_id)


def test_the_page_shows_what_the_email_did_and_one_button(client: Client, link: str) -> None:
    page = client.get(link)
    text = page.content.decode()
    assert page.status_code == 200
    for words in (
        "Message from (212) 555-0187",
        "It &lt;b&gt;hurts&lt;/b&gt;",
        "Wednesday 4 March 2026, 10:00 AM EST",
        "(212) 555-0142",
        "Patient of ours",
        "You answer as Alice",
    ):
        assert words in text
    assert text.count("<button") == text.count('method="post"') == 1


@pytest.mark.parametrize("method", ["get", "head", "options", "put", "delete"])
def test_only_the_button_acknowledges(
    client: Client, link: str, delivery: Delivery, method: str
) -> None:
    answer = getattr(client, method)(link)
    assert answer.status_code == (200 if method in {"get", "head"} else 405)
    assert message_of(delivery).status == MessageStatus.NEW


def test_the_button_acknowledges_and_stops_the_rest(link: str, delivery: Delivery) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(link, headers={"origin": "null"})
    assert (answer.status_code, answer.headers["Location"]) == (303, link)
    message = message_of(delivery)
    assert (message.acknowledged_by, message.acknowledged_from) == ("Alice", "email")
    assert message.acknowledged_address == "127.0.0.1"
    with account_scope(delivery.account_id):
        assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.STOPPED}
        last = Activity.objects.filter(message=message).order_by("-id")[0]
    assert last.text == "Acknowledged by Alice, by the link in an email"
    text = client.get(link).content.decode()
    assert "<strong>Acknowledged by Alice</strong>" in text
    assert "<button" not in text


def test_who_comes_second_is_told_who_was_first(
    client: Client, link: str, delivery: Delivery, at: datetime
) -> None:
    with account_scope(delivery.account_id):
        acknowledge(
            message=delivery.message, by="Bob", at=at + timedelta(minutes=3), through="portal"
        )
    text = client.post(link, follow=True).content.decode()
    assert "<strong>Already acknowledged by Bob</strong>" in text
    assert "Wednesday 4 March 2026, 10:03 AM EST" in text
    assert message_of(delivery).acknowledged_by == "Bob"


@pytest.mark.parametrize("change", ["cut", "another", "salt", "shape", "nonsense"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_token_that_is_not_ours_leads_nowhere(
    client: Client, link: str, delivery: Delivery, change: str, method: str
) -> None:
    token = link.removeprefix("/ack/")
    wrong = {
        "cut": token[:-2],
        "another": signing.dumps([1, 2, 3], key="another", salt=links._SALT),
        "salt": signing.dumps([delivery.account_id, delivery.message_id, delivery.pk]),
        "shape": signing.dumps("abc", salt=links._SALT),
        "nonsense": "%F0%9F%94%94%00:::",
    }[change]
    page = getattr(client, method)(f"/ack/{wrong}")
    assert page.status_code == 404
    assert "This link is not complete" in page.content.decode()
    assert message_of(delivery).status == MessageStatus.NEW


def test_a_token_of_another_account_shows_nothing(
    client: Client, delivery: Delivery, other: Account
) -> None:
    token = signing.dumps([other.pk, delivery.message_id, delivery.pk], salt=links._SALT)
    assert client.get(f"/ack/{token}").status_code == 404


def test_a_link_is_good_for_thirty_days(
    client: Client, link: str, delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "MAX_AGE", timedelta(seconds=-1))
    page = client.post(link)
    assert page.status_code == 410
    assert "This link has expired" in page.content.decode()
    assert message_of(delivery).status == MessageStatus.NEW


def test_a_message_that_is_gone_leads_nowhere(
    client: Client, link: str, delivery: Delivery
) -> None:
    with account_scope(delivery.account_id):
        delivery.message.delete()
    assert client.get(link).status_code == 404


def test_the_page_is_kept_out_of_caches_referrers_and_scripts(client: Client, link: str) -> None:
    for answer in (client.get(link), client.post(link), client.get("/ack/none")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert not answer.cookies
    policy = client.get(link).headers["Content-Security-Policy"]
    assert re.search(r"style-src 'sha256-[A-Za-z0-9+/]{43}='", policy)
    assert "script-src" not in policy


def test_nobody_needs_to_be_signed_in_and_it_takes_few_queries(
    client: Client, link: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(2):
        client.get(link)
    with django_assert_max_num_queries(15):
        client.post(link)


@pytest.fixture
def levels(acme: Account, at: datetime) -> tuple[EscalationLevel, EscalationLevel]:
    with account_scope(acme.pk):
        second = add_level(account_id=acme.pk, name="Managers", at=at)
        first = add_level(account_id=acme.pk, name="Weekdays", next_level=second, at=at)
    return first, second


def on_level(delivery: Delivery, level: EscalationLevel) -> None:
    with account_scope(delivery.account_id):
        Delivery.objects.filter(pk=delivery.pk).update(level_id=level.pk)
        Message.objects.filter(pk=delivery.message_id).update(
            escalation_level_id=level.pk, escalation_counter=1
        )


def test_it_can_be_passed_on_to_the_next_level(
    client: Client,
    link: str,
    delivery: Delivery,
    levels: tuple[EscalationLevel, EscalationLevel],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[PassedOn] = []

    def listen(event: PassedOn) -> None:
        told.append(event)
        event.words.append("The Managers have it <now>.")

    monkeypatch.setattr(passed_on, "_handlers", [listen])
    on_level(delivery, levels[0])
    assert "Pass on to Managers</button>" in client.get(link).content.decode()
    page = client.post(link, {"answer": "next level"}, follow=True)
    assert "The Managers have it &lt;now&gt;." in page.content.decode()
    [event] = told
    assert (event.by, event.through, event.address) == ("Alice", "email", "127.0.0.1")
    assert message_of(delivery).status == MessageStatus.NEW
    on_level(delivery, levels[0])
    with account_scope(delivery.account_id):
        Message.objects.filter(pk=delivery.message_id).update(escalation_level_id=levels[1].pk)
    page = client.post(link, {"answer": "next level"}, follow=True)
    assert "It has gone on to the next level already." in page.content.decode()
    assert len(told) == 1


def test_where_no_level_follows_there_is_no_button(
    client: Client, link: str, delivery: Delivery, levels: tuple[EscalationLevel, EscalationLevel]
) -> None:
    on_level(delivery, levels[1])
    assert "Pass on" not in client.get(link).content.decode()


def test_what_a_stranger_puts_into_the_address_is_not_shown(client: Client, link: str) -> None:
    page = client.get(link, {"said": "Call +1 900 555 0100 now"})
    assert "555 0100" not in page.content.decode()


def test_all_that_came_together_can_be_acknowledged_at_once(
    client: Client, link: str, delivery: Delivery, at: datetime
) -> None:
    bundle = uuid.uuid4()
    with account_scope(delivery.account_id):
        others = []
        for _ in range(2):
            message = take(account_id=delivery.account_id, taken=Taken(content="More"), at=at)
            assert delivery.method
            [other] = actions.deliver(
                message=message,
                methods=[delivery.method],
                level_id=None,
                level_name="",
                attempt=1,
                at=at,
            )
            others.append(other)
        Delivery.objects.filter(pk__in=[delivery.pk, *(each.pk for each in others)]).update(
            bundle=bundle, tries=1
        )
    assert "Acknowledge all 3 that came together" in client.get(link).content.decode()
    client.post(link, {"answer": "all"})
    for each in (delivery, *others):
        assert message_of(each).acknowledged_by == "Alice"
