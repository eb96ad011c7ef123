"""What a caller meets, as pure decisions: a configuration, where the call stands, what happened
→ a document, where it stands now, what is to be written down. No Django, no clock, no I/O.

Source: design, attendant API, "What a caller meets".
"""

from .actions import Action, ActionType, Takes, read_action, read_keys, write_action, write_keys
from .configuration import Configuration, Emergency, Extension, Limits, MenuRules, Sound
from .decisions import MAX_STEPS, decide
from .effects import Effect, JoinQueue, LeaveQueue, Result, Step, TakeMessage
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
    Resumed,
    Spoken,
)
from .links import GatewayLinks, Links
from .schedule import DateSpan, WeekSpan, check_dates, check_week, menu_at
from .sentences import DEFAULT_LANGUAGE, DEFAULT_VOICE, Sentence
from .state import CallState, Phase
from .turn import Decision

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
    "DeskClosed",
    "DialEnded",
    "Effect",
    "Emergency",
    "Entered",
    "Event",
    "Extension",
    "GatewayLinks",
    "JoinQueue",
    "KeyPressed",
    "LeaveQueue",
    "Limits",
    "Links",
    "MenuRules",
    "NothingPressed",
    "OnCallFound",
    "Phase",
    "ReceptionFound",
    "Recorded",
    "RecordingSilent",
    "Result",
    "Resumed",
    "Sentence",
    "Sound",
    "Spoken",
    "Step",
    "TakeMessage",
    "Takes",
    "WeekSpan",
    "check_dates",
    "check_week",
    "decide",
    "menu_at",
    "read_action",
    "read_keys",
    "write_action",
    "write_keys",
]
