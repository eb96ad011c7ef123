"""What a leg speaks on the wire; inside, everything that is not forwarded untouched is µ-law.

G.722 runs in the 8 kHz mode of its library: its lower band alone, so an octet is a sample and the
RTP clock of 8 kHz (RFC 3551 §4.5.2) is the true one. Narrow-band sound, for phones that insist.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Final, Literal, TypeAlias

import numpy as np
from G722 import G722  # type: ignore[import-not-found]  # ships no types

from .g711 import ALAW_OF_MULAW, MULAW_OF_ALAW, Law, linear_of_mulaw, mulaw_of_linear

Codec: TypeAlias = Literal["PCMU", "PCMA", "G722"]
Turn: TypeAlias = Callable[[bytes], bytes]

CODECS: Final[dict[int, Codec]] = {0: "PCMU", 8: "PCMA", 9: "G722"}  # RFC 3551 table 4
_RATE = 8000
_BITS = 64_000


def law_of(codec: Codec) -> Law:
    """The law that a leg's audio is kept in where it is recorded."""
    return "PCMA" if codec == "PCMA" else "PCMU"


def encoder(codec: Codec) -> Turn | None:
    """What turns µ-law into `codec`, one stream's packets in order; None where nothing has to."""
    if codec == "PCMA":
        return operator.methodcaller("translate", ALAW_OF_MULAW)
    return _g722_encoder() if codec == "G722" else None


def decoder(codec: Codec) -> Turn | None:
    """What turns `codec` into µ-law, one stream's packets in order; None where nothing has to."""
    if codec == "PCMA":
        return operator.methodcaller("translate", MULAW_OF_ALAW)
    return _g722_decoder() if codec == "G722" else None


def _g722_encoder() -> Turn:
    encode = G722(_RATE, _BITS).encode

    def turn(mulaw: bytes) -> bytes:
        return bytes(encode(linear_of_mulaw(mulaw)))

    return turn


def _g722_decoder() -> Turn:
    decode = G722(_RATE, _BITS).decode

    def turn(coded: bytes) -> bytes:
        return mulaw_of_linear(np.frombuffer(decode(coded), np.int16))

    return turn
