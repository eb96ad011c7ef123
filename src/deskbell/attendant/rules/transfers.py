"""The rules of transfers: who is rung, and what follows when it ends.

Source: design, attendant API, "What a caller meets", 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from deskbell.foundation.numbers import digits_of, to_e164

from .actions import Action
from .configuration import MenuRules
from .documents import dial_document
from .effects import Result
from .sentences import Sentence
from .state import Phase
from .turn import Decision, Turn
from .voicemail import nobody_free

MAX_RUNG: Final = 10  # at once; Twilio's limit for one Dial
_TALKED: Final = frozenset({"completed", "answered"})
_ENDS: Final = {
    "busy": (Result.BUSY, Sentence.BUSY),
    "no-answer": (Result.NO_ANSWER, Sentence.NO_ANSWER),
    "canceled": (Result.NO_ANSWER, Sentence.NO_ANSWER),
}


def to_phone(turn: Turn, action: Action, menu: MenuRules) -> Decision:
    """TRANSFER_TO_PHONE."""
    return ring(turn, menu, [action.data])


def ring(turn: Turn, menu: MenuRules, numbers: Sequence[str]) -> Decision:
    """Rings telephones, all at once; numbers without a digit count as failed."""
    dialled = tuple(dict.fromkeys(_dialled(number) for number in numbers if digits_of(number)))
    if not dialled:
        return ended(turn, menu, "failed")
    turn.change(phase=Phase.DIALLING, asked="")
    return turn.decided(dial_document(dialled[:MAX_RUNG], menu.ringback, turn.state, turn.links))


def _dialled(number: str) -> str:
    """A number as carriers take it: E.164 where it can be one, else its digits."""
    digits = digits_of(number)
    return to_e164(number) or to_e164(f"+{digits}") or digits


def ended(turn: Turn, menu: MenuRules, status: str) -> Decision:
    """What follows where nobody talked: voicemail, the account's own action, or the menu."""
    result, words = _ENDS.get(status, (Result.FAILED, Sentence.NOT_CONNECTED))
    turn.note(result, menu)
    if turn.state.level_id:
        return nobody_free(turn, turn.state.level_id)
    action = turn.configuration.no_answer_action
    if action is not None and not turn.state.is_last_resort:
        return turn.run(action, menu, is_last_resort=True)
    return turn.play_menu(menu, turn.sentence(words))


def is_talk(status: str) -> bool:
    """Whether somebody answered and the caller talked with them."""
    return status in _TALKED


def to_on_call(turn: Turn, action: Action, _menu: MenuRules) -> Decision:
    """TRANSFER_TO_ONCALL: asks who is on call; until that is known, takes a message for them."""
    data = action.data
    level_id = int(data) if data.isascii() and data.isdigit() else 0
    return nobody_free(turn, level_id, asks=level_id)


def on_call_found(turn: Turn, phones: Sequence[str]) -> Decision:
    """Rings those who are on call; nobody, and a message is taken for their level."""
    menu = turn.menu
    reachable = [phone for phone in phones if digits_of(phone)]
    if menu is None or not reachable:
        return nobody_free(turn, turn.state.level_id)
    turn.note(Result.ON_CALL, menu)
    return ring(turn, menu, reachable)
