"""Recognises one of a list of hints with PocketSphinx. Runs in the program only."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pocketsphinx  # type: ignore[import-untyped]  # has neither stubs nor a marker

from ..audio import from_mulaw
from .phonemes import folded, spoken_by_rule

MODEL: Final = Path(pocketsphinx.get_model_path()) / "en-us"
_dictionary: dict[str, list[str]] = {}


def dictionary() -> dict[str, list[str]]:
    """All pronunciations by word; read once."""
    if not _dictionary:
        with (MODEL / "cmudict-en-us.dict").open(encoding="utf-8") as lines:
            for line in lines:
                word, _, phones = line.rstrip().partition(" ")
                _dictionary.setdefault(word.partition("(")[0], []).append(phones)
    return _dictionary


class Recogniser:
    """Ready for one list of hints."""

    def __init__(self, hints: Sequence[str]) -> None:
        self._hints = [hint for hint in dict.fromkeys(hints) if folded(hint)]
        known = dictionary()
        words = sorted({word for hint in self._hints for word in folded(hint).split()})
        unknown = [word for word in words if word not in known]
        by_rule = dict(zip(unknown, spoken_by_rule(unknown), strict=True))
        lines = []
        for word in words:
            said = known.get(word) or [by_rule[word]]
            lines += [
                f"{word}({at})" * (at > 1) + word * (at == 1) + f" {phones}"
                for at, phones in enumerate(said, start=1)
                if phones
            ]
        spoken = {line.split()[0] for line in lines}
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "names.dict"
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
            self._decoder: Any = pocketsphinx.Decoder(
                hmm=str(MODEL / "en-us"),
                dict=str(path),
                lm=None,
                loglevel="FATAL",
                bestpath=False,
                beam=1e-80,
                wbeam=1e-60,
                pbeam=1e-80,
            )
        arcs, state = [], 2
        for hint in self._hints:
            said = folded(hint).split()
            if not all(word in spoken for word in said):
                continue
            at = 0
            for word in said[:-1]:
                arcs.append((at, state, 1.0 / len(self._hints) if at == 0 else 1.0, word))
                at, state = state, state + 1
            arcs.append((at, 1, 1.0 / len(self._hints) if at == 0 else 1.0, said[-1]))
        self._decoder.add_fsg("names", self._decoder.create_fsg("names", 0, 1, arcs))
        self._decoder.activate_search("names")
        self._by_words = {folded(hint): hint for hint in self._hints}

    def hear(self, mulaw: bytes) -> dict[str, object]:
        """What was said, as the fields of an answer."""
        import numpy as np
        import soxr  # type: ignore[import-untyped]  # has neither stubs nor a marker

        low = np.frombuffer(from_mulaw(mulaw), "<i2").astype(np.float32) / 32768
        wide = soxr.resample(low, 8000, 16000)
        pcm = (np.clip(wide, -1, 1) * 32767).astype("<i2").tobytes()
        self._decoder.start_utt()
        self._decoder.process_raw(pcm, full_utt=True)
        self._decoder.end_utt()
        found = self._decoder.hyp()
        text = self._by_words.get(found.hypstr, "") if found else ""
        return {"text": text, "confidence": 0.9 if text else 0.0, "alternatives": []}
