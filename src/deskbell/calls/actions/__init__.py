"""The only writes to calls, their recordings, usage and blocked callers. Each runs in one
transaction.

All need the tenancy scope of the call's account (or a system scope). Gateways repeat what was not
answered, so everything here may be asked twice.
"""

from __future__ import annotations

from .blocking import MAX_REASON, block, unblock
from .ending import close_orphans, end
from .lives import begin
from .recordings import (
    MAX_AUDIO_BYTES,
    forget_pieces,
    keep_piece,
    keep_recording,
    remove_audio,
)
from .recounting import recount
from .stages import answered_by, enter_stage, hung_up_by, wrapped_up

__all__ = [
    "MAX_AUDIO_BYTES",
    "MAX_REASON",
    "answered_by",
    "begin",
    "block",
    "close_orphans",
    "end",
    "enter_stage",
    "forget_pieces",
    "hung_up_by",
    "keep_piece",
    "keep_recording",
    "recount",
    "remove_audio",
    "unblock",
    "wrapped_up",
]
