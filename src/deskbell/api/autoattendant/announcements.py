"""Announcements. Source: seed 002, "Announcement"; design, attendant API, "Announcement"."""

from __future__ import annotations

import time
from typing import Annotated, Any, Final, Literal

from django.http import HttpResponse
from ninja import Field, Query, Router
from pydantic import ConfigDict

from deskbell.accounts.models import Account
from deskbell.attendant import actions
from deskbell.attendant.errors import AnnouncementNotFound, SayIncomplete, SystemNotFound
from deskbell.attendant.models import Announcement, AnnouncementType, System
from deskbell.foundation import clock
from deskbell.platform.tenancy import account_scope, system_scope

from .answers import BODY, QUERY, answer_of, declared, shown
from .auth import ANY_ROLE, CallerRequest
from .callers import ATTENDANT, Caller, rows_of
from .fields import Body, Needed, Sid, Text, words
from .lists import Listing, listed, page_of
from .records import BASE, Record, first_fields

router = Router(tags=["Announcements"])
SORTS: Final = {"name": "name", "dateCreated": "created_at"}
CANNOT: Final = (467, 490, 519, 520, 521, 522)
PATIENCE = 2.0  # seconds that an answer waits for the spoken audio
_BETWEEN_LOOKS: Final = 0.05


class AnnouncementFields(Body):
    """What can be set on an announcement."""

    description: Text | None = None
    body: Text | None = Field(None, description="The text to speak; needed by say.")
    language: Text | None = Field(None, description="As the Say verb takes it; needed by say.")
    voice: Text | None = Field(
        None, description="Man or Woman, empty for the default; needed by say."
    )
    enterprise_sid: Sid | None = Field(None, description="Whose it is.")
    auto_attendant_sid: Sid | None = Field(None, description="A system of the same enterprise.")
    file: Any = Field(None, description="Ignored: the file is uploaded by a call of its own.")

    def texts(self) -> dict[str, Any]:
        """What was sent of the announcement's own fields; null is empty."""
        mine = {"name", "description", "type", "body", "language", "voice"}
        return {
            name: "" if value is None else value
            for name, value in self.given().items()
            if name in mine
        }


