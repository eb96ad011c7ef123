"""The acoustic model as it would be, had it been trained on this caller's line.

Noise hides what is quieter than itself, and what it hides no filter brings back. So the sound
stays as it is, and the model learns the noise instead: each Gaussian's mean is turned into bands,
raised to the loudness at which the caller speaks, and the noise is added to it; deltas and
variances shrink where noise hides speech, and take the noise's own. Source: parallel model
combination with the first-order approximation of vector Taylor series (Gales and Young; Moreno).
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ..audio import to_mulaw
from .acoustics import SILENCE, STREAMS, Acoustics
from .features import loudness, with_deltas
from .narrowband import BANDS, LEAST, UNKNOWN, narrow_cepstra, wide_bands

Array = NDArray[Any]

BEFORE, AFTER = 30, 25  # frames around speech that are the line's noise
ALIKE: Final = 1.0  # both ends are noise where they differ less (logarithm of power)
HEARD: Final = 1.0  # above the noise: speech
STILL: Final = 1.0  # no line with a caller is so quiet: nothing was sent
_SILENT_SHARE: Final = 0.1  # of what lies between the first sound of a sentence and the last
_SPREAD: Final = 1.5  # noise of lines varies more than even noise does
_ROUNDS: Final = 12
_FARTHEST_BELOW: Final = 3.0  # speech under the noise: nothing is known of it

_CEPSTRA: Final = narrow_cepstra()
_BANDS, _REST = wide_bands()


class Compensation:
    """The model of `acoustics`, and what of it can be reckoned before anybody calls."""

    def __init__(self, acoustics: Acoustics) -> None:
        self._means = acoustics.means
        self._variances = np.maximum(acoustics.variances, LEAST)
        self._bands = self._means[:, 0] @ _BANDS.T
        books = range(len(self._means))
        shares = [acoustics.weights(0, np.flatnonzero(acoustics.codebook == b)) for b in books]
        self._shares = np.stack([share.mean(axis=1) / share.mean(axis=1).sum() for share in shares])
        self._silence = acoustics.phones[SILENCE]
        spoken = np.zeros(len(self._means))
        spoken[acoustics.speech] = 1
        spoken[self._silence] = 0
        self._spoken = spoken / spoken.sum()
        self._spreads = _spreads()

    def models(self, frames: Array) -> tuple[Array, Array]:
        """Means and variances for one sentence, by its frames of loudness, noise around it."""
        noise = _noise(frames)
        level = self._level(_sentence(frames, noise), noise)
        clean = self._bands + level
        noisy = np.logaddexp(clean, noise)
        heard = np.exp(clean - noisy)  # the share that is not hidden
        of_books = np.einsum("bd,bdf->bf", self._shares, heard)[:, None]
        means, variances = np.empty_like(self._means), np.empty_like(self._variances)
        for stream in range(STREAMS):
            kept = of_books if stream else heard
            turn = (_CEPSTRA * kept[..., None, :]) @ _BANDS
            means[:, stream] = (turn @ self._means[:, stream][..., None])[..., 0]
            variances[:, stream] = self._varied(stream, turn, kept)
        means[:, 0] = noisy @ _CEPSTRA.T
        return means, variances

    def _varied(self, stream: int, turn: Array, kept: Array) -> Array:
        unknown = (_CEPSTRA * kept[..., None, :]) @ _REST
        hidden = _CEPSTRA * (1 - kept)[..., None, :]
        of_speech = (turn**2 @ self._variances[:, stream][..., None])[..., 0]
        of_unknown = UNKNOWN[stream] * (unknown**2).sum(axis=-1)
        of_noise = _SPREAD * ((hidden @ self._spreads[stream]) * hidden).sum(axis=-1)
        varied: Array = of_speech + of_unknown + of_noise
        return varied

    def _level(self, observed: Array, noise: Array) -> Array:
        """How loud speech must be in each band, that with the noise it is what was observed."""
        chances = self._spoken * (1 - _SILENT_SHARE)
        chances[self._silence] = _SILENT_SHARE
        shares = (chances[:, None] * self._shares).ravel()
        shares /= shares.sum()
        bands = self._bands.reshape(-1, BANDS)
        level = observed.copy()
        for _ in range(_ROUNDS):
            clean = bands + level
            noisy = np.logaddexp(clean, noise)
            slope = np.maximum(shares @ np.exp(clean - noisy), 0.1)
            level += np.clip((observed - shares @ noisy) / slope, -2, 2)
        raised: Array = np.maximum(level, noise - _FARTHEST_BELOW)
        return raised


def _noise(frames: Array) -> Array:
    """The line without speech: its loudness at the quieter end, or at both where they are alike."""
    ends = [end for end in (frames[:BEFORE], frames[-AFTER:]) if end.mean() > STILL]
    if not ends:
        return np.zeros(BANDS)
    least = min(float(end.mean()) for end in ends)
    noise: Array = np.vstack([end for end in ends if end.mean() <= least + ALIKE]).mean(axis=0)
    return noise


def _sentence(frames: Array, noise: Array) -> Array:
    """How loud a sentence is on average, from the first frame above the noise to the last."""
    above = np.flatnonzero((frames - noise).mean(axis=1) > HEARD)
    if len(above):
        frames = frames[above[0] : above[-1] + 1]
    average: Array = frames.mean(axis=0)
    return average


def _spreads() -> list[Array]:
    """How even noise varies, for each stream: bands by bands."""
    even = np.random.default_rng(1).normal(0, 1000, 160_000).astype("<i2")
    return [np.cov(each.T) for each in with_deltas(loudness(to_mulaw(even.tobytes())))]
