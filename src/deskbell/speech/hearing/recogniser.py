"""Recognises one of a list of hints by PocketSphinx's acoustic model. Runs in the program only.

All hints are searched at once (search.py); beside them any sounds at all, and names put together of
the hints' words. How far the first hint stands above the second, how near it comes to any sounds,
and to a given name with somebody else's surname, says how sure it is: a stranger's name sounds
likelier as one of those. Free speech is PocketSphinx's own to search.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pocketsphinx  # type: ignore[import-untyped]  # has neither stubs nor a marker
from numpy.typing import NDArray

from ..audio import from_mulaw
from .acoustics import STREAMS, Acoustics
from .features import loudness, with_deltas
from .narrowband import make_narrow, narrow_cepstra
from .noise import Compensation
from .pronunciations import Pronunciations, readings
from .search import Search, Word, any_sounds

Array = NDArray[Any]

MODELS: Final = Path(pocketsphinx.get_model_path()) / "en-us"
LEAST_FRAMES: Final = 10
_OTHERS: Final = 2
_MIXED_END: Final = 2
_LONE_MARGIN: Final = 0.6
_FAINT: Final = 1e-12
_CEPSTRA: Final = narrow_cepstra()
# By logistic regression on names and speech of other lists than those of bench/names.py.
_BIAS, _BY_SOUNDS, _BY_MARGIN, _BY_MIXED = -0.15, 0.43, 3.3, 3.77
_WIDEST: Final = 0.6  # margin: beyond it nothing is surer


@cache
def _acoustics() -> Acoustics:
    return Acoustics(MODELS / "en-us")


@cache
def _compensation() -> Compensation:
    return Compensation(_acoustics())


@cache
def _any_sounds() -> Search:
    return any_sounds(_acoustics())


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    """The narrow model; removed at exit."""
    folder = tempfile.TemporaryDirectory(prefix="deskbell-")
    make_narrow(MODELS / "en-us", Path(folder.name))
    return folder


@cache
def _pronunciations() -> Pronunciations:
    return Pronunciations(MODELS / "cmudict-en-us.dict")


class Recogniser:
    """Ready for one list of hints, which may be hard to say, but must not be empty."""

    def __init__(self, hints: Sequence[str]) -> None:
        self._search = Search(_acoustics())
        self._search.add_place()
        self._ways: dict[str, set[tuple[str, ...]]] = {}
        self._ends: list[int] = []
        self._add(hints)
        self._search.close()
        searches = (self._search, self._mixed, _any_sounds())
        senones = np.unique(np.concatenate([search.senones for search in searches]))
        self._columns = {search: np.searchsorted(senones, search.senones) for search in searches}
        self._likenesses = Likenesses(_acoustics(), senones)
        _compensation()

    def hear(self, mulaw: bytes) -> dict[str, object]:
        """What was said, as the fields of an answer."""
        frames = loudness(mulaw)
        if len(frames) < LEAST_FRAMES or not self._ends:
            return {"text": "", "confidence": 0.0}
        means, variances = _compensation().models(frames)
        likeness = self._likenesses.of(with_deltas(frames @ _CEPSTRA.T), means, variances)
        found, mixed, sounds = (
            search.run(likeness[:, columns]) / len(frames)
            for search, columns in self._columns.items()
        )
        scores = dict(zip(self._ways, found[self._ends] - sounds[0], strict=True))
        return self._answer(scores, float(mixed[_MIXED_END] - sounds[0]))

    def _add(self, hints: Sequence[str]) -> None:
        ways = {hint: readings(hint) for hint in dict.fromkeys(hints)}
        spoken = _spoken({word for found in ways.values() for way in found for word in way})
        for hint, found in ways.items():
            said = {way for way in found if all(spoken[word] for word in way)}
            if said:
                self._ways[hint] = said
                self._ends.append(self._search.add_place())
                for way in sorted(said):
                    self._search.add_sentence([spoken[word] for word in way], self._ends[-1])
        every = [way for said in self._ways.values() for way in said]
        self._mixed = _mixed(
            [spoken[word] for word in sorted({way[0] for way in every})],
            [spoken[word] for word in sorted({word for way in every for word in way[1:]})],
        )

    def _answer(self, scores: Mapping[str, float], mixed: float) -> dict[str, object]:
        """The likeliest hint, and others that are not read like it."""
        best, *rest = sorted(scores, key=lambda hint: -scores[hint])
        others = [hint for hint in rest if not self._ways[hint] & self._ways[best]][:_OTHERS]
        margin = scores[best] - scores[others[0]] if others else _LONE_MARGIN
        sure = _confidence(scores[best], margin, scores[best] - mixed)
        alternatives: list[list[object]] = []
        for hint in others:
            score = scores[hint]
            rest_sure = _confidence(score, score - scores[best], score - mixed)
            alternatives.append([hint, min(rest_sure, round(1 - sure, 3))])
        return {"text": best, "confidence": sure, "alternatives": alternatives}


class Free:
    """Takes any English; slower, and far less sure of what it hears."""

    def __init__(self) -> None:
        self._decoder = pocketsphinx.Decoder(
            hmm=_folder().name,
            dict=str(MODELS / "cmudict-en-us.dict"),
            lm=str(MODELS / "en-us.lm.bin"),
            loglevel="FATAL",
        )

    def hear(self, mulaw: bytes) -> dict[str, object]:
        """What was said, as the fields of an answer."""
        self._decoder.reinit_feat()  # else one caller's line would colour the next one's
        self._decoder.start_utt()
        self._decoder.process_raw(from_mulaw(mulaw), full_utt=True)
        self._decoder.end_utt()
        found = self._decoder.hyp()
        text = found.hypstr if found else ""
        return {"text": text, "confidence": 0.5 if text else 0.0}


class Likenesses:
    """How likely each of some senones sounds as each frame of a sentence does."""

    def __init__(self, acoustics: Acoustics, senones: Array) -> None:
        books = acoustics.codebook[senones]
        self._count = len(senones)
        self._books = [(int(book), np.flatnonzero(books == book)) for book in np.unique(books)]
        self._weights = [
            [acoustics.weights(stream, senones[of_book]) for _, of_book in self._books]
            for stream in range(STREAMS)
        ]

    def of(self, streams: Sequence[Array], means: Array, variances: Array) -> Array:
        """Logarithms, frames by senones, of frames in three streams under a model."""
        made = np.zeros((len(streams[0]), self._count), np.float32)
        for number, frames in enumerate(streams):
            dense = _densities(frames, means[:, number], variances[:, number])
            highest = dense.max(axis=2)
            np.exp(dense - highest[..., None], out=dense)
            for (book, of_book), weights in zip(self._books, self._weights[number], strict=True):
                mixed = np.log(dense[:, book] @ weights + _FAINT)
                made[:, of_book] += mixed + highest[:, book, None]
        return made


def _densities(frames: Array, means: Array, variances: Array) -> Array:
    """Logarithms of Gaussians without what all share: frames by codebooks by densities."""
    sharp = 1 / variances
    rest = -0.5 * (np.log(variances) + means**2 * sharp).sum(axis=-1)
    turned = np.concatenate([-0.5 * sharp, means * sharp], axis=-1).astype(np.float32)
    powers = np.concatenate([frames**2, frames], axis=1).astype(np.float32)
    products = powers @ turned.reshape(-1, turned.shape[-1]).T
    dense: Array = products.reshape(-1, *rest.shape) + rest.astype(np.float32)
    return dense


def _spoken(words: Iterable[str]) -> dict[str, list[list[int]]]:
    """How each word is said, in the model's phones."""
    phones = _acoustics().phones
    return {
        word: [[phones[phone] for phone in way.split()] for way in found]
        for word, found in _pronunciations().of(sorted(words)).items()
    }


def _mixed(firsts: Sequence[Word], others: Sequence[Word]) -> Search:
    """A search for the first word of any hint with a later word of any: nobody's name, mostly."""
    search = Search(_acoustics())
    start, middle, end = (search.add_place() for _ in range(_MIXED_END + 1))
    for word in firsts:
        search.add_word(word, start, middle)
    for word in others:
        search.add_word(word, middle, end)
    search.close()
    return search


def _confidence(over_sounds: float, margin: float, over_mixed: float) -> float:
    weighed = _BIAS + _BY_SOUNDS * over_sounds + _BY_MARGIN * min(margin, _WIDEST)
    weighed += _BY_MIXED * min(over_mixed, 0.0)
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, weighed)))), 3)
