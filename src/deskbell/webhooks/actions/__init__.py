"""The only writes to webhooks. All need the account's scope, `tidy` a system scope."""

from .again import send_again, send_test
from .sending import send_due
from .subscribing import EVENTS, clear, edit, new_secret, pause, remove, resume, subscribe
from .tidying import tidy

__all__ = [
    "EVENTS",
    "clear",
    "edit",
    "new_secret",
    "pause",
    "remove",
    "resume",
    "send_again",
    "send_due",
    "send_test",
    "subscribe",
    "tidy",
]
