"""Proof of what became of a message, as a page and on paper; passing on and sending again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.test import Client
from pypdf import PdfReader
from pytest_django.fixtures import DjangoAssertNumQueries

from deskbell.accounts.models import Account, User
from deskbell.contacts.actions import add_contact
from deskbell.delivery.actions import add_checked_method
from deskbell.delivery.models import Delivery, DeliveryState, Try
from deskbell.messages.actions import acknowledge
from deskbell.messages.models import Message
from deskbell.oncall import actions
from deskbell.oncall.models import EscalationLevel
from deskbell.platform.tenancy import account_scope

pytestmark = pytest.mark.django_db
Sign = Callable[[User], Client]
TakeMessage = Callable[..., Message]


@pytest.fixture
def chain(acme: Account, at: datetime) -> list[EscalationLevel]:
    """On call, then Manager: Nina is on call on both, around the clock."""
    with account_scope(acme.pk):
        nina = add_contact(account_id=acme.pk, name="Nina Field", at=at)
        method = add_checked_method(contact=nina, kind="email", address="nina@example.com", at=at)
        manager = actions.add_level(account_id=acme.pk, name="Manager", at=at, position=2)
        first = actions.add_level(
            account_id=acme.pk, name="On call", at=at, position=1, next_level=manager
        )
        for level in (first, manager):
            day = at.date() - timedelta(days=1)
            actions.add_event(
                level=level,
                methods=[method],
                starts=datetime.combine(day, time(0)),
                ends=datetime.combine(day, time(23, 59)),
                at=at,
                frequency="daily",
            )
    return [first, manager]


@pytest.fixture
def tried(chain: list[EscalationLevel], take: TakeMessage, acme: Account, at: datetime) -> Message:
    """A message that was sent once, in two tries, and that Nina acknowledged by text."""
    message = take("Burst pipe", first_name="Ada", last_name="Byron")
    with account_scope(acme.pk):
        actions.run_due(at)
        delivery = Delivery.objects.get()
        for number, fate, said in ((1, "passing", "It answered 451"), (2, "delivered", "Taken")):
            Try.objects.create(
                account_id=acme.pk,
                delivery=delivery,
                number=number,
                began_at=at + timedelta(seconds=number),
                ended_at=at + timedelta(seconds=number + 1),
                fate=fate,
                answer=said,
                provider_id=f"<id-{number}@example.com>" if fate == "delivered" else "",
            )
        Delivery.objects.filter(pk=delivery.pk).update(
            state=DeliveryState.DELIVERED, sent_again=True, finished_at=at
        )
        message.refresh_from_db()
        acknowledge(
            message=message,
            by="Nina Field",
            at=at + timedelta(minutes=2),
            through="sms",
            address="+12125550199",
        )
    return message


def place_of(message: Message) -> tuple[int | None, int]:
    """The level that a message is on now, and the attempts made there."""
    with account_scope(message.account_id):
        message.refresh_from_db()
    return message.escalation_level_id, message.escalation_counter


def test_the_page_says_everything_with_its_offset(page: Client, tried: Message) -> None:
    text = page.get(f"/messages/{tried.pk}/proof/").content.decode()
    for said in (
        "Acknowledged",
        "Nina Field",
        "by text",
        "(212) 555-0199",
        "nina@example.com",
        "On call, attempt 1",
        "It answered 451",
        "&lt;id-2@example.com&gt;",
        "so it may have arrived twice",
        "2026-03-04 10:00:01 -05:00 (EST)",
        "2026-03-04 10:02:00 -05:00 (EST)",
        "Burst pipe",
        "America/New_York",
    ):
        assert said in text, said


def test_the_paper_says_the_same(page: Client, tried: Message) -> None:
    answer = page.get(f"/messages/{tried.pk}/proof.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert f"proof-{tried.pk}.pdf" in answer.headers["Content-Disposition"]
    assert answer.content.startswith(b"%PDF-")
    assert len(answer.content) > 5_000


@pytest.mark.parametrize(
    ("kind", "address", "shown"),
    [
        ("apprise", "slack://TokenA123/TokenB456/hunter2hunter2hunter2hu", "Slack, …"),
        ("webhook", "https://example.com/hook?key=hunter2", "https://example.com/hook"),
    ],
)
def test_no_secret_of_an_address_is_told(
    page: Client, tried: Message, acme: Account, kind: str, address: str, shown: str
) -> None:
    with account_scope(acme.pk):
        Delivery.objects.update(kind=kind, address=address)
    text = page.get(f"/messages/{tried.pk}/proof/").content.decode()
    assert "hunter2" not in text
    assert shown in text
    paper = page.get(f"/messages/{tried.pk}/proof.pdf").content
    assert "hunter2" not in "".join(each.extract_text() for each in PdfReader(BytesIO(paper)).pages)


def test_nobody_tried_is_said(page: Client, take: TakeMessage) -> None:
    message = take("Nobody hears this")
    text = page.get(f"/messages/{message.pk}/proof/").content.decode()
    assert "Nobody was tried yet" in text
    assert page.get(f"/messages/{message.pk}/proof.pdf").status_code == 200


def test_the_panel_leads_to_the_proof(page: Client, tried: Message) -> None:
    text = page.get(f"/messages/{tried.pk}/").content.decode()
    assert f"/messages/{tried.pk}/proof/" in text
    assert "Pass on" not in text
    assert "Send again to" not in text


def test_anybody_of_the_account_may_pass_on(
    signed_in: Sign, bob: User, chain: list[EscalationLevel], take: TakeMessage, acme: Account
) -> None:
    client = signed_in(bob)
    message = take("Burst pipe")
    with account_scope(acme.pk):
        actions.run_due(message.created_at)
    assert "Pass on to the next level" in client.get(f"/messages/{message.pk}/").content.decode()
    posted = {"from": "panel"}
    said = client.post(f"/messages/{message.pk}/pass-on/", posted, follow=True).content.decode()
    assert "It went on to Manager" in said
    assert place_of(message) == (chain[1].pk, 1)
    said = client.post(f"/messages/{message.pk}/pass-on/", posted, follow=True).content.decode()
    assert "No level follows" in said


def test_a_message_is_sent_again_to_a_chosen_level(
    page: Client, chain: list[EscalationLevel], take: TakeMessage, acme: Account
) -> None:
    message = take("Burst pipe")
    with account_scope(acme.pk):
        actions.run_due(message.created_at)
    assert "Send again to" in page.get(f"/messages/{message.pk}/").content.decode()
    path = f"/messages/{message.pk}/send-to/"
    posted = {"from": "panel", "level": str(chain[1].pk)}
    assert "starts again at Manager" in page.post(path, posted, follow=True).content.decode()
    assert place_of(message) == (chain[1].pk, 0)
    assert "Choose the level" in page.post(path, {"from": "panel"}, follow=True).content.decode()
    assert page.post(path, {"level": "999999"}).status_code == 404


def test_what_is_acknowledged_stays_so(
    page: Client, tried: Message, chain: list[EscalationLevel]
) -> None:
    posted = {"from": "panel", "level": str(chain[0].pk)}
    for what in ("pass-on", "send-to"):
        said = page.post(f"/messages/{tried.pk}/{what}/", posted, follow=True).content.decode()
        assert "Nina Field" in said.split('id="notices"')[1].split("</div>")[0]


def test_many_tries_cost_no_more_queries(
    page: Client,
    tried: Message,
    acme: Account,
    at: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    path = f"/messages/{tried.pk}/proof/"
    page.get(path)
    with django_assert_max_num_queries(16) as few:
        page.get(path)
    with account_scope(acme.pk):
        [one] = Delivery.objects.all()
        for _ in range(20):
            one.pk = None
            one.idempotency_key = uuid4()
            one.save(force_insert=True)
    with django_assert_max_num_queries(16) as many:
        page.get(path)
    assert len(many) == len(few)
