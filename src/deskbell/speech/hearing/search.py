"""Which sentences a sound may be: the likeliest way through each, all at once.

Every sentence is a chain of words, every word some chains of states, one for each pronunciation;
silence is allowed before, between and after. All states of all sentences take a step a frame, so
nothing is cut off too early, and all sentences have their likeness in the end (Viterbi's search).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .acoustics import SILENCE, STATES, Acoustics

Array = NDArray[Any]
Word = Sequence[Sequence[int]]
"""The pronunciations of a word, each its phones."""

_NEVER: Final = np.float32(-1e9)


class Search:
    """A net of chains between places; `senones` are those it needs the likeness of.

    Chains and places are added, then `close` is called, then `run` for each sound.
    """

    def __init__(self, acoustics: Acoustics) -> None:
        self._acoustics = acoustics
        self._silence = acoustics.phones[SILENCE]
        self._states: list[tuple[int, int, int]] = []  # senone, phone, which of its states
        self._chains: list[tuple[int, int, int]] = []  # first state, from place, to place
        self._places = 0

    def add_place(self, *, is_silent: bool = True) -> int:
        """A place between words, at which a caller may be silent. The first is where all begin."""
        self._places += 1
        if is_silent:
            self._add((self._silence,), None, self._places - 1, self._places - 1)
        return self._places - 1

    def add_sentence(self, words: Sequence[Word], end: int) -> None:
        """A way from the first place to `end`."""
        place = 0
        for number, word in enumerate(words):
            before = words[number - 1][0][-1] if number else self._silence
            is_last = number == len(words) - 1
            after = self._silence if is_last else words[number + 1][0][0]
            next_place = end if is_last else self.add_place()
            for phones in word:
                senones = self._acoustics.word(phones, before, after)
                self._add(phones, senones, place, next_place)
            place = next_place

    def add_word(self, word: Word, start: int, end: int) -> None:
        """A word by itself, as it is said between silences."""
        for phones in word:
            senones = self._acoustics.word(phones, self._silence, self._silence)
            self._add(phones, senones, start, end)

    def add_sound(self, phone: int) -> None:
        """One phone, alone, after which anything may come again."""
        self._add((phone,), None, 0, 0)

    def close(self) -> None:
        """Makes ready for `run`."""
        senones, phones, states = np.array(self._states).T
        self.senones, self._columns = np.unique(senones, return_inverse=True)
        self._stay = self._acoustics.stay[phones, states].astype(np.float32)
        go = self._acoustics.go[phones, states].astype(np.float32)
        self._arrive = np.append(np.float32(0), go[:-1])
        self._first, self._entry, leads_to = np.array(self._chains).T
        last = np.append(self._first[1:], len(senones)) - 1
        order = np.argsort(leads_to, kind="stable")
        self._last, ends = last[order], leads_to[order]
        self._leave = go[self._last]
        self._turns = np.flatnonzero(np.append(True, ends[1:] != ends[:-1]))

    def run(self, likeness: Array) -> Array:
        """How likely each place is the end of the sound (logarithms). `likeness` is frames by
        `senones`.
        """
        states = np.full(len(self._columns), _NEVER)
        places = np.full(self._places, _NEVER)
        places[0] = 0
        moved = np.empty_like(states)
        for frame in likeness.astype(np.float32, copy=False):
            moved[1:] = states[:-1]
            moved += self._arrive
            moved[self._first] = places[self._entry]
            states += self._stay
            np.maximum(states, moved, out=states)
            states += frame.take(self._columns)
            places = np.maximum.reduceat(states[self._last] + self._leave, self._turns)
        return places

    def _add(
        self, phones: Sequence[int], senones: Sequence[int] | None, start: int, end: int
    ) -> None:
        found = [each for phone in phones for each in self._acoustics.alone(phone)]
        self._chains.append((len(self._states), start, end))
        for number, senone in enumerate(found if senones is None else senones):
            self._states.append((senone, phones[number // STATES], number % STATES))


def any_sounds(acoustics: Acoustics) -> Search:
    """A search in which anything may be said; its place 0 is the end."""
    search = Search(acoustics)
    search.add_place()
    for phone in acoustics.speech:
        if phone != acoustics.phones[SILENCE]:
            search.add_sound(phone)
    search.close()
    return search
