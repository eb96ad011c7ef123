"""What every transport keeps to, whatever it carries, against a real server of its kind."""

from __future__ import annotations

import dataclasses
import importlib
import re
import socket
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.contacts.actions import add_contact
from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery import actions, courier, queries, registry, results
from deskbell.delivery.models import Delivery, DeliveryState
from deskbell.delivery.tests.example import AnyPeer, Behaviour, Received, briefs, note, parcel
from deskbell.delivery.transport import Fate, Meaning, Outcome, Parcel, Transport, delivered
from deskbell.foundation import dialling, http
from deskbell.foundation.environment import environment
from deskbell.foundation.errors import InvalidInput
from deskbell.messages.actions import Taken, take
from deskbell.messages.models import Activity, ActivityKind, Message
from deskbell.platform.tenancy import account_scope

KEY = "0c7a5f0e-3a51-4c57-9d0c-5a5f2a1d9f10"


@pytest.fixture(params=sorted(registry.transports()))
def transport(request: pytest.FixtureRequest) -> Transport:
    return registry.transports()[request.param]


@pytest.fixture
def peer(
    transport: Transport, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[AnyPeer]:
    """The transport's peer, running and found by it; waits for answers are short."""
    module = importlib.import_module(f"deskbell.delivery.transports.{transport.kind}.tests.peer")
    with module.Peer() as peer:
        for name, value in peer.settings.items():
            setattr(settings, name, value)
        allowed = dataclasses.replace(environment(), private_hosts=peer.private_hosts)
        monkeypatch.setattr(dialling, "environment", lambda: allowed)
        monkeypatch.setattr(http, "TIMEOUT_SECONDS", 1.0)
        yield peer


@pytest.fixture
def to_peer(peer: AnyPeer) -> Parcel:
    return parcel(address=peer.address)


def test_it_says_what_it_is(transport: Transport) -> None:
    assert 0 < len(transport.kind) <= 16
    assert transport.label
    assert "address" in [field.name for field in transport.fields]
    assert all(field.label for field in transport.fields)


def test_an_address_is_checked_in_words(transport: Transport, peer: AnyPeer) -> None:
    assert transport.check_address(f"  {peer.address} ") == peer.address
    for wrong in ("", "   ", "nowhere", "\n", "a b", "javascript:alert(1)", "x" * 3000):
        with pytest.raises(InvalidInput) as caught:
            transport.check_address(wrong)
        assert len(str(caught.value)) > 20
        assert caught.value.field == "address"


def is_taken(peer: AnyPeer, outcome: Outcome) -> bool:
    """Whether the other side has it: delivered, or under way where that takes a while."""
    if not getattr(peer, "is_asynchronous", False):
        return outcome.fate == Fate.DELIVERED
    is_sure = bool(outcome.provider_id) and bool(outcome.within)
    return outcome.fate == Fate.UNDER_WAY and is_sure


def told(peer: AnyPeer, received: Received, parcel: Parcel) -> str:
    """What the other side is told; a call is told of it once it is up."""
    later = getattr(peer, "told", None)
    return str(later(parcel)) if later is not None else received.text


def test_what_is_taken_is_delivered_with_its_key(
    transport: Transport, peer: AnyPeer, to_peer: Parcel
) -> None:
    outcome = transport.send(to_peer)
    assert is_taken(peer, outcome)
    assert outcome.words
    assert not outcome.acknowledged
    [received] = peer.received
    assert received.key == KEY
    assert "crown" in told(peer, received, to_peer)


def test_a_resend_has_the_same_key(transport: Transport, peer: AnyPeer, to_peer: Parcel) -> None:
    transport.send(to_peer)
    later = to_peer.sent_at + timedelta(minutes=5)
    transport.send(dataclasses.replace(to_peer, sent_at=later))
    assert [received.key for received in peer.received] == [KEY, KEY]


def test_come_back_later_is_a_passing_failure(
    transport: Transport, peer: AnyPeer, to_peer: Parcel
) -> None:
    peer.behaviour = Behaviour.TRY_LATER
    outcome = transport.send(to_peer)
    assert outcome.fate == Fate.PASSING
    assert not outcome.may_have_arrived


def test_a_refusal_is_a_lasting_failure(
    transport: Transport, peer: AnyPeer, to_peer: Parcel
) -> None:
    peer.behaviour = Behaviour.REFUSE
    assert transport.send(to_peer).fate == Fate.LASTING


@pytest.mark.parametrize("behaviour", [Behaviour.HANG, Behaviour.CUT])
def test_silence_after_it_went_out_is_passing_and_may_have_arrived(
    transport: Transport, peer: AnyPeer, to_peer: Parcel, behaviour: Behaviour
) -> None:
    peer.behaviour = behaviour
    began = time.monotonic()
    outcome = transport.send(to_peer)
    assert (outcome.fate, outcome.may_have_arrived) == (Fate.PASSING, True)
    assert time.monotonic() - began < 5


def test_nobody_there_is_passing_and_nothing_arrived(
    transport: Transport, peer: AnyPeer, to_peer: Parcel
) -> None:
    peer.stop()
    outcome = transport.send(to_peer)
    assert (outcome.fate, outcome.may_have_arrived) == (Fate.PASSING, False)
    assert "\n" not in outcome.words


@pytest.mark.parametrize("said", ["", "{", "[1]", "null", "\x00", "🔔" * 10_000, "[" * 100_000])
def test_nonsense_as_a_reply_means_nothing(transport: Transport, said: str) -> None:
    assert transport.read_reply(said).meaning == Meaning.NOTHING


def test_what_a_stranger_wrote_does_no_harm(
    transport: Transport, peer: AnyPeer, to_peer: Parcel
) -> None:
    nasty = "Ann\r\nBcc: charlie@example.com\0\u202e<b>"
    outcome = transport.send(
        dataclasses.replace(
            to_peer,
            caller_name=nasty,
            account_name=nasty,
            contact_name=nasty,
            content=nasty,
            caller_number=nasty,
            answers={nasty: nasty},
        )
    )
    assert is_taken(peer, outcome)
    assert "\nBcc: " not in peer.received[0].text.partition("\r\n\r\n")[0]


def test_a_note_is_taken_with_its_words(transport: Transport, peer: AnyPeer) -> None:
    outcome = transport.send_note(note(address=peer.address))
    assert is_taken(peer, outcome)
    [received] = peer.received
    assert "123456" in received.text.replace(", ", "")  # spoken digit by digit
    assert "/ack/" not in received.text


def test_a_note_fails_as_a_parcel_does(transport: Transport, peer: AnyPeer) -> None:
    peer.behaviour = Behaviour.TRY_LATER
    assert transport.send_note(note(address=peer.address)).fate == Fate.PASSING
    peer.behaviour = Behaviour.REFUSE
    assert transport.send_note(note(address=peer.address)).fate == Fate.LASTING


def test_a_bundle_tells_of_all_that_is_in_it(
    transport: Transport, peer: AnyPeer, to_peer: Parcel
) -> None:
    bundle = dataclasses.replace(to_peer, bundled=briefs(3))
    outcome = transport.send(bundle)
    assert is_taken(peer, outcome)
    [received] = peer.received
    text = told(peer, received, bundle)
    assert "crown" in text
    words = re.sub(r"\s+", " ", text)
    counts = re.search(r"\b(3 (more|other)|4 messages)\b", words, re.IGNORECASE)
    assert counts or all(f"The pump leaks {number}" in words for number in range(3))


def test_what_is_forwarded_says_by_whom_with_their_words_and_asks_for_nothing_twice(
    transport: Transport, peer: AnyPeer, to_peer: Parcel
) -> None:
    forwarded = dataclasses.replace(
        to_peer,
        level_name="Forwarded by Bob",
        attempt=0,
        forwarded_by="Bob",
        words="She waits for your call",
        acknowledged_by="Rita",
    )
    assert is_taken(peer, transport.send(forwarded))
    [received] = peer.received
    words = re.sub(r"\s+", " ", told(peer, received, forwarded))
    assert all(each in words for each in ("Bob", "She waits for your call", "crown", "Rita"))
    assert "on call" not in words
    assert not any(each in words for each in ("pass on", "pass it on"))


def test_a_bundle_of_hundreds_is_taken(
    transport: Transport, peer: AnyPeer, to_peer: Parcel
) -> None:
    many = briefs(300, "🔔 Bcc: charlie@example.com <b>&" + "x" * 400)
    began = time.monotonic()
    assert is_taken(peer, transport.send(dataclasses.replace(to_peer, bundled=many)))
    assert time.monotonic() - began < 5
    assert len(peer.received) == 1


def test_an_answer_that_never_ends_does_not_hold_us(
    transport: Transport, peer: AnyPeer, to_peer: Parcel
) -> None:
    if not getattr(peer, "can_be_slow", False):
        pytest.skip("its peer cannot be slow")
    peer.behaviour = Behaviour.SLOW
    began = time.monotonic()
    outcome = courier.hand_over(transport, to_peer, limit=timedelta(seconds=2))
    assert (outcome.fate, outcome.may_have_arrived) == (Fate.PASSING, True)
    assert time.monotonic() - began < 4


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
def test_nothing_goes_inside_unless_the_operator_says_so(
    transport: Transport,
    peer: AnyPeer,
    to_peer: Parcel,
    host: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not peer.private_hosts:
        pytest.skip("only the operator says where it goes")
    closed = dataclasses.replace(environment(), private_hosts=frozenset[str]())
    monkeypatch.setattr(dialling, "environment", lambda: closed)
    inside = dataclasses.replace(to_peer, address=to_peer.address.replace("127.0.0.1", host))
    outcome = transport.send(inside)
    assert outcome.fate in {Fate.LASTING, Fate.PASSING}
    assert peer.received == []


@pytest.mark.parametrize("inside", ["http://127.0.0.1:{port}/", "http://localhost:{port}/"])
def test_nobody_is_followed_inside(
    transport: Transport, peer: AnyPeer, to_peer: Parcel, inside: str
) -> None:
    if not hasattr(peer, "elsewhere"):
        pytest.skip("its peer sends nobody elsewhere")
    with socket.create_server(("127.0.0.1", 0)) as hidden:
        hidden.settimeout(0.2)
        peer.elsewhere = inside.format(port=hidden.getsockname()[1])
        assert transport.send(to_peer).fate == Fate.LASTING
        with pytest.raises(TimeoutError):
            hidden.accept()


def test_what_is_over_can_be_called_back_without_harm(
    transport: Transport, peer: AnyPeer, to_peer: Parcel
) -> None:
    sent = transport.send(to_peer)
    for _ in range(2):
        transport.recall(to_peer, sent.provider_id)


def test_an_address_is_shown_to_people(transport: Transport, peer: AnyPeer) -> None:
    assert transport.shown(transport.check_address(peer.address))


def test_its_form_asks_for_what_a_method_has(transport: Transport) -> None:
    columns = {field.name for field in DeliveryMethod._meta.get_fields()}
    assert {field.name for field in transport.fields} <= columns
    assert ("secret" in {field.name for field in transport.fields}) == transport.has_secret


@pytest.fixture
def delivery(
    acme: Account, acme_number: PhoneNumber, transport: Transport, peer: AnyPeer, at: datetime
) -> Iterator[Delivery]:
    with account_scope(acme.pk):
        contact = add_contact(account_id=acme.pk, name="Alice", at=at)
        method = actions.add_checked_method(
            contact=contact, kind=transport.kind, address=peer.address, at=at
        )
        message = take(account_id=acme.pk, taken=Taken(content="My crown came off"), at=at)
        [made] = actions.deliver(
            message=message, methods=[method], level_id=1, level_name="Days", attempt=1, at=at
        )
        yield made


def report_if_under_way(delivery: Delivery, at: datetime) -> None:
    """As the other side does in the end."""
    if queries.one(delivery.pk).state == DeliveryState.UNDER_WAY:
        actions.report(delivery_id=delivery.pk, outcome=delivered("It arrived"), at=at)


def test_a_server_that_is_down_is_tried_again_until_it_is_up(
    delivery: Delivery, transport: Transport, peer: AnyPeer, at: datetime
) -> None:
    peer.behaviour = Behaviour.TRY_LATER
    waits, now = [], at
    for _ in range(4):
        actions.send(delivery_id=delivery.pk, at=now)
        seen = queries.one(delivery.pk)
        assert seen.state == DeliveryState.RETRYING
        assert seen.next_try_at
        failed = queries.tries_of(delivery.message_id)[-1]
        waits.append((seen.next_try_at - failed.ended_at).total_seconds())
        now = seen.next_try_at
    assert waits == [5, 15, 45, 120]
    peer.behaviour = Behaviour.TAKE
    actions.send(delivery_id=delivery.pk, at=now)
    report_if_under_way(delivery, now)
    done = queries.one(delivery.pk)
    assert (done.state, done.tries, done.sent_again) == (DeliveryState.DELIVERED, 5, False)
    assert peer.received[-1].key == str(delivery.idempotency_key)
    kinds = Activity.objects.filter(message_id=delivery.message_id).order_by("id")
    assert list(kinds.values_list("kind", flat=True)) == [
        ActivityKind.TAKEN,
        *[ActivityKind.RETRY] * 4,
        ActivityKind.DELIVERED,
    ]


def test_a_worker_that_dies_before_the_result_has_it_sent_again_and_marked(
    delivery: Delivery, peer: AnyPeer, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """The end of the process."""

    def die(*args: object, **options: object) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(results, "keep", die)
        with pytest.raises(Killed):
            actions.send(delivery_id=delivery.pk, at=at)
    assert queries.one(delivery.pk).state == DeliveryState.SENDING
    later = at + timedelta(seconds=25)
    assert actions.recover(later) == 1
    actions.send(delivery_id=delivery.pk, at=later)
    report_if_under_way(delivery, later)
    done = queries.one(delivery.pk)
    assert (done.state, done.sent_again) == (DeliveryState.DELIVERED, True)
    assert [received.key for received in peer.received] == [str(delivery.idempotency_key)] * 2
    assert Message.objects.get(pk=delivery.message_id).status == "delivered"
