"""The one table from verbs to what they do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from deskbell.rcml.verbs import (
    Dial,
    Gather,
    Hangup,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
    Verb,
)

from ..call import Call
from ..pages import Page
from .dialling import dial
from .gathering import gather
from .leaving import hang_up, redirect, reject
from .recording import record
from .sounding import pause, sound

Handler = Callable[[Call, Any, Page], Awaitable[Page | None]]

HANDLERS: Final[dict[type[Verb], Handler]] = {
    Dial: dial,
    Gather: gather,
    Hangup: hang_up,
    Pause: pause,
    Play: sound,
    Record: record,
    Redirect: redirect,
    Reject: reject,
    Say: sound,
}
