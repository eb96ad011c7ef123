"""The time machine: what a caller meets who calls at an instant and presses certain keys, and why.

It makes the very decisions that a call makes, so it can show nothing that callers do not meet.
Pure: who is on call must be told to it, and nobody is rung.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from deskbell.foundation.errors import InvalidInput
from deskbell.rcml.verbs import (
    Conference,
    Dial,
    Document,
    Gather,
    Noun,
    Number,
    Play,
    Say,
    Sip,
)

from .configuration import Configuration, Sound
from .decisions import decide
from .effects import Step
from .events import (
    DeskClosed,
    DialEnded,
    Entered,
    Event,
    KeyPressed,
    NothingPressed,
    OnCallFound,
    ReceptionFound,
    Recorded,
    RecordingSilent,
    Spoken,
)
from .reasons import Turned, why
from .state import CallState, Phase
from .turn import Decision

WAIT: Final = "t"
MAX_KEYS: Final = 200
_WAITING_ROOM: Final = "desk"
_TOO_LONG: Final[dict[Phase, Event]] = {
    Phase.DIALLING: DialEnded("no-answer"),
    Phase.RECEPTION: DeskClosed(),
}
_TOKEN: Final = re.compile(r'[0-9*#t]|"[^"]*"')
_BETWEEN: Final = re.compile(r"[\s,]*")

OnCall = Callable[[int], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Moment:
    """What one press, or one wait, led to; the first is the call's arrival.

    `heard` are the sounds in their order, `menu` is the name of the menu in which the caller is
    then (empty before any), `menu_sid` its sid. `pressed` is what led here: keys, `t` for a wait,
    a name in quotes, or nothing for the arrival. `rings` are the numbers that ring. `why` is in
    words, as sentences.
    """

    heard: tuple[Sound, ...]
    menu: str
    pressed: str
    why: str
    menu_sid: str = ""
    rings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Walk:
    """A whole call. `is_over` says that it ended; `left` is what was still to be pressed then, or
    where the caller was talking to somebody. `phase` is what the caller was last asked for."""

    moments: tuple[Moment, ...]
    is_over: bool = False
    left: str = ""
    phase: Phase = Phase.MENU


def walk(
    configuration: Configuration,
    at: datetime,
    keys: str,
    on_call: OnCall | None = None,
    *,
    has_desk: bool = True,
) -> Walk:
    """What a caller of the system meets who calls at `at` (aware) and does `keys`.

    `keys`: 0-9, `*` and `#` are pressed; `t` waits until the time-out, or until nobody has
    answered what rings, or says nothing; `"Anna"` in quotes is said. Spaces and commas do
    nothing. While a message is recorded, `#` ends it. `on_call` gives the phones of who is on
    call on a level, by its id; without it nobody is. With `has_desk` a receptionist is taken to be
    on duty; then `t` is the patience of a caller who waits for one. Raises InvalidInput for other
    characters, and for more than 200 keys.
    """
    caller = _Caller(configuration, at, on_call or (lambda _level: ()), has_desk=has_desk)
    waiting = _tokens(keys)
    moments = [caller.meet(Entered(), "")]
    while waiting:
        found = _event(configuration, caller.state, waiting)
        if found is None:
            break
        event, used = found
        pressed, waiting = "".join(waiting[:used]), waiting[used:]
        moments.append(caller.meet(event, pressed))
    phase = caller.state.phase
    return Walk(tuple(moments), phase is Phase.OVER, "".join(waiting), phase)


def _tokens(keys: str) -> list[str]:
    found: list[str] = []
    place = _skip(keys, 0)
    while place < len(keys):
        token = _TOKEN.match(keys, place)
        if token is None:
            raise InvalidInput(
                f"Keys are 0 to 9, *, #, t to wait, and a name in quotes; not {keys[place]!r}.",
                field="keys",
            )
        found.append(token.group())
        place = _skip(keys, token.end())
    if len(found) > MAX_KEYS:
        raise InvalidInput(f"Up to {MAX_KEYS} keys can be pressed.", field="keys")
    return found


def _skip(keys: str, place: int) -> int:
    between = _BETWEEN.match(keys, place)
    return between.end() if between else place


def _event(
    configuration: Configuration, state: CallState, waiting: Sequence[str]
) -> tuple[Event, int] | None:
    """What the next keys are where the call stands, and how many of them; None where a caller
    can do nothing more."""
    first = waiting[0]
    if state.phase is Phase.OVER:
        return None
    if state.phase in _TOO_LONG:
        return (_TOO_LONG[state.phase], 1) if first == WAIT else None
    if state.phase is Phase.VOICEMAIL:
        return _recording(first)
    if first == WAIT:
        return NothingPressed(), 1
    if first.startswith('"'):
        return Spoken(first.strip('"')), 1
    return _pressed(configuration, state, waiting)


def _recording(first: str) -> tuple[Event, int] | None:
    if first == WAIT:
        return RecordingSilent(), 1
    return (Recorded("", 1.0), 1) if first == "#" else None


def _pressed(
    configuration: Configuration, state: CallState, waiting: Sequence[str]
) -> tuple[Event, int]:
    digits = _leading_digits(waiting)
    if state.phase is Phase.EXTENSION and digits:
        ended = len(digits) < len(waiting) and waiting[len(digits)] == "#"
        return KeyPressed(digits), len(digits) + ended
    if state.phase is Phase.MENU and configuration.direct_dialling:
        dialled = _longest_extension(configuration, digits)
        if dialled:
            return KeyPressed(dialled), len(dialled)
    return KeyPressed(waiting[0]), 1


def _leading_digits(waiting: Sequence[str]) -> str:
    digits = ""
    for token in waiting:
        if not token.isdecimal():
            break
        digits += token
    return digits


def _longest_extension(configuration: Configuration, digits: str) -> str:
    beginnings = (digits[:length] for length in range(len(digits), 0, -1))
    return next((each for each in beginnings if each in configuration.extensions), "")


class _Caller:
    """Somebody who calls: where the call stands, and what each event makes of it."""

    def __init__(
        self, configuration: Configuration, at: datetime, on_call: OnCall, *, has_desk: bool
    ) -> None:
        self.state = CallState()
        self._configuration = configuration
        self._at = at
        self._on_call = on_call
        self._has_desk = has_desk

    def meet(self, event: Event, pressed: str) -> Moment:
        """Lets the event happen. Moves `state`."""
        before = self.state
        decision = self._decide(event)
        effects = decision.effects
        if decision.asks or decision.asks_desk:
            decision = self._decide(self._found(decision))
            effects += decision.effects
        steps = tuple(effect for effect in effects if isinstance(effect, Step))
        path = self.state.path
        menu = self._configuration.menus.get(path[-1]) if path else None
        return Moment(
            heard=tuple(self._heard(decision.document, before)),
            menu=menu.name if menu else "",
            pressed=pressed,
            why=why(Turned(self._configuration, before, steps, self.state, self._at)),
            menu_sid=menu.sid if menu else "",
            rings=tuple(_rings(decision.document)),
        )

    def _found(self, asking: Decision) -> OnCallFound | ReceptionFound:
        if asking.asks_desk:
            return ReceptionFound(self._has_desk, room=_WAITING_ROOM)
        return OnCallFound(tuple(self._on_call(asking.asks)))

    def _decide(self, event: Event) -> Decision:
        decision = decide(self._configuration, self.state, event, self._at, _NAMES)
        self.state = decision.state
        return decision

    def _heard(self, document: Document, before: CallState) -> Iterator[Sound]:
        """The sounds of a document; two announcements of the same words are told apart by where
        the caller is."""
        known: dict[tuple[str, str], Sound] = {}
        for sound in self._sounds(before):
            known.setdefault(_mark(sound), sound)
        for verb in document.verbs:
            for part in verb.nested if isinstance(verb, Gather) else (verb,):
                if isinstance(part, Play):
                    yield known.get((part.url, ""), Sound(prompt=part.url))
                elif isinstance(part, Say):
                    yield known.get(("", part.text), Sound(text=part.text))

    def _sounds(self, before: CallState) -> Iterator[Sound]:
        configuration = self._configuration
        for path in (self.state.path, before.path):
            menu = configuration.menus.get(path[-1]) if path else None
            if menu is None:
                continue
            sounds = [menu.announcement, menu.ringback]
            sounds += [configuration.announcements.get(way.data) for way in menu.keys.values()]
            yield from (sound for sound in sounds if sound is not None)
        yield from configuration.announcements.values()
        yield from configuration.sentences.values()


def _mark(sound: Sound) -> tuple[str, str]:
    return (sound.prompt, "") if sound.prompt else ("", sound.text)


def _rings(document: Document) -> Iterator[str]:
    for verb in document.verbs:
        if isinstance(verb, Dial):
            rung = (noun for noun in verb.nouns if not isinstance(noun, Conference))
            yield from (_address(noun) for noun in rung)


def _address(noun: Noun) -> str:
    if isinstance(noun, Number):
        return noun.number
    return noun.uri if isinstance(noun, Sip) else noun.name


class _Names:
    """Links that name a prompt by itself, so that a document can be read back as sounds."""

    def step_url(self, state: CallState, *, is_empty: bool = False) -> str:
        """Nobody follows it."""
        return f"{state.step}{'-' if is_empty else ''}"

    def sound_url(self, sha256: str) -> str:
        """The prompt's name."""
        return sha256

    def wait_url(self) -> str:
        """Nobody asks it."""
        return "wait"

    def recorded_url(self, _room: str) -> str:
        """Nothing is recorded."""
        return ""


_NAMES: Final = _Names()
