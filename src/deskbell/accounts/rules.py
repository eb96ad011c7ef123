"""Who may do what in an account. Source: seed 000, "My Accounts"; design, portal API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from .scopes import Scope

# As long as browsers keep a cookie (RFC 6265bis, section 5.5): who was away longer is a stranger.
DEVICES_LAST: Final = timedelta(days=400)


def folded(email: str) -> str:
    """An email address as it is kept and looked up: of any case, without spaces around it."""
    return email.strip().lower().replace("\0", "")  # which PostgreSQL does not take


class Right(StrEnum):
    """What a person may be allowed in an account, beside what everybody in it sees."""

    ACCOUNT_MANAGEMENT = "account_management"
    ONCALL_CALENDAR = "oncall_calendar"
    CALL_RECORDING = "call_recording"
    MESSAGE_HANDLING = "message_handling"
    MESSAGE_EXPORT = "message_export"
    TO_DOS = "to_dos"
    ATTENDANT = "attendant"
    EXTENSIONS = "extensions"
    API_KEYS = "api_keys"
    AUDIT_LOG = "audit_log"
    USERS = "users"


@dataclass(frozen=True, slots=True)
class Access:
    """A row of the table in which accesses are given: its name, and what it allows, in words."""

    name: str
    description: str


# Seed 000, "My Accounts": the first three are its own, in its words.
ACCESSES: Final = {
    Right.ACCOUNT_MANAGEMENT: Access(
        "Account Management",
        "Access to the Accounts company information: edit it, its numbers' branding, webhooks,"
        " blocked callers and how long things are kept",
    ),
    Right.ONCALL_CALENDAR: Access(
        "Oncall Calendar Management", "Edit access to the Oncall Calendar"
    ),
    Right.CALL_RECORDING: Access("Call Recording", "Access to Call Recording"),
    Right.MESSAGE_HANDLING: Access(
        "Message Handling", "Acknowledge, forward and pass on messages, and write notes"
    ),
    Right.MESSAGE_EXPORT: Access("Message Export", "Take messages out as a file"),
    Right.TO_DOS: Access("To Dos", "Add, edit, run and delete To Dos"),
    Right.ATTENDANT: Access("Auto Attendant", "Edit and publish the auto attendant"),
    Right.EXTENSIONS: Access(
        "Extensions", "Edit extensions and their spoken names, beside the Auto Attendant access"
    ),
    Right.API_KEYS: Access(
        "API Keys",
        "Create and revoke the account's API tokens; a new one may do no more than who creates it",
    ),
    Right.AUDIT_LOG: Access("Audit Log", "See who did what in the account"),
}
# A token outlives who made it, so nobody makes one for what they may not do; what is not named here
# everybody in the account sees.
SCOPE_RIGHTS: Final = {
    Scope.MESSAGES_WRITE: Right.MESSAGE_HANDLING,
    Scope.CALL_RECORDINGS_READ: Right.CALL_RECORDING,
    Scope.TO_DOS_WRITE: Right.TO_DOS,
    Scope.WEBHOOKS_WRITE: Right.ACCOUNT_MANAGEMENT,
}
ALL_RIGHTS: Final = frozenset(Right)
DEFAULT_ACCESSES: Final = frozenset({Right.MESSAGE_HANDLING, Right.MESSAGE_EXPORT, Right.TO_DOS})
_RECEPTIONIST: Final = frozenset({Right.CALL_RECORDING}) | DEFAULT_ACCESSES


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides a person's rights: the role in the account, its accesses, staff or not."""

    role: str = ""
    accesses: frozenset[Right] = frozenset()
    staff: str = ""
    belongs: bool = False


def rights_of(standing: Standing) -> frozenset[Right]:
    """The rights of a person in an account; empty for somebody who does not belong there.

    An operator and a BG_ADMIN have all of them; USERS is nobody else's. An AA_ADMIN edits the
    attendant beside what its accesses allow; a receptionist handles the messages it takes, and
    hears their recordings.
    """
    if standing.staff == "operator" or (standing.belongs and standing.role == "BG_ADMIN"):
        return frozenset(Right)
    if standing.staff == "receptionist":
        return _RECEPTIONIST
    if not standing.belongs:
        return frozenset()
    own = {Right.ATTENDANT} if standing.role == "AA_ADMIN" else set()
    return frozenset(own | standing.accesses)


@dataclass(frozen=True, slots=True)
class Place:
    """How somebody belongs to an account: the role, and the accesses that were given."""

    role: str = ""
    accesses: frozenset[Right] = frozenset()

    @property
    def rights(self) -> frozenset[Right]:
        """What the place allows, now or once the role is gone."""
        return self.accesses | rights_of(Standing(self.role, self.accesses, belongs=True))


def unheld_scopes(held: frozenset[Right]) -> dict[Scope, Right]:
    """The scopes that somebody with the rights `held` cannot give a token, with what they lack."""
    return {scope: right for scope, right in SCOPE_RIGHTS.items() if right not in held}


def beyond(held: frozenset[Right], had: Place, wanted: Place) -> frozenset[Right]:
    """What somebody with the rights `held` would give without having it; nobody may.

    What the person had already is not given, so that an unchanged place can always be kept.
    """
    return wanted.rights - had.rights - held
