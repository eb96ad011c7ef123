"""The proof of a message: every attempt, whom, by what, when, what came back, who answered."""

from __future__ import annotations

from datetime import datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from deskbell.accounts.models import Account
from deskbell.contacts.actions import remove_contact
from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery import queries, replies
from deskbell.delivery.models import Delivery
from deskbell.delivery.tests.cases import SECONDS, make, send
from deskbell.delivery.tests.example import Pigeon
from deskbell.delivery.transport import Meaning, Reply, delivered, passing_failure, unanswered
from deskbell.foundation.errors import NotFound
from deskbell.messages.models import Message
from deskbell.platform.tenancy import account_scope

pytestmark = pytest.mark.usefixtures("scope", "failures")


@pytest.fixture
def tried(message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime) -> list[Delivery]:
    """Two deliveries: one at its second try, one that nobody took."""
    one, two = make(message, method, at), make(message, method, at, attempt=2)
    pigeon.outcomes = [
        passing_failure("Fog", may_have_arrived=True),
        unanswered("Asleep", provider_id="CA2"),
        delivered("It came back", provider_id="P1"),
    ]
    send(one, at)
    send(two, at + SECONDS)
    send(one, at + 10 * SECONDS)
    replies.answer(
        delivery=Delivery.objects.select_related("message").get(pk=one.pk),
        reply=Reply(Meaning.ACKNOWLEDGE),
        at=at + 20 * SECONDS,
        through="email",
        address="203.0.113.9",
    )
    return [one, two]


def test_it_tells_all_in_a_constant_number_of_queries(
    message: Message,
    tried: list[Delivery],
    django_assert_num_queries: DjangoAssertNumQueries,
    at: datetime,
) -> None:
    with django_assert_num_queries(4):
        proof = queries.proof(message.pk)
    first, second = proof.deliveries
    assert [(each.number, each.fate, each.answer) for each in first.tries] == [
        (1, "passing", "Fog"),
        (2, "delivered", "It came back"),
    ]
    assert first.tries[0].began_at == at
    assert first.tries[1].provider_id == "P1"
    assert (first.delivery.sent_again, first.delivery.attempt) == (True, 1)
    assert [(each.fate, each.provider_id) for each in second.tries] == [("unanswered", "CA2")]
    assert second.delivery.contact_name == "Alice"
    told = proof.message
    assert (told.acknowledged_by, told.acknowledged_from) == ("Alice", "email")
    assert told.acknowledged_address == "203.0.113.9"
    assert proof.activities[0].text == "Message taken"
    assert [each.pk for each in queries.tries_of(message.pk)] == [
        first.tries[0].pk,
        second.tries[0].pk,
        first.tries[1].pk,
    ]


def test_it_outlives_the_contact_and_the_messages_words(
    message: Message, method: DeliveryMethod, tried: list[Delivery]
) -> None:
    Message.objects.filter(pk=message.pk).update(content="", answers={})
    remove_contact(contact=method.contact)
    proof = queries.proof(message.pk)
    assert [len(each.tries) for each in proof.deliveries] == [2, 1]
    assert proof.deliveries[0].delivery.address == "north tower"


def test_it_shows_no_secret_of_an_address(
    message: Message, tried: list[Delivery], pigeon: Pigeon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pigeon, "shown", lambda address: address[:5] + "…")
    assert {each.delivery.address for each in queries.proof(message.pk).deliveries} == {"north…"}
    assert Delivery.objects.get(pk=tried[0].pk).address == "north tower"


def test_another_account_has_none_of_it(
    message: Message, tried: list[Delivery], other: Account
) -> None:
    with account_scope(other.pk), pytest.raises(NotFound):
        queries.proof(message.pk)