class NewAnnouncement(AnnouncementFields):
    """An announcement to add."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "name": "Welcome announcement",
                "description": "Announcement made during working hours",
                "type": "say",
                "body": "Welcome to Acme Dental.",
                "language": "en-US",
                "voice": "Woman",
            }
        }
    )

    name: Needed
    type: Text = Field("play", description="say, or play, whose file is uploaded next.")


class ChangedAnnouncement(AnnouncementFields):
    """What to change of an announcement."""

    model_config = ConfigDict(json_schema_extra={"example": {"name": "Working Hours"}})

    name: Needed = ""
    type: Text = Field("", description="say or play.")


class AnnouncementRecord(Record):
    """Something a caller hears."""

    name: str
    description: str | None = None
    type: Annotated[str, words(*AnnouncementType.values)]
    file_uri: str | None = Field(
        default=None, description="Where its WAV file is; another after each change."
    )
    enterprise_sid: str
    body: str | None = None
    language: str | None = None
    voice: str | None = None
    status: Literal["PREPARING"] | None = Field(
        default=None, description="Its words are still to be spoken."
    )


class AnnouncementFilters(Listing):
    """Which announcements to list; those that meet all that is given."""

    name: Text = Field("", description="With this in their name.")


@router.post(
    "/announcement",
    auth=ANY_ROLE,
    summary="Create an announcement",
    **declared(answer_of(AnnouncementRecord), *BODY, *CANNOT),
)
def create_announcement(request: CallerRequest, body: NewAnnouncement) -> HttpResponse:
    """Adds an announcement. The audio of say is there with the answer, or soon after it."""
    caller = request.auth
    account = caller.chosen(body.enterprise_sid, ATTENDANT)
    _check_system(caller, body.auto_attendant_sid, account)
    texts = {"type": "play", "language": ""} | body.texts()
    _check_voice(texts["type"], has_voice=body.voice is not None)
    with account_scope(account.pk):
        made = actions.add_announcement(
            account=account, at=clock.now(), by=caller.user.email, **texts
        )
        return shown(announcement_record(_spoken(made)))


@router.get(
    "/announcement/search",
    auth=ANY_ROLE,
    summary="List announcements",
    **declared(page_of(AnnouncementRecord), *QUERY, 467),
)
def list_announcements(request: CallerRequest, filters: Query[AnnouncementFilters]) -> HttpResponse:
    """The announcements of an enterprise, or of all that the caller reaches.

    Sorts by name, dateCreated.
    """
    wanted = request.auth.narrowed(filters.enterprise_sid) & filters.made_between()
    with system_scope("a caller may reach several accounts"):
        rows = rows_of(Announcement).filter(wanted, name__icontains=filters.name)
        return listed(request, filters.ordered(rows, SORTS), filters, announcement_record)


@router.get(
    "/announcement/search/{sid}",
    auth=ANY_ROLE,
    summary="Get a single announcement",
    **declared(answer_of(AnnouncementRecord), 500),
)
def get_announcement(request: CallerRequest, sid: str) -> HttpResponse:
    """One announcement."""
    with request.auth.opened(Announcement, sid, AnnouncementNotFound) as found:
        return shown(announcement_record(found))


@router.put(
    "/announcement/{sid}",
    auth=ANY_ROLE,
    summary="Update an announcement",
    **declared(answer_of(AnnouncementRecord), *BODY, *CANNOT, 500),
)
def change_announcement(
    request: CallerRequest, sid: str, body: ChangedAnnouncement
) -> HttpResponse:
    """Changes what is sent. Another text, language or voice is spoken anew."""
    caller = request.auth
    with caller.opened(
        Announcement, sid, AnnouncementNotFound, enterprise=body.enterprise_sid
    ) as found:
        _check_system(caller, body.auto_attendant_sid, found.account)
        texts = body.texts()
        turns = found.type == AnnouncementType.PLAY and "type" in texts
        if turns:
            _check_voice(texts["type"], has_voice=bool(found.voice) or "voice" in texts)
        changed = actions.edit_announcement(announcement=found, at=clock.now(), **texts)
        return shown(announcement_record(_spoken(changed)))


@router.delete(
    "/announcement/{sid}",
    auth=ANY_ROLE,
    summary="Delete an announcement",
    **declared(answer_of(AnnouncementRecord), 500, 507, 523),
)
def delete_announcement(request: CallerRequest, sid: str) -> HttpResponse:
    """Takes an announcement away that nothing plays, and shows it once more."""
    with request.auth.opened(Announcement, sid, AnnouncementNotFound) as found:
        actions.delete_announcement(announcement=found, at=clock.now())
        return shown(announcement_record(found))


def announcement_record(row: Announcement) -> AnnouncementRecord:
    """The announcement as answers show it."""
    is_waiting = row.type == AnnouncementType.SAY and row.prompt_id is None
    return AnnouncementRecord(
        **first_fields(row, "announcement"),
        name=row.name,
        description=row.description or None,
        type=row.type,
        file_uri=file_uri(row),
        enterprise_sid=row.account.sid,
        body=row.body or None,
        language=row.language or None,
        voice=row.voice or None,
        status="PREPARING" if is_waiting else None,
    )


def file_uri(row: Announcement) -> str | None:
    """Where the announcement's WAV file is, None while it has none; its name has the time."""
    if row.prompt_id is None:
        return None
    at = row.prompt_at or row.updated_at
    return f"{BASE}/announcement/file/{row.sid}_{int(at.timestamp() * 1000)}.wav"


def _check_system(caller: Caller, sid: str | None, account: Account) -> None:
    """Raises SystemNotFound where an autoAttendantSid is none of the account's."""
    if not sid:
        return
    with system_scope("a sid finds its own account"):
        found = caller.one(System, sid, SystemNotFound)
    if found.account_id != account.pk:
        raise SystemNotFound("There is no such system in this enterprise", sid=sid)


def _check_voice(kind: str, *, has_voice: bool) -> None:
    """Raises SayIncomplete where say is to be spoken by nobody; empty is the default voice."""
    if kind.lower() == AnnouncementType.SAY and not has_voice:
        raise SayIncomplete("A say announcement needs voice", field="voice")


def _spoken(row: Announcement) -> Announcement:
    """The announcement once its words are spoken, or as it is when patience or itself ends."""
    until = time.monotonic() + PATIENCE
    while row.type == AnnouncementType.SAY and row.prompt_id is None and time.monotonic() < until:
        time.sleep(_BETWEEN_LOOKS)
        try:
            row.refresh_from_db(fields=["prompt", "prompt_at"])
        except Announcement.DoesNotExist:  # somebody deleted it meanwhile
            return row
    return row
