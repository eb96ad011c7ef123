"""Recognises one of a list of hints with PocketSphinx. Runs in the program only.

A sentence is searched three times: for the likeliest hint, for the likeliest other one, and for any
sounds at all. How far the first stands above the second, and how near it comes to the third, says
how sure it is: what nobody has a name for sounds likelier as any sounds.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import pocketsphinx  # type: ignore[import-untyped]  # has neither stubs nor a marker

from ..audio import from_mulaw
from .narrowband import make_narrow
from .phonemes import folded
from .pronunciations import Pronunciations, readings

MODELS: Final = Path(pocketsphinx.get_model_path()) / "en-us"
_SEARCH: Final = {"beam": 1e-120, "pbeam": 1e-120, "wbeam": 1e-80, "topn": 4}
_HINTS, _OTHERS, _SOUNDS = "hints", "others", "sounds"
_NOTHING: Final = 1e-300
_LONE_MARGIN: Final = 0.3
# By logistic regression on names and speech of another seed than that of bench/names.py.
_BIAS, _BY_SOUNDS, _BY_MARGIN = -2.0, 8.3, 22.6

Arc = tuple[int, int, float, str]


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
    """Ready for one list of hints; anything may be said where there are none."""

    def __init__(self, hints: Sequence[str]) -> None:
        self._ways = {hint: readings(hint) for hint in dict.fromkeys(hints) if folded(hint)}
        self._decoder = self._open() if self._ways else _open_free()

    def hear(self, mulaw: bytes) -> dict[str, object]:
        """What was said, as the fields of an answer."""
        sound = from_mulaw(mulaw)
        if not self._ways:
            text, _ = self._search("free", sound)
            return {"text": text, "confidence": 0.5 if text else 0.0}
        words, likeness = self._search(_HINTS, sound)
        best = self._hint(words)
        if not best:
            return {"text": "", "confidence": 0.0}
        _, any_sounds = self._search(_SOUNDS, sound)
        other, other_likeness = self._second(best, sound)
        margin = likeness - other_likeness if other else _LONE_MARGIN
        sure = _confidence(likeness - any_sounds, margin)
        rest = _confidence(other_likeness - any_sounds, -margin)
        others = [[other, min(rest, 1 - sure)]] if other else []
        return {"text": best, "confidence": sure, "alternatives": others}

    def _open(self) -> Any:
        """A decoder that knows the words of the hints and no others: it is ready in no time."""
        words = sorted({word for ways in self._ways.values() for way in ways for word in way})
        spoken = _pronunciations().of(words)
        self._ways = {
            hint: kept
            for hint, ways in self._ways.items()
            if (kept := [way for way in ways if all(spoken[word] for word in way)])
        }
        with tempfile.NamedTemporaryFile("w", suffix=".dict", encoding="utf-8") as file:
            file.writelines(_dictionary_lines(spoken))
            file.flush()
            decoder = pocketsphinx.Decoder(
                hmm=_folder().name,
                dict=file.name,
                lm=None,
                loglevel="FATAL",
                bestpath=False,
                compallsen=True,
                **_SEARCH,
            )
        self._add(decoder, _HINTS, self._ways)
        decoder.add_allphone_file(_SOUNDS, str(MODELS / "en-us-phone.lm.bin"))
        return decoder

    def _add(self, decoder: Any, name: str, hints: Iterable[str]) -> None:
        arcs = _arcs([way for hint in hints for way in self._ways[hint]])
        decoder.add_fsg(name, decoder.create_fsg(name, 0, 1, arcs))

    def _search(self, name: str, sound: bytes) -> tuple[str, float]:
        """The words found, and the logarithm of their likeness; nothing is the least likely."""
        decoder = self._decoder
        if name in {_HINTS, _OTHERS, _SOUNDS}:
            decoder.activate_search(name)
        decoder.reinit_feat()  # else one caller's line would colour the next one's
        decoder.start_utt()
        decoder.process_raw(sound, full_utt=True)
        decoder.end_utt()
        found = decoder.hyp()
        if not found:
            return "", math.log(_NOTHING)
        return found.hypstr, math.log(max(found.score, _NOTHING))

    def _second(self, best: str, sound: bytes) -> tuple[str, float]:
        others = [hint for hint in self._ways if not set(self._ways[hint]) & set(self._ways[best])]
        if not others:
            return "", math.log(_NOTHING)
        self._add(self._decoder, _OTHERS, others)
        words, likeness = self._search(_OTHERS, sound)
        self._decoder.activate_search(_HINTS)
        self._decoder.remove_search(_OTHERS)
        return self._hint(words), likeness

    def _hint(self, words: str) -> str:
        said = tuple(words.split())
        return next((hint for hint, ways in self._ways.items() if said in ways), "")


def _open_free() -> Any:
    """A decoder of general English; slower, and far less sure of what it hears."""
    return pocketsphinx.Decoder(
        hmm=_folder().name,
        dict=str(MODELS / "cmudict-en-us.dict"),
        lm=str(MODELS / "en-us.lm.bin"),
        loglevel="FATAL",
    )


def _confidence(over_sounds: float, margin: float) -> float:
    weighed = _BIAS + _BY_SOUNDS * over_sounds + _BY_MARGIN * margin
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, weighed)))), 3)


def _arcs(ways: Sequence[Sequence[str]]) -> list[Arc]:
    """A grammar of those sentences: from state 0 to state 1, each on a path of its own."""
    arcs: list[Arc] = []
    chance = 1 / len(ways)
    state = 2
    for way in ways:
        at = 0
        for word in way[:-1]:
            arcs.append((at, state, 1.0 if at else chance, word))
            at, state = state, state + 1
        arcs.append((at, 1, 1.0 if at else chance, way[-1]))
    return arcs


def _dictionary_lines(spoken: dict[str, list[str]]) -> list[str]:
    return [
        f"{word} {way}\n" if number == 1 else f"{word}({number}) {way}\n"
        for word, ways in spoken.items()
        for number, way in enumerate(ways, start=1)
    ]
