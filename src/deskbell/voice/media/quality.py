"""How well a call sounds, as a number that people who run telephones know.

The E-model with all its defaults, in the short form of Cole and Rosenbluth: what delay and loss
leave of the rating, and the mean opinion score from that.
Source: ITU-T G.107 (rating), G.113 appendix I (G.711 with concealment: Ie 0, Bpl 25.1; nothing is
tabled for G.722's lower band, which is taken as G.711), G.107 annex B (score of a rating).
"""

from __future__ import annotations

_DEFAULT = 93.2  # the rating of a call without any fault
_ROBUSTNESS = 25.1  # Bpl, percent
_PACKET_MS = 20.0
_BUFFERED = 2.0  # times the jitter: what a far end's jitter buffer adds
_NOTICED_MS = 177.3


def rating(*, loss: float, jitter_ms: float, round_trip_ms: float) -> float:
    """R, 0 to 93.2, of one direction; `loss` is the share of packets lost, 0 to 1."""
    delay = round_trip_ms / 2 + _BUFFERED * jitter_ms + _PACKET_MS
    impaired = 0.024 * delay + 0.11 * max(0.0, delay - _NOTICED_MS)
    percent = 100 * min(max(loss, 0.0), 1.0)
    equipment = 95 * percent / (percent + _ROBUSTNESS)
    return max(0.0, _DEFAULT - impaired - equipment)


def mos(*, loss: float, jitter_ms: float, round_trip_ms: float) -> float:
    """The mean opinion score to expect, 1 (bad) to 4.4 (as good as narrow-band gets)."""
    value = rating(loss=loss, jitter_ms=jitter_ms, round_trip_ms=round_trip_ms)
    return max(1.0, 1 + 0.035 * value + value * (value - 60) * (100 - value) * 7e-6)
