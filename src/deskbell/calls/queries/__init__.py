"""Reads of calls, recordings, usage and blocked callers, in the scope of an account unless they say
otherwise."""

from __future__ import annotations

from .billed import BilledDay, billed, billed_from_calls
from .blocking import block_of, blocked, blocked_one, history
from .lives import account_of, between, newest, one
from .recordings import SORTS, Wanted, agents, has_audio, received, recording, recordings
from .usage import By, DayUsed, UsageWanted, Used, Who, by_day, has_used, has_worked, monthly, usage

__all__ = [
    "SORTS",
    "BilledDay",
    "By",
    "DayUsed",
    "UsageWanted",
    "Used",
    "Wanted",
    "Who",
    "account_of",
    "agents",
    "between",
    "billed",
    "billed_from_calls",
    "block_of",
    "blocked",
    "blocked_one",
    "by_day",
    "has_audio",
    "has_used",
    "has_worked",
    "history",
    "monthly",
    "newest",
    "one",
    "received",
    "recording",
    "recordings",
    "usage",
]
