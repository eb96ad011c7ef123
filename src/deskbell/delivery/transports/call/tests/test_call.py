"""What a call says, to whom, and what its end means."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbell.contacts.models import Instructions, PhoneType
from deskbell.delivery.tests.example import briefs, note, parcel
from deskbell.delivery.transport import Fate, Meaning
from deskbell.delivery.transports.call import documents, sentences
from deskbell.delivery.transports.call.transport import (
    CallTransport,
    ended,
    named_by,
    token_of,
)
from deskbell.foundation.errors import InvalidInput, NotFound
from deskbell.rcml.verbs import Document, Gather, Hangup, Play, Say
from deskbell.rcml.write import to_xml

PRIVATE = ("crown", "0 1 8 7", "Patient")


def spoken(document: Document) -> str:
    found = []
    for verb in document.verbs:
        nested = verb.nested if isinstance(verb, Gather) else (verb,)
        found += [each.text for each in nested if isinstance(each, Say)]
    return " ".join(found)


def test_a_person_hears_all_and_then_the_keys() -> None:
    document = documents.message_document(parcel(is_emergency=True), keys_url="keys")
    text = spoken(document)
    assert text.startswith("This is an emergency. This is Acme Dental, with a message for Alice.")
    for told in (*PRIVATE, "Wednesday 4 March 2026, 10:00 AM", "hurts", "press 1", "press 4"):
        assert told in text
    gather = document.verbs[0]
    assert isinstance(gather, Gather)
    assert gather.barge_in
    assert (gather.num_digits, gather.action) == (1, "keys")


def test_a_bundle_says_how_many_and_the_newest_first() -> None:
    text = spoken(documents.message_document(parcel(bundled=briefs(6)), keys_url="keys"))
    assert "7 messages wait for Alice." in text
    assert text.index("crown") < text.index("Caller 5") < text.index("Caller 0")
    assert "To acknowledge all 7 messages, press 1." in text


def test_long_content_is_cut_and_says_so() -> None:
    text = spoken(documents.message_document(parcel(content="word " * 9000), keys_url="keys"))
    assert "goes on in the portal" in text
    assert len(text) < 3000


@pytest.mark.parametrize(
    ("instructions", "phone_type", "says_it", "tones"),
    [
        ("", "", False, ""),
        (Instructions.CALLBACK, "", False, ""),
        (Instructions.COMPLETE, "", True, ""),
        (Instructions.BEEP_OURS, "", False, "ww12125550142#"),
        (Instructions.BEEP_CALLER, "", False, "ww12125550187#"),
        ("", PhoneType.PAGER, False, "ww12125550142#"),
        (Instructions.BEEP_CALLER, PhoneType.PAGER, False, "ww12125550187#"),
    ],
)
def test_a_machine_gets_what_its_instructions_allow(
    instructions: str, phone_type: str, tones: str, *, says_it: bool
) -> None:
    left = documents.left_with_machine(
        parcel(instructions=instructions, phone_type=phone_type, sender="+12125550142")
    )
    text = spoken(left.document)
    assert all((told in text) == says_it for told in PRIVATE)
    played = "".join(verb.digits for verb in left.document.verbs if isinstance(verb, Play))
    assert played == tones
    assert isinstance(left.document.verbs[-1], Hangup)
    assert "press 1" not in text


def test_a_code_is_spoken_twice_digit_by_digit() -> None:
    assert spoken(documents.note_document(note())).count("1, 2, 3, 4, 5, 6") >= 2


@given(st.text(), st.text())
def test_whatever_strangers_wrote_is_spoken_and_nothing_else(name: str, content: str) -> None:
    odd = parcel(caller_name=name, content=content, account_name=name, answers={name: content})
    xml = to_xml(documents.message_document(odd, keys_url="keys"))
    assert xml.count("<Gather") == 1
    assert all(each.strip() for each in sentences.message(odd))


@pytest.mark.parametrize(
    ("keys", "meaning"),
    [
        ("1", Meaning.ACKNOWLEDGE),
        ("2", Meaning.HEAR_AGAIN),
        ("3", Meaning.NEXT_LEVEL),
        ("4", Meaning.RECEPTIONIST),
        ("5", Meaning.NOTHING),
        ("11", Meaning.NOTHING),
        ("", Meaning.NOTHING),
    ],
)
def test_keys(keys: str, meaning: Meaning) -> None:
    assert CallTransport().read_reply(keys).meaning == meaning


@pytest.mark.parametrize(
    ("status", "code", "fate"),
    [
        ("completed", "", Fate.UNANSWERED),
        ("no-answer", "", Fate.UNANSWERED),
        ("canceled", "", Fate.UNANSWERED),
        ("busy", "486", Fate.PASSING),
        ("failed", "503", Fate.PASSING),
        ("failed", "404", Fate.LASTING),
    ],
)
def test_how_a_call_ends(status: str, code: str, fate: Fate) -> None:
    outcome = ended(status, sip_code=code)
    assert outcome
    assert outcome.fate == fate
    if status == "busy":
        assert outcome.retry_after == timedelta(seconds=60)


@pytest.mark.parametrize("status", ["", "ringing", "in-progress", "queued", "nonsense"])
def test_what_goes_on_has_no_end(status: str) -> None:
    assert ended(status) is None


def test_a_token_names_its_delivery_and_is_the_same_whenever_it_is_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = token_of(parcel())
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    assert token_of(parcel()) == first
    assert named_by(first) == (parcel().account_id, parcel().delivery_id)
    for wrong in ("", first[:-1], f"{first}x", "WzEsMl0:x"):
        with pytest.raises(NotFound):
            named_by(wrong)


def test_addresses() -> None:
    transport = CallTransport()
    assert transport.check_address(" (212) 555-0134 ") == "+12125550134"
    assert transport.check_address("W0411-front-desk") == "w0411-front-desk"
    for wrong in ("911", "sip:a@b", "front desk", "w0411-"):
        with pytest.raises(InvalidInput):
            transport.check_address(wrong)
