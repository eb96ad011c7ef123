"""What a mail says and how it is marked, and what each answer of an SMTP server means."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from pytest_django import Settings

from deskbell.delivery.tests.example import briefs, note, parcel
from deskbell.delivery.transport import Fate
from deskbell.delivery.transports.email.tests.peer import Peer
from deskbell.delivery.transports.email.transport import EmailTransport
from deskbell.foundation.errors import InvalidInput


@pytest.fixture
def peer(settings: Settings) -> Iterator[Peer]:
    with Peer() as peer:
        for name, value in peer.settings.items():
            setattr(settings, name, value)
        settings.DEFAULT_FROM_EMAIL = "Deskbell <bell@desk.example>"
        yield peer


def sent(peer: Peer, **changes: Any) -> EmailMessage:
    """The mail as it arrived over SMTP."""
    assert EmailTransport().send(parcel(**changes)).fate == Fate.DELIVERED
    return email.message_from_bytes(peer.mails[-1], policy=email.policy.default)


def part(mail: EmailMessage, kind: str) -> str:
    found = mail.get_body(preferencelist=(kind,))
    assert isinstance(found, EmailMessage)
    return str(found.get_content()).replace("\r\n", "\n")


def test_it_says_who_called_when_what_and_where_to_answer(peer: Peer) -> None:
    mail = sent(peer)
    assert mail["Subject"] == "Message for Acme Dental from (212) 555-0187"
    assert (mail["To"], mail["From"]) == ("alice@example.com", "Deskbell <bell@desk.example>")
    plain = part(mail, "plain")
    for words in (
        "Alice, there is a message for Acme Dental from (212) 555-0187.",
        "Phone: (212) 555-0187",
        "Called: (212) 555-0142",
        "When: Wednesday 4 March 2026, 10:00 AM EST",
        "Patient of ours: Yes",
        "My crown came off & it hurts.\nPlease call <today>.",
        "Hear the recording (0:42):\nhttp://localhost:8000/messages/17",
        "\nhttp://localhost:8000/ack/WzEsMTcsM10:1abc:signature\n",
        "You are on call on Weekdays.",
    ):
        assert words in plain
    page = part(mail, "html")
    assert "My crown came off &amp; it hurts.<br>Please call &lt;today&gt;." in page
    assert 'href="http://localhost:8000/ack/WzEsMTcsM10:1abc:signature"' in page
    assert 'href="tel:+12125550187"' in page
    assert "<script" not in page
    assert "src=" not in page


def test_it_is_marked_as_made_by_a_machine_and_keeps_its_thread(peer: Peer) -> None:
    first, second = sent(peer), sent(peer, idempotency_key="another", attempt=2)
    assert first["Message-ID"] == "<0c7a5f0e-3a51-4c57-9d0c-5a5f2a1d9f10@desk.example>"
    assert second["Message-ID"] != first["Message-ID"]
    assert second["References"] == first["References"]
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Importance"] is None
    assert "This is attempt 2." in part(second, "plain")


def test_an_emergency_stands_out(peer: Peer) -> None:
    mail = sent(peer, is_emergency=True, caller_name="Bob Brook")
    assert mail["Subject"] == "Emergency message for Acme Dental from Bob Brook"
    assert mail["Importance"] == "high"
    assert part(mail, "plain").startswith("EMERGENCY")


def test_a_message_without_number_content_or_recording_reads_well(peer: Peer) -> None:
    mail = sent(peer, caller_number="", content="", recording_seconds=None, answers={})
    assert mail["Subject"] == "Message for Acme Dental from an unknown caller"
    plain, page = part(mail, "plain"), part(mail, "html")
    assert "Phone: Not known" in plain
    assert "See it in the portal:" in plain
    assert "tel:" not in page
    assert "recording" not in plain + page


@pytest.mark.parametrize(
    ("answers", "fate", "words"),
    [
        ({"RCPT": "550 5.1.1 No such mailbox"}, Fate.LASTING, "550 5.1.1 No such mailbox"),
        ({"RCPT": "451 4.2.1 Greylisted"}, Fate.PASSING, "451 4.2.1 Greylisted"),
        ({"RCPT": "452 4.2.2 Mailbox full"}, Fate.PASSING, "Mailbox full"),
        ({"DATA": "554 5.7.1 Looks like spam"}, Fate.LASTING, "Looks like spam"),
        ({"DATA": "451 4.3.0 Later"}, Fate.PASSING, "451 4.3.0 Later"),
        ({"MAIL": "530 5.7.0 Sign in first"}, Fate.PASSING, "530 5.7.0 Sign in first"),
        ({"MAIL": "421 4.3.2 Going down"}, Fate.PASSING, "Going down"),
    ],
)
def test_what_each_refusal_means(
    peer: Peer, answers: dict[str, str], fate: Fate, words: str
) -> None:
    peer.answers = answers
    outcome = EmailTransport().send(parcel())
    assert (outcome.fate, outcome.may_have_arrived) == (fate, False)
    assert words in outcome.words


def test_a_sign_in_that_the_server_does_not_take_is_passing(peer: Peer, settings: Settings) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "bell", "wrong"
    assert EmailTransport().send(parcel()).fate == Fate.PASSING


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (" alice@Example.COM ", "alice@example.com"),
        ("Alice.B+on-call@example.com", "Alice.B+on-call@example.com"),
    ],
)
def test_addresses_are_kept_as_they_work(given: str, kept: str) -> None:
    assert EmailTransport().check_address(given) == kept


@pytest.mark.parametrize(
    "given", ["alice", "alice@", "Alice <alice@example.com>", "a@example.com, b@example.com"]
)
def test_what_is_no_address_is_refused(given: str) -> None:
    with pytest.raises(InvalidInput, match=r"looks like name@example\.com"):
        EmailTransport().check_address(given)


def test_a_bundle_lists_the_others_each_with_its_link(peer: Peer) -> None:
    mail = sent(peer, bundled=briefs(3, "Leak <b>"))
    assert mail["Subject"] == "Message for Acme Dental from (212) 555-0187 and 3 more"
    plain, page = part(mail, "plain"), part(mail, "html")
    for number in range(3):
        assert f"* Caller {number}, Wednesday 4 March 2026, 9:0{number} AM EST" in plain
        assert (
            f"  Leak <b> {number}\n  Acknowledge it: http://localhost:8000/ack/brief-{number}"
            in plain
        )
        assert f'href="http://localhost:8000/ack/brief-{number}"' in page
    assert "Leak &lt;b&gt; 0" in page
    assert "Together with 3 more" in page


def test_a_long_name_leaves_room_for_how_many_more(peer: Peer) -> None:
    mail = sent(peer, caller_name="Ann " * 99, bundled=briefs(12))
    assert len(mail["Subject"]) <= 150
    assert mail["Subject"].endswith(" and 12 more")


def test_a_note_is_plain_words(peer: Peer) -> None:
    assert EmailTransport().send_note(note()).fate == Fate.DELIVERED
    mail = email.message_from_bytes(peer.mails[-1], policy=email.policy.default)
    assert mail["Subject"] == "123456 is your code"
    assert mail["Auto-Submitted"] == "auto-generated"
