"""Texts: who carries them, from which number of ours, and who wants none.

A carrier is a small thing (`carriers.Carrier`): how it is asked to send, and how its reports and
the texts it brings are read. One sends for all accounts: the operator's own machine where
`DESKBELL_TEXTS` names one, else the first hosted carrier that is connected.
"""

from .carriers import (
    LONGEST,
    NOBODY,
    Carrier,
    Heard,
    NotOurs,
    Report,
    Text,
    can_send,
    carrier_named,
    send_text,
    sending,
)
from .numbers import sender_of
from .stops import is_stopped, start, stop, stopped_among, stopped_pairs, wants_none

__all__ = [
    "LONGEST",
    "NOBODY",
    "Carrier",
    "Heard",
    "NotOurs",
    "Report",
    "Text",
    "can_send",
    "carrier_named",
    "is_stopped",
    "send_text",
    "sender_of",
    "sending",
    "start",
    "stop",
    "stopped_among",
    "stopped_pairs",
    "wants_none",
]
