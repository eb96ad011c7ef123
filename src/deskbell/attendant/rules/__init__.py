"""What a caller meets, as pure decisions: a configuration, where the call stands, what happened
→ a document, where it stands now, what is to be written down. No Django, no clock, no I/O.

Source: design, attendant API, "What a caller meets".
"""

from .actions import Action, ActionType, read_action, read_keys
from .configuration import Configuration, Limits, MenuRules, Sound
from .decisions import MAX_STEPS, Decision, decide
from .effects import Effect, Result, Step, TakeMessage
from .events import Entered, Event, KeyPressed, NothingPressed, Recorded, RecordingSilent
from .schedule import DateSpan, WeekSpan, check_dates, check_week, menu_at
from .sentences import DEFAULT_LANGUAGE, DEFAULT_VOICE, Sentence
from .state import CallState, Phase

__all__ = [
    "DEFAULT_LANGUAGE",
    "DEFAULT_VOICE",
    "MAX_STEPS",
    "Action",
    "ActionType",
    "CallState",
    "Configuration",
    "DateSpan",
    "Decision",
    "Effect",
    "Entered",
    "Event",
    "KeyPressed",
    "Limits",
    "MenuRules",
    "NothingPressed",
    "Phase",
    "Recorded",
    "RecordingSilent",
    "Result",
    "Sentence",
    "Sound",
    "Step",
    "TakeMessage",
    "WeekSpan",
    "check_dates",
    "check_week",
    "decide",
    "menu_at",
    "read_action",
    "read_keys",
]
