"""`Conferences`: look at those of an account, end one, say something in it.

Source: https://www.twilio.com/docs/voice/api/conference-resource
"""

from __future__ import annotations

from typing import Any, Final

from deskbell.foundation.errors import DeskbellError
from deskbell.rcml.verbs import Play

from ..conferences import Meeting
from .asked import ROOT, Answer, Asked, Route
from .errors import RestError, not_found
from .resources import VERSION, page_of

MOST_SHOWN: Final = 1000
STATUSES: Final = ("init", "in-progress", "completed")


def may_see(asked: Asked, meeting: Meeting) -> bool:
    """As for calls: the deployment's own account sees all."""
    return asked.account in {meeting.account, asked.configuration.account_sid}


def meeting_of(asked: Asked) -> Meeting:
    """The conference that the path names, by name or sid. Raises RestError."""
    name, conferences = asked.names["conference"], asked.services.conferences
    found = conferences.find(asked.account, name)
    if found is None:
        found = next((each for each in conferences if each.sid == name), None)
    if found is None or not may_see(asked, found):
        raise not_found(asked.path)
    return found


def conference_resource(meeting: Meeting) -> dict[str, Any]:
    """One conference in Twilio's shape."""
    uri = f"{ROOT}/{meeting.account}/Conferences/{meeting.sid}"
    return {
        "sid": meeting.sid,
        "account_sid": meeting.account,
        "friendly_name": meeting.name,
        "status": meeting.status,
        "region": None,
        "date_created": meeting.began.replace("GMT", "+0000"),
        "date_updated": meeting.changed.replace("GMT", "+0000"),
        "reason_conference_ended": meeting.reason,
        "call_sid_ending_conference": meeting.ended_by or None,
        "api_version": VERSION,
        "uri": f"{uri}.json",
        "subresource_uris": {
            "participants": f"{uri}/Participants.json",
            "recordings": f"{uri}/Recordings.json",
        },
    }


async def look(asked: Asked) -> Answer:
    """One conference, also for a while after its end."""
    return Answer(conference_resource(meeting_of(asked)))


async def listed(asked: Asked) -> Answer:
    """The conferences of the account; those that take place first."""
    status, name = asked.one_of("Status", "", *STATUSES), asked.text("FriendlyName")
    found = [
        conference_resource(meeting)
        for meeting in asked.services.conferences
        if may_see(asked, meeting)
        and (not status or meeting.status == status)
        and (not name or meeting.name == name)
    ]
    query = {name: value for name, value in asked.form.items() if name not in {"Page", "PageSize"}}
    size = asked.whole("PageSize", 50, least=1, most=MOST_SHOWN)
    page = asked.whole("Page", 0, most=MOST_SHOWN)
    body = page_of(found, key="conferences", path=asked.path, query=query, page=page, size=size)
    return Answer(body)


async def change(asked: Asked) -> Answer:
    """Ends a conference (`Status=completed`), or plays `AnnounceUrl` to all who talk."""
    meeting = meeting_of(asked)
    if asked.one_of("Status", "", "completed"):
        meeting.end("conference-ended-via-api")
    elif url := asked.url("AnnounceUrl"):
        if meeting.reason is not None:
            raise RestError(20001, "The conference is over")
        meeting.announce(await clip_of(asked, url))
    return Answer(conference_resource(meeting))


async def clip_of(asked: Asked, url: str) -> bytes:
    """The audio at `url`. Raises RestError."""
    try:
        return await asked.services.sounds.clip(Play(url), url)
    except DeskbellError as error:
        raise RestError(12300, f"{url[:80]} cannot be played: {error}") from error


ROUTES: Final[tuple[Route, ...]] = (
    ("GET", "Conferences", listed),
    ("GET", "Conferences/{conference:[^/]+?}", look),
    ("POST", "Conferences/{conference:[^/]+?}", change),
)
