"""Every code that this API answers with: its HTTP status, its words, and which error it tells.

Source: seed 002, the tables "Error Code, HTTP Status, Error Message"; design, attendant API,
"Common response error codes" and "Codes of the seed".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from deskbell.accounts import errors as accounts
from deskbell.api.errors import TooMuch
from deskbell.attendant import errors as attendant
from deskbell.foundation.errors import (
    Conflict,
    DeskbellError,
    InvalidInput,
    NotAllowed,
    NotFound,
    NotSignedIn,
)


class UnknownPath(NotFound):
    """No resource has this path."""


class OtherMethod(DeskbellError):
    """The resource does not know this method."""


class OtherMediaType(DeskbellError):
    """The body is of a kind that the resource does not read."""


class TooMany(DeskbellError):
    """Too many requests, or too many wrong tokens; `seconds` until the next one is answered."""

    def __init__(self, message: str, *, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class Missing(InvalidInput):
    """A mandatory parameter is not there."""


@dataclass(frozen=True, slots=True)
class Code:
    """One row of the table; `when` says in a sentence what it means."""

    number: int
    status: int
    message: str
    when: str

    def described(self) -> dict[str, Any]:
        """The row as the OpenAPI description and the reference have it."""
        return {
            "code": str(self.number),
            "status": self.status,
            "message": self.message,
            "when": self.when,
        }


_COMMON = [
    Code(400, 400, "Bad request", "The request cannot be understood; the message says why."),
    Code(401, 401, "Authentication failed", "No sid and token came along, or they are wrong."),
    Code(403, 403, "Not allowed for this role", "Another role may do this."),
    Code(404, 404, "Resource not found", "No resource has this path."),
    Code(405, 405, "Method not allowed", "The Allow header names the methods."),
    Code(413, 413, "Request too large", "JSON takes 4 MiB at most, a file 20 MiB."),
    Code(415, 415, "Unsupported media type", "Send JSON; a file as multipart/form-data."),
    Code(429, 429, "Too many requests", "The Retry-After header says how many seconds to wait."),
    Code(453, 400, "Mandatory parameter missing", "The message names it."),
    Code(454, 400, "Invalid value for parameter", "The message names it."),
    Code(500, 500, "Internal error", "A fault of ours; data holds the request's id."),
]
_OF_THE_SEED = [
    Code(467, 409, "Enterprise not found", "No such enterprise, or not one of yours."),
    Code(484, 409, "supportUser not unique", "A user of this enterprise has this email address."),
    Code(487, 409, "Auto Attendant user Id not found", "No such user."),
    Code(490, 409, "AutoAttendant System not found", "No such system, or none for this number."),
    Code(491, 409, "PhoneNumber not found", "No such phone number."),
    Code(493, 409, "PhoneNumber is not an Extension number", "It must be made one first."),
    Code(
        498,
        409,
        "No Schedule entry found for Auto Attendant system",
        "No menu answers at this time.",
    ),
    Code(499, 409, "Error in creating an account in CPaaS", "The password is too weak."),
    Code(500, 409, "Announcement not found", "No such announcement."),
    Code(502, 409, "Menu not found", "No such menu in this system."),
    Code(504, 409, "Error in uploading audio file", "Not a WAV file that can be played."),
    Code(
        505,
        409,
        "CPaaS account belongs to a different Admin account",
        "The person belongs to another enterprise, or is the last active BG_ADMIN of this one,"
        " which always has one; details says which.",
    ),
    Code(
        506,
        409,
        "This menu cannot be deleted as it is being used in a schedule.",
        "Take it out of the schedule first.",
    ),
    Code(
        507,
        409,
        "This Announcement cannot be deleted as it is being used in a menu.",
        "Take it out of the menu first.",
    ),
    Code(
        509,
        409,
        "This menu cannot be deleted as it has announcements assigned to it.",
        "Clear announcementSid and ringbackToneSid first.",
    ),
    Code(
        519,
        409,
        "Say Required Parameters Missing",
        "A say announcement takes body, language and voice.",
    ),
    Code(520, 409, "Announcement Type Not Found", "type takes say or play."),
    Code(521, 409, "Announcement Language Not Found", "No voice here speaks it."),
    Code(
        522,
        409,
        "Announcement Voice Not Found",
        "voice takes Man or Woman, or nothing for the default.",
    ),
    Code(
        523,
        409,
        "Announcement cannot be deleted as it is assigned to an action in a menu.",
        "Give the action something else to do first.",
    ),
]
_OURS = [
    Code(
        508,
        409,
        "This menu cannot be deleted as it is being used in another menu.",
        "An action of another menu or of the system leads to it.",
    ),
    Code(510, 409, "PhoneNumber already in use", "By another system, or by another enterprise."),
    Code(511, 409, "Schedule entries overlap", "Each instant has one menu."),
    Code(512, 409, "Extension already in use", "By another phone number of this enterprise."),
]
ALL: Final = [*_COMMON, *_OF_THE_SEED, *_OURS]
_BY_NUMBER: Final = {(code.number, code.status): code for code in ALL}


def code(number: int, status: int = 409) -> Code:
    """The row of a code; 500 stands twice, so its HTTP status tells which."""
    return _BY_NUMBER[number, status if (number, status) in _BY_NUMBER else _common_status(number)]


def _common_status(number: int) -> int:
    return next(each.status for each in _COMMON if each.number == number)


_OF: Final[dict[type[DeskbellError], Code]] = {
    NotSignedIn: code(401),
    NotAllowed: code(403),
    UnknownPath: code(404),
    OtherMethod: code(405),
    TooMuch: code(413),
    OtherMediaType: code(415),
    TooMany: code(429),
    Missing: code(453),
    accounts.AccountNotFound: code(467),
    accounts.EmailTaken: code(484),
    accounts.UserNotFound: code(487),
    attendant.SystemNotFound: code(490),
    accounts.NumberNotFound: code(491),
    accounts.NotAnExtension: code(493),
    attendant.NoScheduleEntry: code(498),
    accounts.PasswordTooWeak: code(499),
    attendant.AnnouncementNotFound: code(500),
    attendant.MenuNotFound: code(502),
    attendant.BadAudio: code(504),
    accounts.UserElsewhere: code(505),
    accounts.LastOne: code(505),
    attendant.MenuScheduled: code(506),
    attendant.AnnouncementInMenu: code(507),
    attendant.MenuLeadsHere: code(508),
    attendant.MenuHasAnnouncement: code(509),
    accounts.NumberTaken: code(510),
    attendant.NumberInUse: code(510),
    attendant.ScheduleOverlap: code(511),
    accounts.ExtensionTaken: code(512),
    attendant.SayIncomplete: code(519),
    attendant.UnknownType: code(520),
    attendant.UnknownLanguage: code(521),
    attendant.UnknownVoice: code(522),
    attendant.AnnouncementInAction: code(523),
    NotFound: code(404),
    Conflict: code(400),
}


def code_of(error: DeskbellError) -> Code:
    """The code of an error: that of the nearest of its kinds; 500 for a fault of ours.

    Input that cannot be is 454 where a field is to blame, else 400.
    """
    for kind in type(error).__mro__:
        if kind in _OF:
            return _OF[kind]
        if kind is InvalidInput:
            return code(454 if error.field else 400)  # type: ignore[attr-defined]  # as the kind says
    return code(500, 500)
