"""Forwarding: people choose who is told, escalation stands still, and nothing stops it but STOP."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from deskbell.accounts.models import Account
from deskbell.contacts.actions import add_contact, add_method, remove_contact
from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery import actions, replies
from deskbell.delivery.hooks import DeliveryEvent
from deskbell.delivery.models import Delivery, DeliveryState
from deskbell.delivery.tests.cases import SECONDS, fresh, jobs_of, make, send, texts
from deskbell.delivery.tests.example import Pigeon
from deskbell.delivery.transport import (
    Meaning,
    Outcome,
    Reply,
    lasting_failure,
    passing_failure,
    unanswered,
    under_way,
)
from deskbell.foundation.errors import Conflict, InvalidInput, MissingInput, NotFound
from deskbell.messages.actions import acknowledge, place
from deskbell.messages.models import Message, MessageStatus
from deskbell.platform.tenancy import account_scope, system_scope

pytestmark = pytest.mark.usefixtures("scope", "failures")


def forward(message: Message, method: DeliveryMethod, at: datetime, words: str = "") -> Delivery:
    [made] = actions.forward(message=message, methods=[method], by="Bob", at=at, words=words)
    return made


def acknowledged(message: Message, at: datetime) -> Message:
    return acknowledge(message=message, by="Rita", at=at, through="portal")


def test_a_forward_goes_out_with_its_words_and_says_who_chose_it(
    message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    made = forward(message, method, at, "  Please call her today  ")
    assert jobs_of(made)
    assert send(made, at).state == DeliveryState.DELIVERED
    [parcel] = pigeon.parcels
    assert (parcel.forwarded_by, parcel.words) == ("Bob", "Please call her today")
    assert (parcel.level_name, parcel.attempt, parcel.acknowledged_by) == (
        "Forwarded by Bob",
        0,
        "",
    )
    assert "Forwarded by Bob to Alice (pigeon)" in texts(message)


def test_escalation_stands_where_it_stood(
    message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    soon = at + timedelta(minutes=5)
    place(message=message, level_id=7, attempt=2, next_at=soon, at=at)
    pigeon.outcomes = [lasting_failure("No such tower")]
    assert send(forward(message, method, at), at).state == DeliveryState.FAILED
    now = Message.objects.get(pk=message.pk)
    stands = (now.escalation_level_id, now.escalation_counter, now.next_escalation_at)
    assert stands == (7, 2, soon)


def test_a_failed_forward_takes_no_level_its_last_hope(
    message: Message,
    method: DeliveryMethod,
    pigeon: Pigeon,
    at: datetime,
    failures: list[DeliveryEvent],
) -> None:
    pigeon.outcomes = [lasting_failure("No such tower")]
    send(forward(message, method, at), at)
    assert [event.level_id for event in failures] == [None]


def test_an_acknowledged_message_can_be_forwarded_and_says_who_has_it(
    message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    acknowledged(message, at)
    assert send(forward(message, method, at), at).state == DeliveryState.DELIVERED
    assert pigeon.parcels[0].acknowledged_by == "Rita"
    assert Message.objects.get(pk=message.pk).status == MessageStatus.ACKNOWLEDGED


def test_an_acknowledgement_stops_deliveries_but_no_forward(
    message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    escalated, forwarded = make(message, method, at), forward(message, method, at)
    acknowledged(message, at)
    assert fresh(escalated).state == DeliveryState.STOPPED
    assert fresh(forwarded).state == DeliveryState.QUEUED
    actions.send_many(delivery_ids=[escalated.pk, forwarded.pk], at=at)
    assert fresh(forwarded).state == DeliveryState.DELIVERED
    assert len(pigeon.parcels) == 1


def test_a_forward_is_tried_again_though_somebody_acknowledged_meanwhile(
    message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    pigeon.outcomes = [passing_failure("Rain")]
    made = send(forward(message, method, at), at)
    acknowledged(message, at)
    assert fresh(made).state == DeliveryState.RETRYING
    assert send(made, at + 5 * SECONDS).state == DeliveryState.DELIVERED


def test_what_is_under_way_is_not_called_back(
    message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    pigeon.outcomes = [under_way("It flies", provider_id="p", within=timedelta(minutes=3))]
    made = send(forward(message, method, at), at)
    acknowledged(message, at)
    actions.recall(delivery_id=made.pk, at=at)
    assert pigeon.recalled == []


def test_it_may_acknowledge_but_not_pass_on(
    message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    made = send(forward(message, method, at), at)
    passed = replies.answer(delivery=made, reply=Reply(Meaning.NEXT_LEVEL), at=at, through="sms")
    assert passed == replies.NOT_ON_CALL
    replies.answer(delivery=made, reply=Reply(Meaning.ACKNOWLEDGE), at=at, through="sms")
    assert Message.objects.get(pk=message.pk).acknowledged_by == "Alice"


def test_a_form_that_was_sent_twice_forwards_once(
    message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    made = forward(message, method, at, "Look")
    with pytest.raises(Conflict, match="on its way"):
        forward(message, method, at, "Look")
    assert forward(message, method, at, "Something else").words == "Something else"
    send(made, at)
    assert forward(message, method, at, "Look").pk != made.pk


@pytest.mark.parametrize(
    ("count", "words", "error"),
    [(0, "", MissingInput), (21, "", InvalidInput), (1, "x" * 1001, InvalidInput)],
)
def test_bad_input_is_refused_in_words_and_makes_nothing(
    message: Message,
    method: DeliveryMethod,
    at: datetime,
    count: int,
    words: str,
    error: type[InvalidInput],
) -> None:
    others = [
        add_method(contact=method.contact, kind="pigeon", address=f"tower {each}", at=at)
        for each in range(count)
    ]
    with pytest.raises(error) as caught:
        actions.forward(message=message, methods=others, by="Bob", at=at, words=words)
    assert caught.value.field == ("words" if words else "methods")
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("words", ["<b>=1+1</b>", "مرحبا 🔔", "two\nlines", "nothing\x00 hidden"])
def test_words_of_any_kind_arrive_as_they_are(
    message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime, words: str
) -> None:
    send(forward(message, method, at, words), at)
    assert pigeon.parcels[0].words == words.replace("\x00", "")


def test_another_s_method_is_never_used(message: Message, at: datetime, other: Account) -> None:
    with account_scope(other.pk):
        contact = add_contact(account_id=other.pk, name="Charlie", at=at)
        theirs = add_method(contact=contact, kind="pigeon", address="their tower", at=at)
    with system_scope("a test sees both"), pytest.raises(Conflict):
        forward(message, theirs, at)


def test_a_method_that_was_removed_meanwhile_is_told(
    message: Message, method: DeliveryMethod, at: datetime
) -> None:
    stale = DeliveryMethod.objects.select_related("contact").get(pk=method.pk)
    remove_contact(contact=method.contact)
    with pytest.raises(Conflict, match="removed"):
        forward(message, stale, at)


def test_a_message_that_is_gone_is_not_found(
    message: Message, method: DeliveryMethod, at: datetime
) -> None:
    Message.objects.filter(pk=message.pk).delete()
    with pytest.raises(NotFound):
        forward(message, method, at)


def test_a_storm_bundles_forwards_with_what_they_say(
    message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    method.limit = 1
    method.save()
    send(make(message, method, at), at)
    held = [forward(message, method, at, words) for words in ("First", "Second")]
    acknowledged(message, at)
    assert {each.state for each in map(fresh, held)} == {DeliveryState.QUEUED}
    [room] = {each.bundle for each in held}
    assert room
    leaves = held[0].next_try_at
    assert leaves
    actions.send_bundle(bundle=room, at=leaves)
    assert [fresh(each).state for each in held] == [DeliveryState.DELIVERED] * 2
    parcel = pigeon.parcels[-1]
    assert parcel.words == "Second"
    [brief] = parcel.bundled
    assert brief.content == "[Forwarded by Bob: First] The pump is broken"


@pytest.mark.parametrize("outcome", [lasting_failure("No such tower"), unanswered("Asleep")])
def test_what_failed_is_sent_again_to_where_the_method_leads_now(
    message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime, outcome: Outcome
) -> None:
    pigeon.outcomes = [outcome]
    failed = send(make(message, method, at), at)
    method.address = "south tower"
    method.save()
    again = actions.send_again(delivery=failed, by="Bob", at=at)
    assert (again.address, again.level_id, again.is_forward) == ("south tower", None, False)
    assert send(again, at).state == DeliveryState.DELIVERED
    assert fresh(failed).state != DeliveryState.DELIVERED
    assert "Sent again by Bob to Alice (pigeon)" in texts(message)
    with pytest.raises(Conflict, match="again already"):
        actions.send_again(delivery=failed, by="Bob", at=at)


def test_only_what_failed_goes_again(
    message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    made = make(message, method, at)
    with pytest.raises(Conflict, match="failed"):
        actions.send_again(delivery=made, by="Bob", at=at)


def test_escalation_s_failures_do_not_go_again_once_somebody_has_it_but_forwards_do(
    message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    pigeon.outcomes = [lasting_failure("No such tower")] * 2
    escalated = send(make(message, method, at), at)
    forwarded = send(forward(message, method, at, "Look"), at)
    acknowledged(message, at)
    with pytest.raises(Conflict, match="Rita acknowledged"):
        actions.send_again(delivery=escalated, by="Bob", at=at)
    again = actions.send_again(delivery=forwarded, by="Olivia", at=at)
    assert (again.forwarded_by, again.words) == ("Bob", "Look")


def test_a_removed_method_cannot_be_sent_to_again(
    message: Message, method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    pigeon.outcomes = [lasting_failure("No such tower")]
    failed = send(make(message, method, at), at)
    remove_contact(contact=method.contact)
    with pytest.raises(Conflict, match="removed"):
        actions.send_again(delivery=failed, by="Bob", at=at)


def test_an_emergency_is_not_forwarded_without_end(
    message: Message, method: DeliveryMethod, monkeypatch: pytest.MonkeyPatch, at: datetime
) -> None:
    monkeypatch.setattr("deskbell.delivery.actions.forwarding.MOST_AN_HOUR", 3)
    Message.objects.filter(pk=message.pk).update(is_emergency=True)
    message.refresh_from_db()
    for number in range(3):
        forward(message, method, at, words=f"Call her {number}")
    with pytest.raises(Conflict, match="3 ways by hand within an hour"):
        forward(message, method, at, words="Call her again")
    later = forward(message, method, at + timedelta(hours=1), words="Call her now")
    assert later.words == "Call her now"
