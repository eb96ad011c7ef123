"""What a text says and to whom it must not go, and what a carrier's answer means."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_django import Settings

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.delivery import texting
from deskbell.delivery.tests.example import parcel
from deskbell.delivery.texting.segments import is_gsm, segments
from deskbell.delivery.transport import Brief, Fate, Meaning, Note, Reply
from deskbell.delivery.transports.sms import replies, writing
from deskbell.delivery.transports.sms.tests.peer import Peer
from deskbell.delivery.transports.sms.transport import SmsTransport
from deskbell.foundation import dialling
from deskbell.foundation.carriers import CarrierKeys
from deskbell.foundation.environment import environment
from deskbell.foundation.errors import Refused
from deskbell.platform.tenancy import account_scope

AT = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
TO = "+12125550134"
OURS = "+12125550142"


@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Peer]:
    with Peer() as peer:
        allowed = dataclasses.replace(environment(), private_hosts=peer.private_hosts)
        monkeypatch.setattr(dialling, "environment", lambda: allowed)
        settings.ENVIRONMENT = peer.settings["ENVIRONMENT"]
        yield peer


def sms(**changes: Any) -> Any:
    return parcel(**({"address": TO, "sender": OURS, "code": "47", "answers": {}} | changes))


def brief(number: int, **changes: Any) -> Brief:
    facts: dict[str, Any] = {
        "message_id": number,
        "taken_at": AT,
        "caller_name": f"Caller {number}",
        "caller_number": "+12125550101",
        "content": "Call me",
        "is_emergency": False,
        "acknowledge_url": "http://localhost:8000/ack/x",
        "code": str(number),
    }
    return Brief(**(facts | changes))


def test_a_text_says_who_and_what_and_how_to_answer() -> None:
    text = writing.text_of(sms(caller_name="Ann Lee", content="My crown\ncame off."))
    assert text == (
        "Message for Acme Dental from Ann Lee, (212) 555-0187: My crown came off.\n"
        "http://localhost:8000/ack/WzEsMTcsM10:1abc:signature\n"
        "Reply 1 to acknowledge, 2 to pass on (1 47, 2 47 if several are open)."
    )
    assert segments(text) == 2


def test_an_emergency_is_told_first() -> None:
    assert writing.text_of(sms(is_emergency=True)).startswith("EMERGENCY for Acme Dental from")


@pytest.mark.parametrize("content", ["word " * 400, "слово " * 400, "🔔" * 400])
def test_a_long_message_is_cut_to_three_segments_where_it_can_be(content: str) -> None:
    text = writing.text_of(sms(content=content))
    assert segments(text) <= (3 if is_gsm(text) else 5)
    assert text.endswith("if several are open).")
    assert "/ack/WzEsMTcsM10:1abc:signature\n" in text


def test_latin_content_never_takes_more_than_three_segments() -> None:
    text = writing.text_of(sms(content="It\u2019s urgent \u2014 " * 90, caller_name="Zoë"))
    assert segments(text) == 3


def test_a_recording_without_words_is_told() -> None:
    assert "a recording of 0:42" in writing.text_of(sms(content="  "))
    assert "no words were left" in writing.text_of(sms(content="", recording_seconds=None))


def test_a_bundle_names_the_others_with_their_codes() -> None:
    others = tuple(brief(number) for number in range(10, 18))
    text = writing.text_of(sms(bundled=(*others, brief(18, is_emergency=True))))
    assert text.startswith("10 messages for Acme Dental, the newest from (212) 555-0187: ")
    assert "Also 18 Caller 18; 17 Caller 17; 16 Caller 16;" in text
    assert "and 4 more." in text
    assert text.endswith("Reply 1 47 to acknowledge the newest, 1 ALL for all, 2 47 to pass on.")


def test_a_note_is_its_words() -> None:
    note = Note("key", TO, "123456 is your code", "123456 is your code to verify it.", AT)
    assert writing.note_of(note) == "123456 is your code to verify it."
    other = dataclasses.replace(note, title="Self-test failed", text="Nobody was reached.")
    assert writing.note_of(other) == "Self-test failed: Nobody was reached."


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("1", Reply(Meaning.ACKNOWLEDGE)),
        (" 1. ", Reply(Meaning.ACKNOWLEDGE)),
        ("1 47", Reply(Meaning.ACKNOWLEDGE, code="47")),
        ("1-47", Reply(Meaning.ACKNOWLEDGE, code="47")),
        ("1 ALL", Reply(Meaning.ACKNOWLEDGE, code="all")),
        ("Ack 47", Reply(Meaning.ACKNOWLEDGE, code="47")),
        ("OK", Reply(Meaning.ACKNOWLEDGE)),
        ("Got it!", Reply(Meaning.ACKNOWLEDGE)),
        ("I\u2019m on it", Reply(Meaning.ACKNOWLEDGE)),
        ("👍", Reply(Meaning.ACKNOWLEDGE)),
        ("2", Reply(Meaning.NEXT_LEVEL)),
        ("2 47", Reply(Meaning.NEXT_LEVEL, code="47")),
        ("Pass on", Reply(Meaning.NEXT_LEVEL)),
        ("STOP", Reply(Meaning.STOP)),
        ("Stop.", Reply(Meaning.STOP)),
        ("stopall", Reply(Meaning.STOP)),
        ("Unsubscribe", Reply(Meaning.STOP)),
        ("CANCEL", Reply(Meaning.STOP)),
        ("end", Reply(Meaning.STOP)),
        ("QUIT", Reply(Meaning.STOP)),
        ("START", Reply(Meaning.START)),
        ("Unstop", Reply(Meaning.START)),
        ("yes", Reply(Meaning.START)),
        ("stop by tomorrow", Reply(Meaning.NOTHING)),
        ("please cancel", Reply(Meaning.NOTHING)),
        ("1 stop", Reply(Meaning.NOTHING)),
        ("stop 47", Reply(Meaning.NOTHING)),
        ("147", Reply(Meaning.NOTHING)),
        ("1 4", Reply(Meaning.NOTHING)),
        ("HELP", Reply(Meaning.NOTHING)),
        ("what is this", Reply(Meaning.NOTHING)),
        ("1" * 10_000, Reply(Meaning.NOTHING)),
    ],
)
def test_what_people_text_back_is_understood(text: str, reply: Reply) -> None:
    assert replies.read(text) == reply


@pytest.mark.parametrize(
    ("text", "kept"),
    [("(212) 555-0134", TO), ("+44 7700 900123", "+447700900123"), (" +1 212-555-0134 ", TO)],
)
def test_numbers_are_kept_in_e164(text: str, kept: str) -> None:
    assert SmsTransport().check_address(text) == kept


def test_it_asks_the_carrier_as_twilio_documents_it(peer: Peer, settings: Settings) -> None:
    outcome = SmsTransport().send(sms(account_id=3, delivery_id=9))
    assert (outcome.fate, outcome.sender) == (Fate.DELIVERED, OURS)
    assert outcome.provider_id == "SM" + "7" * 32
    [(path, headers, form)] = peer.asked
    assert path == "/2010-04-01/Accounts/AC1/Messages.json"
    assert headers["authorization"].startswith("Basic ")
    assert (form["From"], form["To"]) == (OURS, TO)
    base = settings.ENVIRONMENT.public_url
    assert form["StatusCallback"] == f"{base}/texts/own/status?account=3&delivery=9"


@pytest.mark.parametrize(
    ("public_url", "is_told"),
    [
        ("https://bell.example.com", True),
        ("http://localhost:8000", False),
        ("http://10.0.0.7", False),
    ],
)
def test_a_hosted_carrier_is_told_only_what_it_can_reach(
    peer: Peer, settings: Settings, public_url: str, is_told: bool
) -> None:
    keys = {"twilio": CarrierKeys("AC1", "token", "token", peer.url)}
    settings.ENVIRONMENT = dataclasses.replace(
        settings.ENVIRONMENT, text_server=None, carriers=keys, public_url=public_url
    )
    SmsTransport().send(sms())
    assert ("StatusCallback" in peer.asked[0][2]) == is_told


@pytest.mark.parametrize(
    ("status", "code", "fate"),
    [
        (400, 21211, Fate.LASTING),  # not a valid number
        (400, 21610, Fate.LASTING),  # answered STOP
        (400, 21614, Fate.LASTING),  # not a mobile
        (400, 21635, Fate.LASTING),  # a landline
        (400, 21606, Fate.PASSING),  # our number cannot: the operator's to mend
        (401, 20003, Fate.PASSING),
        (400, 21408, Fate.PASSING),
        (400, 21611, Fate.PASSING),  # the queue is full
        (429, 20429, Fate.PASSING),
        (503, 0, Fate.PASSING),
    ],
)
def test_the_carriers_codes_decide(peer: Peer, status: int, code: int, fate: Fate) -> None:
    peer.answer = (status, {"code": code, "message": "It says why"})
    outcome = SmsTransport().send(sms())
    assert outcome.fate == fate
    assert not outcome.may_have_arrived
    if status < 429:
        assert "It says why" in outcome.words


def test_without_a_carrier_it_fails_in_words(settings: Settings) -> None:
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, carriers={}, text_server=None)
    outcome = SmsTransport().send(sms())
    assert outcome.fate == Fate.LASTING
    assert "DESKBELL_TWILIO" in outcome.words


@pytest.fixture
def in_acme(acme: Account, acme_number: PhoneNumber) -> Iterator[Account]:
    with account_scope(acme.pk):
        yield acme


@pytest.fixture
def second(in_acme: Account, at: datetime) -> PhoneNumber:
    from deskbell.accounts.actions import add_number

    return add_number(account=in_acme, number="+1 212 555 0143", at=at)


def test_the_number_that_was_called_is_the_sender(in_acme: Account, second: PhoneNumber) -> None:
    prepare = SmsTransport().prepare
    called = prepare(sms(account_id=in_acme.pk, called_number="(212) 555-0143", sender=""))
    assert called.sender == second.e164
    elsewhere = prepare(sms(account_id=in_acme.pk, called_number="+13125550100", sender=""))
    assert elsewhere.sender == OURS
    note = prepare(Note("k", TO, "t", "t", AT, account_id=in_acme.pk))
    assert note.sender == OURS


def test_whoever_said_stop_gets_nothing(in_acme: Account) -> None:
    texting.stop(ours=OURS, theirs=TO, at=AT)
    with pytest.raises(Refused, match=r"STOP .* START to \(212\) 555-0142"):
        SmsTransport().prepare(sms(account_id=in_acme.pk))
    assert texting.start(ours=OURS, theirs=TO)
    assert SmsTransport().prepare(sms(account_id=in_acme.pk)).sender == OURS


def test_a_number_that_the_account_may_not_reach_gets_nothing(in_acme: Account) -> None:
    with pytest.raises(Refused, match="may not reach"):
        SmsTransport().prepare(sms(account_id=in_acme.pk, address="+447700900123"))


def test_an_account_without_numbers_sends_no_texts(other: Account) -> None:
    with account_scope(other.pk), pytest.raises(Refused, match="no number"):
        SmsTransport().prepare(sms(account_id=other.pk))
