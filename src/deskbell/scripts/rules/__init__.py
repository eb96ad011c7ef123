"""Scripts as pure values: what they say and ask, where answers lead, what is wrong with them."""

from __future__ import annotations

from .answering import LONGEST, LONGEST_LONG, Read, UnfitAnswers, longest, read_answers, tidied
from .checking import faults, level_faults
from .content import (
    END,
    MESSAGE_FIELDS,
    NO,
    YES,
    Case,
    Closing,
    Condition,
    Content,
    Faq,
    Kind,
    Relay,
    Send,
    Step,
)
from .endings import Ending, ending
from .fault import Fault
from .levels import levels_of, without_level
from .plain import PLAIN
from .speaking import VARIABLES, Spoken, said, time_of_day, unknown_variables
from .stored import read, write
from .walking import fits, path

__all__ = [
    "END",
    "LONGEST",
    "LONGEST_LONG",
    "MESSAGE_FIELDS",
    "NO",
    "PLAIN",
    "VARIABLES",
    "YES",
    "Case",
    "Closing",
    "Condition",
    "Content",
    "Ending",
    "Faq",
    "Fault",
    "Kind",
    "Read",
    "Relay",
    "Send",
    "Spoken",
    "Step",
    "UnfitAnswers",
    "ending",
    "faults",
    "fits",
    "level_faults",
    "levels_of",
    "longest",
    "path",
    "read",
    "read_answers",
    "said",
    "tidied",
    "time_of_day",
    "unknown_variables",
    "without_level",
    "write",
]
