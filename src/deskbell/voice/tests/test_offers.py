"""What is agreed on from what is offered (RFC 3264)."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskbell.foundation.errors import InvalidInput
from deskbell.voice.offers import Media, Negotiation, media_of

HEAD = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
OURS = "192.0.2.2"
PLAIN = HEAD + "m=audio 4000 RTP/AVP 0\r\n"


def audio(kinds: str, *attributes: str) -> str:
    lines = "".join(f"a={attribute}\r\n" for attribute in attributes)
    return f"{HEAD}m=audio 4000 RTP/AVP {kinds}\r\n{lines}"


@pytest.mark.parametrize(
    ("offer", "expected"),
    [
        (PLAIN, Media("192.0.2.1", 4000, "PCMU", 0, None)),
        (audio("8 0"), Media("192.0.2.1", 4000, "PCMA", 8, None)),
        (audio("9 18 0"), Media("192.0.2.1", 4000, "G722", 9, None)),
        (audio("18 0 9"), Media("192.0.2.1", 4000, "PCMU", 0, None)),
        (
            audio("0 101", "rtpmap:101 telephone-event/8000"),
            Media("192.0.2.1", 4000, "PCMU", 0, 101),
        ),
        (
            audio("97 0 96", "rtpmap:97 telephone-event/48000", "rtpmap:96 telephone-event/8000"),
            Media("192.0.2.1", 4000, "PCMU", 0, 96),
        ),
        (audio("112", "rtpmap:112 PCMA/8000"), Media("192.0.2.1", 4000, "PCMA", 112, None)),
        (audio("0", "sendonly"), Media("192.0.2.1", 4000, "PCMU", 0, None, "recvonly")),
        (
            PLAIN.replace("m=audio", "m=video 5000 RTP/AVP 31\r\nm=audio"),
            Media("192.0.2.1", 4000, "PCMU", 0, None),
        ),
        (PLAIN + "c=IN IP4 192.0.2.7\r\n", Media("192.0.2.7", 4000, "PCMU", 0, None)),
    ],
)
def test_what_is_agreed(offer: str, expected: Media) -> None:
    assert media_of(offer, ours=OURS) == expected


@pytest.mark.parametrize(
    ("offer", "why"),
    [
        ("", "no audio"),
        (audio("18"), "none of PCMU, PCMA, G722"),
        (PLAIN.replace("4000", "0"), "no audio"),
        (PLAIN.replace("RTP/AVP", "RTP/SAVP"), "no audio"),
        (PLAIN.replace("c=IN IP4 192.0.2.1\r\n", ""), "no address"),
        (PLAIN.replace("c=IN IP4 192.0.2.1", "c=IN IP4 host.test"), "no IP address"),
        (PLAIN.replace("4000", "port"), "cannot be read"),
        (PLAIN.replace("IP4 192.0.2.1", "IP6 2001:db8::1"), "not IPv4"),
    ],
)
def test_what_cannot_be_agreed(offer: str, why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        media_of(offer, ours=OURS)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_no_offer_causes_another_error(text: str) -> None:
    for offer in (text, HEAD + text, PLAIN + "a=" + text):
        with contextlib.suppress(InvalidInput):
            Negotiation(host="192.0.2.2", port=5000).answer(offer)


def test_every_stream_is_answered_in_its_place() -> None:
    offer = audio("0 101", "rtpmap:101 telephone-event/8000").replace(
        "m=audio", "m=video 5000 RTP/AVP 31\r\nm=audio"
    )
    answer = Negotiation(host="192.0.2.2", port=5000).answer(offer)
    lines = [line for line in answer.split("\r\n") if line.startswith("m=")]
    assert lines == ["m=video 0 RTP/AVP 31", "m=audio 5000 RTP/AVP 0 101"]
    assert "a=rtpmap:101 telephone-event/8000" in answer


@pytest.mark.parametrize(
    "held", [audio("0", "sendonly"), audio("0", "inactive"), PLAIN.replace("192.0.2.1", "0.0.0.0")]
)
def test_hold(held: str) -> None:
    assert media_of(held, ours=OURS).is_held


def origin(sdp: str) -> list[str]:
    return sdp.split("\r\n")[1].split()


def test_what_is_new_is_a_later_version_of_one_session() -> None:
    negotiation = Negotiation(host="2001:db8::2", port=5000)
    offer = PLAIN.replace("IP4 192.0.2.1", "IP6 2001:db8::1")
    changes = (offer, offer, offer + "a=sendonly\r\n", offer)
    found = [origin(negotiation.answer(change)) for change in changes]
    assert len({(said[1], *said[4:]) for said in found}) == 1
    assert [said[2] for said in found] == ["1", "1", "2", "3"]
    assert found[0][4:] == ["IP6", "2001:db8::2"]


def test_a_call_of_ours_offers_what_it_is_told_to() -> None:
    negotiation = Negotiation(host=OURS, port=5000)
    assert "m=audio 5000 RTP/AVP 0 8 9 101\r\n" in negotiation.offer()
    offer = negotiation.offer(codecs=("G722", "PCMA"))
    assert "m=audio 5000 RTP/AVP 9 8 101\r\na=rtpmap:9 G722/8000\r\n" in offer
    negotiation.accept(audio("8 96", "rtpmap:96 telephone-event/8000"))
    assert negotiation.media == Media("192.0.2.1", 4000, "PCMA", 8, 96)
    assert "m=audio 5000 RTP/AVP 8 96\r\n" in negotiation.offer("sendonly"), "as it is agreed"


def test_what_we_do_not_take_is_not_agreed_on() -> None:
    negotiation = Negotiation(host=OURS, port=5000, codecs=("PCMA",))
    negotiation.answer(audio("9 0 8"))
    assert negotiation.media is not None
    assert negotiation.media.codec == "PCMA"


def test_who_holds_goes_on_to_hold_when_the_other_offers() -> None:
    negotiation = Negotiation(host=OURS, port=5000)
    negotiation.answer(PLAIN)
    assert "a=sendonly" in negotiation.offer("sendonly")
    negotiation.accept(audio("0", "recvonly"))
    assert negotiation.media is not None
    assert negotiation.media.direction == "sendonly"
    assert "a=sendonly" in negotiation.answer(PLAIN)
    assert "a=inactive" in negotiation.answer(audio("0", "sendonly"))
    assert "a=sendonly" in negotiation.offer(), "whoever asks for our offer does not end our hold"
    assert "a=sendrecv" in negotiation.offer("sendrecv")
    negotiation.accept(PLAIN)
    assert "a=sendrecv" in negotiation.answer(PLAIN)


def test_our_later_offer_keeps_every_stream_in_its_place() -> None:
    negotiation = Negotiation(host=OURS, port=5000)
    negotiation.answer(PLAIN.replace("m=audio", "m=video 5000 RTP/AVP 31\r\nm=audio"))
    lines = [line for line in negotiation.offer("inactive").split("\r\n") if line[:2] == "m="]
    assert lines == ["m=video 0 RTP/AVP 31", "m=audio 5000 RTP/AVP 0"]


def test_the_answer_speaks_the_profile_that_was_offered() -> None:
    offer = PLAIN.replace("RTP/AVP", "RTP/AVPF")
    assert "m=audio 5000 RTP/AVPF 0\r\n" in Negotiation(host=OURS, port=5000).answer(offer)


@pytest.mark.parametrize(
    ("direction", "is_heard_always"),
    [("sendrecv", True), ("sendonly", False), ("recvonly", False), ("inactive", False)],
)
def test_whose_silence_means_that_they_are_gone(direction: str, is_heard_always: bool) -> None:
    assert media_of(audio("0", direction), ours=OURS).has_two_ways is is_heard_always
