"""The rules of the desk: callers for a receptionist wait with music until one answers.

Source: design, voice, "The desk on these verbs". Who is rung and how long a caller waits is room
desk's; here is only what the caller's own call does.
"""

from __future__ import annotations

from .actions import Action
from .configuration import MenuRules
from .documents import reception_document
from .effects import JoinQueue, LeaveQueue, Result
from .events import DeskClosed, Event, ReceptionFound, Resumed
from .sentences import Sentence
from .state import Phase
from .turn import Decision, Turn
from .voicemail import nobody_free


def to_receptionist(turn: Turn, _action: Action, _menu: MenuRules) -> Decision:
    """TRANSFER_TO_RECEPTIONIST: asks whether the desk takes the call; until that is known, takes a
    message, as where whoever carries the call has no waiting room."""
    return nobody_free(turn, 0, asks_desk=bool(turn.links.wait_url()))


def found(turn: Turn, event: ReceptionFound) -> Decision:
    """Waits for a receptionist, or leaves a message where nobody is on duty."""
    if not event.is_open:
        turn.note(Result.DESK_CLOSED if event.is_back else Result.NO_RECEPTIONIST)
        return nobody_free(turn, 0)
    turn.note(Result.BACK_IN_LINE if event.is_back else Result.RECEPTION)
    turn.write(JoinQueue(event.is_back))
    turn.change(phase=Phase.RECEPTION, asked="", level_id=0)
    first = turn.sentence(Sentence.BROKE_OFF if event.is_back else Sentence.HOLD_THE_LINE)
    document = reception_document(
        first, event.room, turn.state, turn.links, is_recorded=event.is_recorded
    )
    return turn.decided(document)


def waited(turn: Turn, event: Event) -> Decision:
    """What ends the waiting without a receptionist: the desk gives the caller up, the line broke
    off and is back, or an engine could not hold the call."""
    if isinstance(event, Resumed):
        return nobody_free(turn, 0, asks_desk=True)
    if isinstance(event, DeskClosed):
        turn.note(Result.DESK_CLOSED)
    else:
        turn.note(Result.FAILED)
        turn.write(LeaveQueue())
    return nobody_free(turn, 0)
