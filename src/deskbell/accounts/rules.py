"""Who may do what in an account. Source: seed 000, "My Accounts"; design, portal API."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Right(StrEnum):
    """What a person may be allowed in an account, beside what everybody in it sees."""

    ACCOUNT_MANAGEMENT = "account_management"
    ONCALL_CALENDAR = "oncall_calendar"
    CALL_RECORDING = "call_recording"
    ATTENDANT = "attendant"
    USERS = "users"
    EXTENSIONS = "extensions"


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides a person's rights: the role in the account, its accesses, staff or not."""

    role: str = ""
    accesses: frozenset[Right] = frozenset()
    staff: str = ""
    belongs: bool = False


def rights_of(standing: Standing) -> frozenset[Right]:
    """The rights of a person in an account; empty for somebody who does not belong there.

    An operator and a BG_ADMIN have all of them; an AA_ADMIN edits the attendant beside what its
    accesses allow; a receptionist hears recordings of the messages it takes.
    """
    if standing.staff == "operator" or (standing.belongs and standing.role == "BG_ADMIN"):
        return frozenset(Right)
    if standing.staff == "receptionist":
        return frozenset({Right.CALL_RECORDING})
    if not standing.belongs:
        return frozenset()
    own = {Right.ATTENDANT} if standing.role == "AA_ADMIN" else set()
    return frozenset(own | standing.accesses)
