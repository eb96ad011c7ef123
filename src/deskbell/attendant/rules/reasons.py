"""Why a caller meets what they meet, in words for whoever set the attendant up.

Reads what a decision wrote down about itself; it decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from deskbell.foundation.dates import dates_words, day_words, hours_words, moment_words

from .actions import Action, ActionType
from .configuration import Configuration, MenuRules
from .effects import Result, Step
from .schedule import DateSpan, WeekSpan, menu_at
from .state import CallState, Phase
from .words import action_words

_SAID: Final[dict[str, str]] = {
    Result.SUSPENDED: "The system is suspended",
    Result.ON_CALL: "those of them who have a phone are rung",
    Result.RECEPTION: "the caller waits with music until a receptionist answers",
    Result.NO_RECEPTIONIST: "no receptionist is on duty, so a message is asked for",
    Result.DESK_CLOSED: "No receptionist took the call",
    Result.BACK_IN_LINE: "The line broke off, and the caller waits on in the same place",
    Result.RESUMED: "The line broke off for a moment",
    Result.CONNECTED: "Somebody answered, and they talked",
    Result.BUSY: "The line is busy",
    Result.NO_ANSWER: "Nobody answered",
    Result.FAILED: "The call could not be connected",
    Result.SILENT: "Nothing was said",
    Result.NOTHING_TAKEN: "Nothing was said, too often",
    Result.MESSAGE_TAKEN: "The message is taken",
    Result.TOO_LONG: "The call went on for too long",
    Result.OVER: "The call is over",
}
_FOLLOWS: Final = {
    Phase.MENU: "the menu plays",
    Phase.EXTENSION: "an extension is asked for",
    Phase.NAME: "a name is asked for",
    Phase.MEANT: "the caller is asked whether that is the one",
    Phase.DIALLING: "it rings",
    Phase.RECEPTION: "the caller waits for a receptionist",
    Phase.VOICEMAIL: "a message is asked for",
    Phase.OVER: "the call ends",
}
_TYPES: Final = frozenset(str(each) for each in ActionType)
_UNANSWERED: Final = frozenset({Result.BUSY, Result.NO_ANSWER, Result.FAILED})
# What says itself what follows.
_CLOSED: Final = frozenset(
    {
        Result.ENTERED,
        Result.EMERGENCY,
        Result.NO_MENU,
        Result.EXTENSION,
        Result.ON_CALL,
        Result.RECEPTION,
        Result.NO_RECEPTIONIST,
        Result.BACK_IN_LINE,
        Result.OVER,
    }
)


@dataclass(frozen=True, slots=True)
class Turned:
    """A decision that was made: where the call stood, what was written down, where it stands.

    `at` (aware) is when the call came.
    """

    configuration: Configuration
    before: CallState
    steps: tuple[Step, ...]
    after: CallState
    at: datetime

    @property
    def menu(self) -> MenuRules | None:
        """The menu in which the caller was."""
        path = self.before.path
        return self.configuration.menus.get(path[-1]) if path else None


def why(turned: Turned) -> str:
    """One or two sentences on what a caller met."""
    said = [_step(turned, place) for place in range(len(turned.steps))]
    last = turned.steps[-1].result if turned.steps else ""
    if last not in _CLOSED and last not in _TYPES:
        said.append(_FOLLOWS.get(turned.after.phase, "the call goes on"))
    if last == ActionType.TRANSFER_TO_ONCALL:
        said.append("nobody who is on call has a phone, so a message is asked for")
    words = ": ".join(said)
    return f"{words[0].upper()}{words[1:]}."


def _step(turned: Turned, place: int) -> str:
    step = turned.steps[place]
    if step.result in {Result.ENTERED, Result.NO_MENU}:
        return schedule_words(turned.configuration, turned.at)
    if step.result == Result.EMERGENCY:
        return _emergency(turned)
    if step.result in _TYPES:
        cause = turned.steps[place - 1].result if place else ""
        return _action(turned, step, cause)
    if step.result == Result.UNSURE:
        return _unsure(turned.configuration, step.key)
    if step.result == Result.EXTENSION:
        return _extension(turned.configuration, step.key)
    return _count(turned, step) or _SAID.get(step.result, step.result)


def _action(turned: Turned, step: Step, cause: str) -> str:
    menu, action = turned.menu, _ran(turned, step, cause)
    words = action_words(action, _names(turned.configuration))
    if not menu or step.key not in menu.keys:
        return words
    return f'Key {step.key} in "{menu.name}": {words}'


def _ran(turned: Turned, step: Step, cause: str) -> Action:
    """The action that a step names by its type alone: the key's, or that of what came before."""
    configuration, menu = turned.configuration, turned.menu
    found: Action | None = None
    if cause in _UNANSWERED:
        found = configuration.no_answer_action
    elif menu is not None:
        limits = configuration.limits_of(menu)
        counted = {
            Result.TIMEOUT.value: limits.timeout_action,
            Result.INVALID_INPUT.value: limits.invalid_action,
            Result.INVALID_EXTENSION.value: limits.invalid_extension_action,
        }
        found = menu.keys.get(step.key) or counted.get(cause)
    kind = ActionType(step.result)
    return found if found is not None and found.type is kind else Action(kind)


