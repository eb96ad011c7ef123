"""PocketSphinx's acoustic model, read from its own files.

A sound of speech is a phone between two others, three states long; each state (a senone) mixes the
Gaussians of its phone's codebook. Source: the headers of the files `mdef` and `sendump`, which say
how they are made; Sphinx-3 parameter files.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .narrowband import read_gaussians

Array = NDArray[Any]

STATES: Final = 3
STREAMS: Final = 3  # cepstra, their deltas, the deltas of those
SILENCE: Final = "SIL"
_INSIDE, _FIRST, _LAST, _ALONE = range(4)  # where in its word a phone is
_WEIGHT_STEP: Final = 1024 * math.log(1.0001)  # a weight is so many steps below 1
_PHONE: Final = np.dtype([("sequence", "<i4"), ("matrix", "<i4"), ("what", "u1", 4)])


class Acoustics:
    """The model in the folder `model`, as PocketSphinx ships it for wide-band English.

    `means` and `variances` are by codebook, stream, density and cepstrum; `codebook` says which is
    each senone's; `stay` and `go` are logarithms of chances, by phone and state. Raises ValueError
    for a model of another shape.
    """

    def __init__(self, model: Path) -> None:
        self.means = read_gaussians(model / "means")
        self.variances = read_gaussians(model / "variances")
        self._read_phones((model / "mdef").read_bytes())
        densities, senones = self.means.shape[2], len(self.codebook)
        size = STREAMS * densities * senones
        steps = np.frombuffer((model / "sendump").read_bytes()[-size:], "u1")
        self._steps = steps.reshape(STREAMS, densities, senones)
        self._read_transitions((model / "transition_matrices").read_bytes())

    @property
    def speech(self) -> list[int]:
        """The phones that people speak."""
        return [number for name, number in self.phones.items() if name.isalpha() and name.isupper()]

    def weights(self, stream: int, senones: Array) -> Array:
        """What each density counts for in each of `senones`: densities by senones."""
        steps = self._steps[stream][:, senones].astype(np.float32)
        weights: Array = np.exp(-_WEIGHT_STEP * steps)
        return weights

    def alone(self, phone: int) -> list[int]:
        """The senones of a phone, whatever is around it."""
        return [int(each) for each in self._sequences[self._plain[phone]]]

    def word(self, phones: Sequence[int], before: int, after: int) -> list[int]:
        """The senones of a word between two phones, three for each of its phones."""
        around = [before, *phones, after]
        last = len(phones) - 1
        found: list[int] = []
        for place, phone in enumerate(phones):
            where = _ALONE if not last else {0: _FIRST, last: _LAST}.get(place, _INSIDE)
            sequence = self._sequence(where, phone, around[place], around[place + 2])
            found += (int(each) for each in self._sequences[sequence])
        return found

    def _sequence(self, where: int, phone: int, before: int, after: int) -> int:
        for place in (where, _INSIDE, _FIRST, _LAST, _ALONE):
            key = _key(place, phone, before, after)
            at = int(np.searchsorted(self._keys, key))
            if at < len(self._keys) and self._keys[at] == key:
                return int(self._by_key[at])
        return int(self._plain[phone])

    def _read_phones(self, raw: bytes) -> None:
        (described,) = struct.unpack_from("<i", raw, 8)
        header = struct.unpack_from("<10i", raw, 12 + described)
        plain, phones, states, _, senones, _, sequences = header[:7]
        if raw[:4] != b"BMDF" or states != STATES:
            raise ValueError("the model's phones are not of the shape that can be read")
        names = raw[12 + described + 40 :].split(b"\0", plain)[:plain]
        self.phones = {name.decode(): number for number, name in enumerate(names)}
        start = len(raw) - 2 * STATES * sequences
        self._sequences = np.frombuffer(raw, "<u2", STATES * sequences, start).reshape(-1, STATES)
        table = np.frombuffer(raw, _PHONE, phones, start - 4 - phones * _PHONE.itemsize)
        self._plain, between = table["sequence"][:plain], table[plain:]
        keys = _key(*between["what"].T.astype(np.int64))
        order = np.argsort(keys)
        self._keys, self._by_key = keys[order], between["sequence"][order]
        self.codebook = np.zeros(senones, np.int64)
        self.codebook[self._sequences[self._plain]] = np.arange(plain)[:, None]
        self.codebook[self._sequences[between["sequence"]]] = between["what"][:, 1:2]

    def _read_transitions(self, raw: bytes) -> None:
        start = raw.index(b"endhdr\n") + len(b"endhdr\n") + 4
        shape = struct.unpack_from("<3i", raw, start)
        counts = np.frombuffer(raw, "<f4", math.prod(shape), start + 16).reshape(shape)
        chances = counts / counts.sum(axis=2, keepdims=True)
        states = np.arange(STATES)
        self.stay = np.log(chances[:, states, states])
        self.go = np.log(chances[:, states, states + 1])


def _key(where: Any, phone: Any, before: Any, after: Any) -> Any:
    return ((where << 8 | phone) << 8 | before) << 8 | after
