"""What accounts tell the rooms above. See ARCHITECTURE.md for who listens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from deskbell.platform.hooks import Hook


@dataclass(frozen=True, slots=True)
class NumberEvent:
    """A phone number is another one now: extension or not, with another extension number or name.

    With `is_leaving` it is about to be removed, and its row is still there.
    """

    account_id: int
    number_id: int
    is_extension: bool
    at: datetime
    is_leaving: bool = False


@dataclass(frozen=True, slots=True)
class ZoneEvent:
    """An account lives by another time zone from now on: what is planned by its clock moves."""

    account_id: int
    time_zone: str
    at: datetime


@dataclass(frozen=True, slots=True)
class InvitationEvent:
    """An invitation was made, or is to be sent again: its link is to be mailed."""

    invitation_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class AccessEvent:
    """What a person may do is another thing now.

    `account_id` is None where it is about all of them: the person was suspended, deleted or made
    active again, or is something else on the staff. `by` is the email address of whoever did it,
    the person's own where they joined or left; "" where nobody knows.
    """

    user_id: int
    account_id: int | None
    what: Literal["joined", "changed", "removed", "left", "switched off", "reactivated", "staff"]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class EmailAsked:
    """Somebody wants another email address: a link is to be mailed there."""

    change_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class EmailChanged:
    """A person signs in by another email address from now on."""

    user_id: int
    before: str
    after: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PersonEvent:
    """Something about a person, whatever accounts they belong to."""

    user_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class RequestEvent:
    """Somebody who is not registered asks for access: operators are to be told."""

    request_id: int
    at: datetime


number_changed: Hook[NumberEvent] = Hook("accounts.number_changed")
email_asked: Hook[EmailAsked] = Hook("accounts.email_asked")
email_changed: Hook[EmailChanged] = Hook("accounts.email_changed")
email_proved: Hook[PersonEvent] = Hook("accounts.email_proved")
password_changed: Hook[PersonEvent] = Hook("accounts.password_changed")
time_zone_changed: Hook[ZoneEvent] = Hook("accounts.time_zone_changed")
access_asked: Hook[RequestEvent] = Hook("accounts.access_asked")
invited: Hook[InvitationEvent] = Hook("accounts.invited")
access_changed: Hook[AccessEvent] = Hook("accounts.access_changed")
