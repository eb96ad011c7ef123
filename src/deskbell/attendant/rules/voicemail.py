"""The rules of voicemail: a message is asked for, heard, or not.

Source: design, attendant API, "What a caller meets", 5.
"""

from __future__ import annotations

from typing import Final

from .actions import Action
from .configuration import MenuRules, Sound
from .documents import voicemail_document
from .effects import Result, TakeMessage
from .events import Recorded
from .sentences import Sentence
from .state import Phase
from .turn import Decision, Turn

MAX_SILENCES: Final = 3


def leave_message(turn: Turn, action: Action, _menu: MenuRules) -> Decision:
    """VOICEMAIL."""
    asking = turn.configuration.announcement(action.data)
    return _ask(turn, asking or turn.sentence(Sentence.LEAVE_MESSAGE))


def nobody_free(turn: Turn, level_id: int, *, asks: int = 0, asks_desk: bool = False) -> Decision:
    """Says that nobody can take the call and takes a message for a level, 0 for the system's."""
    turn.change(level_id=level_id)
    sounds = turn.sentence(Sentence.NOBODY_FREE), turn.sentence(Sentence.LEAVE_MESSAGE)
    return _ask(turn, *sounds, asks=asks, asks_desk=asks_desk)


def resumed(turn: Turn) -> Decision:
    """The line broke off while the caller spoke, or before: asked once more."""
    turn.note(Result.RESUMED)
    sounds = turn.sentence(Sentence.BROKE_OFF), turn.sentence(Sentence.LEAVE_MESSAGE)
    return _ask(turn, *sounds)


def _ask(turn: Turn, *asking: Sound, asks: int = 0, asks_desk: bool = False) -> Decision:
    turn.change(phase=Phase.VOICEMAIL, asked="")
    document = voicemail_document(asking, turn.state, turn.links)
    return turn.decided(document, asks=asks, asks_desk=asks_desk)


def not_heard(turn: Turn, *, is_last: bool) -> Decision:
    """Silence after the tone: asked twice more, then the call ends."""
    silences = turn.state.silences + 1
    turn.change(silences=silences)
    if silences >= MAX_SILENCES or is_last:
        return turn.close(Result.NOTHING_TAKEN, turn.sentence(Sentence.NOTHING_TAKEN))
    turn.note(Result.SILENT)
    return _ask(turn, turn.sentence(Sentence.NOT_HEARD))


def recorded(turn: Turn, event: Recorded) -> Decision:
    """A recording becomes a message, once; the call ends."""
    if event.recording_sid not in turn.state.taken:
        turn.write(TakeMessage(event.recording_sid, event.seconds, turn.state.level_id))
        turn.change(taken=(*turn.state.taken, event.recording_sid))
    return turn.close(Result.MESSAGE_TAKEN, turn.sentence(Sentence.MESSAGE_TAKEN))
