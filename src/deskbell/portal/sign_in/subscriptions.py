"""What the portal does when somebody asks for access."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from deskbell.accounts import hooks
from deskbell.accounts.hooks import RequestEvent
from deskbell.accounts.queries import open_requests
from deskbell.platform.jobs import enqueue

from .jobs import send_access_requests

MOST_MINUTES: Final = 60


def on_access_asked(_: RequestEvent) -> None:
    """Mails the operators, at once the first time; the more wait already, the later the next."""
    others = open_requests().count() - 1
    wait = timedelta(minutes=max(0, min(others, MOST_MINUTES)))
    enqueue(send_access_requests, after=wait, key="access-requests")


def subscribe() -> None:
    """Called once, when the portal's app is ready."""
    hooks.access_asked.subscribe(on_access_asked)