def _names(configuration: Configuration) -> dict[str, str]:
    named = {sid: sound.name for sid, sound in configuration.announcements.items()}
    named |= {sid: menu.name for sid, menu in configuration.menus.items()}
    return named | {str(key): name for key, name in configuration.levels.items()}


def _count(turned: Turned, step: Step) -> str:
    """What was counted, and how far; empty where nothing was."""
    menu, before = turned.menu, turned.before
    if menu is None:
        return ""
    limits = turned.configuration.limits_of(menu)
    if step.result == Result.TIMEOUT:
        count = f"{before.timeouts + 1} of {_most(limits.timeout_max)}"
        return f"Nothing was pressed, silence {count}"
    if step.result == Result.INVALID_INPUT:
        count = f"{before.invalid_inputs + 1} of {_most(limits.invalid_max)}"
        return f'Key {step.key} has no action in "{menu.name}", wrong key {count}'
    if step.result == Result.INVALID_EXTENSION:
        count = f"{before.invalid_extensions + 1} of {_most(limits.invalid_extension_max)}"
        return f"There is no extension {step.key or 'of that name'}, wrong extension {count}"
    return ""


def _most(limit: int | None) -> int:
    return max(1, limit or 1)


def _extension(configuration: Configuration, dialled: str) -> str:
    found = configuration.extensions.get(dialled)
    if found is None:
        return f"Extension {dialled} is rung"
    name = f', "{found.names[0]}"' if found.names else ""
    return f"Extension {dialled}{name}: {found.number} is rung"


def _unsure(configuration: Configuration, meant: str) -> str:
    found = configuration.extensions.get(meant)
    name = found.names[0] if found and found.names else meant
    return f'It is not sure who was meant, perhaps "{name}"'


def _emergency(turned: Turned) -> str:
    configuration, emergency = turned.configuration, turned.configuration.emergency
    until = emergency.until if emergency else turned.at
    local = moment_words(until.astimezone(ZoneInfo(configuration.time_zone)))
    answers = (
        f"{_menu(configuration, turned.after.path[-1])} answers"
        if turned.after.path
        else "its announcement is played, and the call ends"
    )
    return f"The emergency switch is on until {local}, so the schedule does not count: {answers}"


def schedule_words(configuration: Configuration, at: datetime) -> str:
    """Which entry answers at the instant `at` (aware), and why no other; without a full stop."""
    local = at.astimezone(ZoneInfo(configuration.time_zone))
    when = f"{moment_words(local)} ({configuration.time_zone})"
    special = next((each for each in configuration.dates if _covers(each, local)), None)
    weekly = _weekly(configuration, at)
    if special is not None:
        days = dates_words(special.start, special.end)
        answers = f"{when}: the special day {days} says {_menu(configuration, special.menu)}"
        beside = f": {_entry(configuration, weekly)}" if weekly else ""
        return f"{answers} and wins over the week{beside}"
    if weekly is not None:
        none = ", and no special day covers it" if configuration.dates else ""
        return f"{when}: {_entry(configuration, weekly)}{none}"
    return f"{when}: no entry of the week and no special day covers it, so callers are sent away"


def _entry(configuration: Configuration, entry: WeekSpan) -> str:
    hours = hours_words(entry.start, entry.end)
    return f"{day_words(entry.day)} {hours} is {_menu(configuration, entry.menu)}"


def _menu(configuration: Configuration, sid: str) -> str:
    found = configuration.menus.get(sid)
    return f'"{found.name}"' if found else "a menu that was deleted"


def _covers(span: DateSpan, local: datetime) -> bool:
    return span.start <= local.date() <= span.end


def _weekly(configuration: Configuration, at: datetime) -> WeekSpan | None:
    zone = configuration.time_zone
    covering = (
        each
        for each in configuration.week
        if menu_at(week=[each], dates=(), time_zone=zone, at=at) is not None
    )
    return next(covering, None)
