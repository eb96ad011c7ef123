"""What people answer: one door, whatever it came by, and words for the person."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from deskbell.accounts.models import Account
from deskbell.contacts.actions import add_contact, add_method
from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery import codes, replies
from deskbell.delivery.hooks import PassedOn, passed_on
from deskbell.delivery.models import Delivery
from deskbell.delivery.tests.cases import make, send, take_message
from deskbell.delivery.tests.example import Pigeon
from deskbell.delivery.transport import Meaning, Reply
from deskbell.messages.actions import acknowledge, place
from deskbell.messages.models import Message, MessageStatus
from deskbell.platform.tenancy import account_scope

pytestmark = pytest.mark.usefixtures("scope", "failures")
OURS = "+12125550142"


@pytest.fixture
def delivery(message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime) -> Delivery:
    place(message=message, level_id=7, attempt=1, next_at=None, at=at)
    made = send(make(message, method, at), at)
    return Delivery.objects.select_related("message").get(pk=made.pk)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[PassedOn]:
    """What on call hears; it says that it passed the message on."""
    heard: list[PassedOn] = []

    def listen(event: PassedOn) -> None:
        heard.append(event)
        event.words.append("Managers have it now.")

    monkeypatch.setattr(passed_on, "_handlers", [listen])
    return heard


def answer(delivery: Delivery, meaning: Meaning, at: datetime, by: str = "") -> str:
    return replies.answer(
        delivery=delivery, reply=Reply(meaning, by=by), at=at, through="call", address="+1212"
    )


def test_an_acknowledgement_keeps_who_by_what_and_from_where(
    delivery: Delivery, at: datetime
) -> None:
    words = answer(delivery, Meaning.ACKNOWLEDGE, at)
    assert words == "Thank you. You take care of it, and nobody else is called."
    message = Message.objects.get(pk=delivery.message_id)
    kept = (message.acknowledged_by, message.acknowledged_from, message.acknowledged_address)
    assert kept == ("Alice", "call", "+1212")
    assert answer(delivery, Meaning.ACKNOWLEDGE, at) == "You have it already."
    assert answer(delivery, Meaning.ACKNOWLEDGE, at, by="Bob") == "Alice has it already."


def test_passing_on_is_told_to_on_call_with_words_back(
    delivery: Delivery, told: list[PassedOn], at: datetime
) -> None:
    assert answer(delivery, Meaning.NEXT_LEVEL, at) == "Managers have it now."
    [event] = told
    assert (event.message_id, event.delivery_id) == (delivery.message_id, delivery.pk)
    assert (event.by, event.through, event.address, event.at) == ("Alice", "call", "+1212", at)


def test_where_nobody_follows_the_person_is_told(
    delivery: Delivery, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passed_on, "_handlers", [])
    assert answer(delivery, Meaning.NEXT_LEVEL, at) == replies.NOBODY_FOLLOWS


def test_what_has_gone_on_or_is_taken_is_not_passed_on_again(
    delivery: Delivery, told: list[PassedOn], at: datetime
) -> None:
    place(message=delivery.message, level_id=8, attempt=1, next_at=None, at=at)
    assert answer(delivery, Meaning.NEXT_LEVEL, at) == replies.GONE_ON
    acknowledge(message=delivery.message, by="Bob", at=at, through="portal")
    assert answer(delivery, Meaning.NEXT_LEVEL, at) == "Bob has it already."
    assert told == []


@pytest.mark.parametrize(
    "meaning", [Meaning.NOTHING, Meaning.HEAR_AGAIN, Meaning.STOP, Meaning.RECEPTIONIST]
)
def test_what_means_something_else_changes_nothing(
    delivery: Delivery, told: list[PassedOn], at: datetime, meaning: Meaning
) -> None:
    assert answer(delivery, meaning, at) == replies.NOT_UNDERSTOOD
    assert Message.objects.get(pk=delivery.message_id).status == MessageStatus.DELIVERED


@pytest.fixture
def texted(acme: Account, method: DeliveryMethod, pigeon: Pigeon, at: datetime) -> list[Delivery]:
    """Three messages by a transport that has codes, oldest first."""
    pigeon.has_codes = True
    made = []
    for number in range(3):
        message = take_message(acme.pk, at, f"Leak {number}")
        made.append(send(make(message, method, at), at))
    Delivery.objects.update(sender=OURS)
    return made


def test_each_open_message_has_a_code_of_its_own(texted: list[Delivery], pigeon: Pigeon) -> None:
    given = [each.code for each in texted]
    assert len(set(given)) == 3
    assert all(len(code) == 2 and code.isdigit() for code in given)
    assert [parcel.code for parcel in pigeon.parcels] == given


def test_another_attempt_keeps_the_messages_code(
    texted: list[Delivery], method: DeliveryMethod, at: datetime
) -> None:
    again = send(make(texted[0].message, method, at, attempt=2), at)
    assert again.code == texted[0].code


def test_a_code_is_free_again_when_its_message_is_acknowledged(
    acme: Account, texted: list[Delivery], method: DeliveryMethod, at: datetime
) -> None:
    everything = {-code: str(code) for code in range(10, 100)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(codes, "_open_codes", lambda _: dict(everything))
        more = send(make(take_message(acme.pk, at), method, at), at)
    assert len(more.code) == 3
    acknowledge(message=texted[0].message, by="Bob", at=at, through="portal")
    assert texted[0].code not in codes._open_codes(texted[0]).values()


def test_a_text_may_answer_what_was_sent_there_and_waits(
    texted: list[Delivery], at: datetime
) -> None:
    found = replies.open_deliveries(address="north tower", sender=OURS, at=at)
    assert found == texted[::-1]
    acknowledge(message=texted[2].message, by="Bob", at=at, through="portal")
    later = at + timedelta(days=1)
    assert replies.open_deliveries(address="north tower", sender=OURS, at=later) == texted[1::-1]
    assert replies.open_deliveries(address="north tower", sender="+1", at=at) == []
    assert replies.open_deliveries(address="south tower", sender=OURS, at=at) == []
    month = at + timedelta(days=31)
    assert replies.open_deliveries(address="north tower", sender=OURS, at=month) == []


def test_each_message_is_answered_by_its_newest_delivery(
    texted: list[Delivery], method: DeliveryMethod, at: datetime
) -> None:
    again = send(make(texted[0].message, method, at, attempt=2), at)
    Delivery.objects.update(sender=OURS)
    found = replies.open_deliveries(address="north tower", sender=OURS, at=at)
    assert found == [again, texted[2], texted[1]]


def test_a_number_of_two_accounts_is_told_apart_by_ours(
    texted: list[Delivery], other: Account, at: datetime
) -> None:
    with account_scope(other.pk):
        contact = add_contact(account_id=other.pk, name="Alice", at=at)
        method = add_method(contact=contact, kind="pigeon", address="north tower", at=at)
        theirs = send(make(take_message(other.pk, at), method, at), at)
        Delivery.objects.filter(pk=theirs.pk).update(sender="+442079460000")
    found = replies.open_deliveries(address="north tower", sender="+442079460000", at=at)
    assert found == [theirs]
