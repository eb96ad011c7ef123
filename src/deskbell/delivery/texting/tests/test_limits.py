"""What texts from strangers and from machines may cost."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.contacts.actions import add_contact
from deskbell.delivery import actions
from deskbell.delivery.models import Delivery, DeliveryState, HeardText, OptOut
from deskbell.delivery.texting import Heard
from deskbell.delivery.texting.incoming import hear
from deskbell.delivery.texting.twilio import Twilio
from deskbell.foundation.carriers import CarrierKeys
from deskbell.foundation.sids import new_sid
from deskbell.messages.actions import Taken, take
from deskbell.messages.models import Message
from deskbell.platform.tenancy import account_scope

pytestmark = pytest.mark.django_db
CARRIER = Twilio("own", "Ours", CarrierKeys("a", "b", "b", "http://localhost"), is_hosted=False)
STRANGER, OURS = "+12125550134", "+12125550142"
HOUR = timedelta(hours=1)


def said(text: str, at: datetime, theirs: str = STRANGER) -> str:
    """What is texted back."""
    return hear(carrier=CARRIER, heard=Heard(new_sid("SM"), theirs, OURS, text), at=at)


def texted(account: Account, at: datetime, *codes: str) -> list[Message]:
    """Messages that were texted to the phone."""
    found = []
    with account_scope(account.pk):
        contact = add_contact(account_id=account.pk, name="Alice", at=at)
        method = actions.add_checked_method(contact=contact, kind="sms", address=STRANGER, at=at)
        for code in codes:
            message = take(account_id=account.pk, taken=Taken("It hurts"), at=at)
            [made] = actions.deliver(
                message=message, methods=[method], level_id=1, level_name="Days", attempt=1, at=at
            )
            Delivery.objects.filter(pk=made.pk).update(
                state=DeliveryState.DELIVERED, sender=OURS, code=code
            )
            found.append(message)
    return found


def test_a_machine_that_answers_us_is_not_answered_for_ever(
    acme_number: PhoneNumber, at: datetime
) -> None:
    answers = [said("I am away", at + timedelta(seconds=each)) for each in range(20)]
    assert [bool(answer) for answer in answers] == [True] * 3 + [False] * 17
    assert said("Hello?", at + HOUR + timedelta(seconds=20))


def test_many_strangers_together_get_few_answers(acme_number: PhoneNumber, at: datetime) -> None:
    answers = [said("Hi", at, f"+1212555{each:04}") for each in range(1000, 1150)]
    assert sum(map(bool, answers)) == 100


@pytest.mark.parametrize("dear", ["+19005550123", "+18765550123", "+882161234567", OURS])
def test_a_dear_number_or_one_of_ours_gets_no_answer(
    acme_number: PhoneNumber, at: datetime, dear: str
) -> None:
    assert said("Hi", at, dear) == ""


def test_whoever_gets_our_texts_is_answered_and_heard_beyond_that(
    acme: Account, acme_number: PhoneNumber, at: datetime
) -> None:
    messages = texted(acme, at, *(str(each) for each in range(10, 45)))
    answers = [said(f"1 {each}", at) for each in range(10, 45)]
    assert [bool(answer) for answer in answers] == [True] * 30 + [False] * 5
    with account_scope(acme.pk):
        assert not any(each.is_open for each in Message.objects.filter(pk__in=[
            message.pk for message in messages
        ]))  # fmt: skip


def test_stop_counts_where_nobody_says_so(acme_number: PhoneNumber, at: datetime) -> None:
    for _ in range(4):
        said("Hi", at)
    assert said("STOP", at) == ""
    assert OptOut.objects.filter(sender=OURS, address=STRANGER).exists()
    assert HeardText.objects.count() == 5
