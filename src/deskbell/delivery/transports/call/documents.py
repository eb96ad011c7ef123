"""What a delivery's call does, as documents: it speaks, listens for a key, and says goodbye.

Pure: whoever answers the requests (`api.voice.deliveries`) puts the addresses in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from deskbell.contacts.models import Instructions, PhoneType
from deskbell.delivery.transport import Note, Parcel
from deskbell.foundation.numbers import digits_of
from deskbell.rcml.verbs import Document, Gather, Hangup, Pause, Play, Redirect, Say

from . import sentences

ROUNDS: Final = 3
_WAIT: Final = 5


@dataclass(frozen=True, slots=True)
class Left:
    """What a machine gets, and the words for it in the proof."""

    document: Document
    words: str


def message_document(parcel: Parcel, *, keys_url: str, before: str = "") -> Document:
    """`before`, then all of the message, then the keys; any key stops the speaking."""
    said = [before, *sentences.message(parcel), sentences.keys(parcel)]
    return _asking([each for each in said if each], keys_url)


def keys_document(parcel: Parcel, *, keys_url: str, before: str) -> Document:
    """`before`, then the keys once more."""
    return _asking([before, sentences.keys(parcel)], keys_url)


def goodbye(*said: str) -> Document:
    """Says it and hangs up."""
    return Document((*_spoken([*said, "Goodbye."]), Hangup()))


def nothing() -> Document:
    """Hangs up."""
    return Document((Hangup(),))


def note_document(note: Note) -> Document:
    """Speaks a note."""
    return Document((Pause(1), *_spoken(sentences.note(note)), Hangup()))


def is_for_machines(parcel: Parcel) -> bool:
    """Whether whatever answers is a machine: a pager has no ear."""
    return parcel.phone_type == PhoneType.PAGER


def left_with_machine(parcel: Parcel) -> Left:
    """What voicemail or a pager gets, as the method's instructions say; without any, a request to
    call back. Nothing private is said but where they are "Complete message"."""
    ours = parcel.sender or parcel.called_number
    if parcel.instructions == Instructions.COMPLETE:
        said = [*sentences.message(parcel), "You find it in the portal. Goodbye."]
        return Left(_hanging_up(said), "Voicemail answered and got the complete message")
    if parcel.instructions == Instructions.BEEP_OURS or _is_pager(parcel):
        return Left(_tones(ours), "Our number was left as tones")
    if parcel.instructions == Instructions.BEEP_CALLER:
        number = parcel.caller_number or ours
        return Left(_tones(number), "The caller's number was left as tones")
    said = sentences.callback(parcel, digits_of(ours))
    return Left(_hanging_up(said), "Voicemail answered and was asked for a call back")


def _is_pager(parcel: Parcel) -> bool:
    return is_for_machines(parcel) and parcel.instructions != Instructions.BEEP_CALLER


def _tones(number: str) -> Document:
    return Document((Play("", digits=f"ww{digits_of(number)}#"), Pause(2), Hangup()))


def _hanging_up(said: Sequence[str]) -> Document:
    return Document((*_spoken(said), Hangup()))


def _asking(said: Sequence[str], keys_url: str) -> Document:
    """A carrier that reports no empty result goes on with the Redirect, which says the same."""
    gather = Gather(
        nested=tuple(_spoken(said)),
        action=keys_url,
        num_digits=1,
        timeout=_WAIT,
        finish_on_key="",
        action_on_empty_result=True,
    )
    return Document((gather, Redirect(keys_url)))


def _spoken(said: Sequence[str]) -> list[Say]:
    return [Say(each) for each in said if each]
