"""The picture of a sound: how loud it is from left to right, the same picture for the same sound.

An SVG file of its own, so that browsers keep it; pages refer to its symbol, which takes the colour
of the text around it in light and in dark.
"""

from __future__ import annotations

import itertools

from deskbell import speech

BARS = 96
STEP = 5
HEIGHT = 48
SYMBOL = "wave"
_LEAST = 1.0
_QUIETEST_SCALE = 3000  # a peak of PCM16: what is quieter than this all through looks quiet


def peaks_of(mulaw: bytes, bars: int = BARS) -> list[float]:
    """How loud G.711 µ-law audio is in each of `bars` equal stretches, 0 to 1 of its loudest."""
    import numpy as np

    samples = np.abs(np.frombuffer(speech.from_mulaw(mulaw), "<i2").astype(np.float64))
    if not samples.size:
        return [0.0] * bars
    edges = np.linspace(0, samples.size, bars + 1).astype(int)
    stretches = [
        samples[first : max(after, first + 1)] for first, after in itertools.pairwise(edges)
    ]
    loudest = max(float(samples.max()), _QUIETEST_SCALE)
    return [round(float(each.max()) / loudest, 3) if each.size else 0.0 for each in stretches]


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
