"""Jobs of the attendant: thin, each enters the scope of its account."""

from __future__ import annotations

import logging

from deskbell.calls.actions import close_orphans, forget_pieces
from deskbell.foundation import clock
from deskbell.foundation.environment import environment
from deskbell.foundation.errors import InvalidInput, Refused, Unreachable
from deskbell.platform.jobs import job
from deskbell.platform.tenancy import account_scope, system_scope
from deskbell.voice import client

from . import actions, fetching
from .models import Announcement
from .ways import Way

log = logging.getLogger(__name__)


@job("attendant.speak_announcement", concurrency=1)
def speak_announcement(*, account_id: int, announcement_id: int) -> None:
    """Speaks one announcement. Raises SpeechUnavailable, so that it is tried again."""
    with account_scope(account_id):
        announcement = Announcement.objects.filter(pk=announcement_id).first()
        if announcement is None:
            return
        try:
            actions.speak(announcement=announcement, at=clock.now())
        except InvalidInput as error:
            log.warning("%s stays without a prompt: %s", announcement.sid, error)


@job("attendant.tell_gateway")
def tell_gateway() -> None:
    """Has the gateway fetch new prompts now, before a caller asks for them.

    A gateway that is away is not waited for: it looks for itself every ten seconds.
    """
    settings = environment()
    try:
        client.reload(settings.voice_url, settings.secrets.voice)
    except (Refused, Unreachable) as error:
        log.info("The gateway was not told of new prompts: %s", error)


@job("attendant.fetch_recording", concurrency=4)
def fetch_recording(*, account_id: int, sid: str, call_sid: str, url: str, way: str) -> None:
    """Fetches one recording from its carrier. Raises Unreachable, so that it is tried again."""
    with account_scope(account_id):
        try:
            fetching.fetch(sid=sid, call_sid=call_sid, url=url, way=Way(way), at=clock.now())
        except (Refused, InvalidInput) as error:
            log.warning("The recording %s stays with %s: %s", sid, way, error)


def tidy_calls() -> None:
    """By the clock, hourly: ends calls that nobody ended, forgets where ended ones stood, and
    what came of recordings that nobody completes."""
    at = clock.now()
    with system_scope("calls of all accounts grow old"):
        close_orphans(at=at)
        forget_pieces(at=at)
        actions.forget_ended(at=at)


def tidy_prompts() -> None:
    """By the clock, daily: forgets audio that nothing plays any more."""
    with system_scope("audio belongs to no account"):
        actions.forget_prompts(at=clock.now())
