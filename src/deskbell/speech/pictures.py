"""The picture of a sound: how loud it is from left to right, the same picture for the same sound.

An SVG file of its own, so that browsers keep it; pages refer to its symbol, which takes the colour
of the text around it in light and in dark.
"""

from __future__ import annotations

import itertools
from typing import Final

import numpy as np

BARS: Final = 96
STEP: Final = 5
HEIGHT: Final = 48
SYMBOL: Final = "wave"
_LEAST: Final = 1.0
_QUIETEST_SCALE: Final = 3000  # a peak of PCM16: what is quieter than this all through looks quiet


def waveform(pcm: bytes) -> str:
    """PCM16 little-endian, mono, as an SVG file of BARS bars with a symbol named SYMBOL."""
    return svg_of(peaks_of(pcm))


def peaks_of(pcm: bytes, bars: int = BARS) -> list[float]:
    """How loud PCM16 is in each of `bars` equal stretches, 0 to 1 of its loudest."""
    samples = np.frombuffer(pcm, "<i2")
    if not samples.size:
        return [0.0] * bars
    edges = np.linspace(0, samples.size, bars + 1).astype(int)
    # Stretch by stretch: an hour at once would fill the memory with copies.
    peaks = [
        _peak(samples[first : max(after, first + 1)]) for first, after in itertools.pairwise(edges)
    ]
    loudest = max(*peaks, _QUIETEST_SCALE)
    return [round(peak / loudest, 3) for peak in peaks]


def _peak(stretch: np.ndarray[tuple[int], np.dtype[np.int16]]) -> int:
    return max(int(stretch.max()), -int(stretch.min())) if stretch.size else 0


def svg_of(peaks: list[float]) -> str:
    """The picture: a symbol named SYMBOL, and the symbol shown for whoever opens the file alone."""
    width = STEP * len(peaks)
    middle = HEIGHT / 2
    line = "".join(
        f"M{STEP * place + STEP / 2:g} {middle - half:g}v{2 * half:g}"
        for place, half in enumerate(max(_LEAST, round(peak * (middle - 3), 1)) for peak in peaks)
    )
    box = f'viewBox="0 0 {width} {HEIGHT}" preserveAspectRatio="none"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {box}><symbol id="{SYMBOL}" {box}>'
        f'<path d="{line}" fill="none" stroke="currentColor" '
        f'stroke-linecap="round" vector-effect="non-scaling-stroke"/></symbol>'
        f'<use href="#{SYMBOL}" stroke-width="2.5"/></svg>'
    )
