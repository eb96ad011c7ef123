"""Two callers who hear each other: what is said arrives as it was said, and when."""

from __future__ import annotations

import itertools
import random

import pytest

from deskbell.foundation.errors import InvalidInput
from deskbell.voice.media import Digit, MediaLoop, Played
from deskbell.voice.media.codecs import Codec, decoder, encoder
from deskbell.voice.media.g711 import ALAW_OF_MULAW, MULAW_OF_ALAW
from deskbell.voice.media.tests.conftest import Call, Dial, own_ports
from deskbell.voice.media.tests.peer import Heard, Peer, rtp, until

SILENCE = b"\xff" * 160
SPEECH = random.Random(2).randbytes(1600)
KINDS: dict[Codec, int] = {"PCMU": 0, "PCMA": 8, "G722": 9}


def bridged(dial: Dial, *, one: Codec = "PCMU", other: Codec = "PCMU", **terms: int) -> list[Call]:
    calls = [dial(codec=codec, payload_type=KINDS[codec], **terms) for codec in (one, other)]
    calls[0].leg.bridge(calls[1].leg)
    settle(calls)
    return calls


def settle(calls: list[Call]) -> None:
    """Until what was ordered before is done: each peer has heard a packet that was sent after."""
    for call in calls:
        call.leg.play([b"\x33" * 160])
    for call in calls:
        assert isinstance(call.next_event(), Played)
        call.peer.hear_until(lambda heard: heard.payload == played(call))


def played(call: Call) -> bytes:
    return b"\x33" * 160


def heard_after(peer: Peer, first: bytes, count: int) -> list[Heard]:
    """`count` packets, of which the first is `first`."""
    begin = peer.hear_until(lambda heard: heard.payload == first)
    return [begin, *(peer.hear() for _ in range(count - 1))]


def test_what_is_said_arrives_to_the_byte_both_ways(dial: Dial) -> None:
    one, other = bridged(dial)
    for speaker, listener in ((one, other), (other, one)):
        speaker.peer.say(SPEECH)
        heard = heard_after(listener.peer, SPEECH[:160], 10)
        assert b"".join(packet.payload for packet in heard) == SPEECH
        for before, after in itertools.pairwise(heard):
            assert (after.sequence - before.sequence) & 0xFFFF == 1
            assert (after.timestamp - before.timestamp) & 0xFFFFFFFF == 160
        assert heard[0].marker
        assert not any(packet.marker for packet in heard[1:])
