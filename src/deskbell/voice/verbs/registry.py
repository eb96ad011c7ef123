"""The one table from verbs to what they do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from deskbell.rcml.verbs import (
    Dial,
    Email,
    Fax,
    Gather,
    Hangup,
    Hold,
    Message,
    Pause,
    Play,
    Record,
    Redirect,
    Refer,
    Reject,
    Resume,
    Say,
    Sms,
    Verb,
)

from ..call import Call
from ..pages import Page
from .dialling import dial
from .gathering import gather
from .holding import hold, resume
from .leaving import hang_up, redirect, reject
from .messaging import send
from .recording import record
from .referring import refer
from .sounding import pause, sound

Handler = Callable[[Call, Any, Page], Awaitable[Page | None]]

HANDLERS: Final[dict[type[Verb], Handler]] = {
    Dial: dial,
    Email: send,
    Fax: send,
    Gather: gather,
    Hangup: hang_up,
    Hold: hold,
    Message: send,
    Pause: pause,
    Play: sound,
    Record: record,
    Redirect: redirect,
    Refer: refer,
    Reject: reject,
    Resume: resume,
    Say: sound,
    Sms: send,
}
