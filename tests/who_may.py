"""Who may look at, and change, what stands at each address of the portal.

An address takes the line of the longest beginning in `MAY`. `docs/reference/who-may-what.md` is
made of this table, and `tests/contracts/test_who_may_what.py` asks every address as everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from deskbell.accounts.rules import Right


class Who(StrEnum):
    """Those who need no right of an account, or more than one can give."""

    EVERYBODY = "everybody, signed in or not"
    MEMBER = "everybody in the account"
    STAFF = "receptionists and operators"
    RECEPTIONIST = "who has a desk"
    OPERATOR = "operators"
    PROGRAM = "programs, by signature or token"


@dataclass(frozen=True, slots=True)
class Need:
    """What looking and changing need; `own` is what only its maker or an administrator changes."""

    look: Who | Right
    change: Who | Right
    own: bool = False


def both(who: Who | Right) -> Need:
    """The same for looking and changing."""
    return Need(who, who)


def all_look(change: Who | Right) -> Need:
    """Everybody in the account looks."""
    return Need(Who.MEMBER, change)


MESSAGES: Final = "messages/<int:message_id>/"
SCRIPT: Final = "scripts/<int:script_id>/"
LEVEL: Final = "oncall/levels/<int:level_id>/"
METHOD: Final = "oncall/contacts/<int:contact_id>/methods/"
ONCALL: Final = both(Right.ONCALL_CALENDAR)
HANDLING: Final = both(Right.MESSAGE_HANDLING)
MANAGEMENT: Final = both(Right.ACCOUNT_MANAGEMENT)

MAY: Final[dict[str, Need]] = {
    "": both(Who.MEMBER),
    "system-health/": both(Who.STAFF),
    "account/": both(Who.MEMBER),
    "accounts/": all_look(Right.ACCOUNT_MANAGEMENT),
    "accounts/users/": both(Right.USERS),
    "accounts/invitations/": both(Right.USERS),
    "accounts/leave/": both(Who.MEMBER),
    "invitations/": both(Who.EVERYBODY),
    # messages
    "messages/": both(Who.MEMBER),
    "messages/export.": both(Right.MESSAGE_EXPORT),
    "messages/acknowledge/": HANDLING,
    "messages/undo/": HANDLING,
    MESSAGES: HANDLING,
    f"{MESSAGES}live/": both(Who.MEMBER),
    f"{MESSAGES}proof": both(Who.MEMBER),
    f"{MESSAGES}notes/<int:note_id>/remove/": Need(
        Right.MESSAGE_HANDLING, Right.MESSAGE_HANDLING, own=True
    ),
    # on call
    "oncall/": all_look(Right.ONCALL_CALENDAR),
    "oncall/events/new/": ONCALL,
    "oncall/events/<int:event_id>/clone/": ONCALL,
    "oncall/events/<int:event_id>/delete/": ONCALL,
    "oncall/covers/new/": ONCALL,
    "oncall/covers/<int:override_id>/remove/": ONCALL,
    "oncall/contacts/new/": ONCALL,
    "oncall/contacts/merge/": ONCALL,
    "oncall/contacts/<int:contact_id>/rename/": ONCALL,
    "oncall/contacts/<int:contact_id>/delete/": ONCALL,
    METHOD: ONCALL,
    f"{METHOD}<int:method_id>/code/enter/": all_look(Right.ONCALL_CALENDAR),
    "oncall/levels/new/": ONCALL,
    f"{LEVEL}clone/": ONCALL,
    f"{LEVEL}delete/": ONCALL,
    "oncall/feeds/import/": ONCALL,
    "oncall/feeds/levels/<int:level_id>/renew/": ONCALL,
    "oncall/feeds/contacts/<int:contact_id>/renew/": ONCALL,
    # the attendant
    "attendant/": all_look(Right.ATTENDANT),
    "attendant/systems/new/": both(Right.ATTENDANT),
    "attendant/menus/new/": both(Right.ATTENDANT),
    "attendant/announcements/new/": both(Right.ATTENDANT),
    "attendant/emergency/": both(Right.ATTENDANT),
    "attendant/announcements/sounds/": both(Who.MEMBER),
    # recordings, callers, To Dos, webhooks
    "recordings/": both(Right.CALL_RECORDING),
    "callers/": both(Who.MEMBER),
    "callers/new/": MANAGEMENT,
    "callers/<int:block_id>/": MANAGEMENT,
    "to-dos/": all_look(Right.TO_DOS),
    "to-dos/new/": both(Right.TO_DOS),
    "to-dos/<int:to_do_id>/edit/": both(Right.TO_DOS),
    "to-dos/<int:to_do_id>/run/": both(Right.TO_DOS),
    "to-dos/<int:to_do_id>/delete/": both(Right.TO_DOS),
    "audit/": both(Right.AUDIT_LOG),
    "webhooks/": both(Who.MEMBER),
    "webhooks/new/": MANAGEMENT,
    "webhooks/<int:webhook_id>/": MANAGEMENT,
    "webhooks/<int:webhook_id>/live/": both(Who.MEMBER),
    "webhooks/<int:webhook_id>/notices/": all_look(Right.ACCOUNT_MANAGEMENT),
    # reports; an export of something else needs the right of that
    "reports/": both(Who.MEMBER),
    "reports/exports/<int:export_id>/": both(Right.MESSAGE_EXPORT),
    "reports/schedules/<int:schedule_id>/": both(Right.MESSAGE_EXPORT),
    # bills
    "billing/": MANAGEMENT,
    # bills
    "billing/statements/": MANAGEMENT,
    # scripts
    "scripts/": both(Who.STAFF),
    "scripts/none/": both(Who.MEMBER),
    # staff
    "desk/": both(Who.RECEPTIONIST),
    "desk/performance/": both(Who.STAFF),
    "desk/floor/": both(Who.OPERATOR),
    "desk/receptionists/": both(Who.OPERATOR),
    "desk/skills/": both(Who.OPERATOR),
    "desk/answering/": both(Who.OPERATOR),
    "operator/": both(Who.OPERATOR),
    "acting/stop/": both(Who.OPERATOR),
    # one's own
    "profile/": both(Who.MEMBER),
    "summaries/<str:token>/": both(Who.EVERYBODY),
    "profile/email/<slug:token>/": both(Who.EVERYBODY),
    "profile/email/confirmed/": both(Who.EVERYBODY),
    "pictures/": both(Who.MEMBER),
    "keys/": both(Who.MEMBER),
    "keys/new/": both(Right.API_KEYS),
    "keys/<int:token_id>/": both(Right.API_KEYS),
    # signing in
    "sign-in/": both(Who.EVERYBODY),
    "sign-out/": both(Who.EVERYBODY),
    "password/": both(Who.EVERYBODY),
    "request-access/": both(Who.EVERYBODY),
    # programs
    "health": both(Who.EVERYBODY),
    "voice/": both(Who.PROGRAM),
    "texts/": both(Who.PROGRAM),
    "faxes/": both(Who.PROGRAM),
    "payments/": both(Who.PROGRAM),
    "email/": both(Who.PROGRAM),
    "autoattendant/": both(Who.PROGRAM),
    "api/v2/": both(Who.PROGRAM),
    "ack/": both(Who.PROGRAM),
    "calendars/": both(Who.PROGRAM),
    "recordings/<str:sid>.wav": both(Who.PROGRAM),
}
# These themselves, and nothing that begins with them.
EXACT: Final[dict[str, Need]] = {
    MESSAGES: both(Who.MEMBER),
    "scripts/": both(Who.MEMBER),
    SCRIPT: both(Who.MEMBER),
    "webhooks/<int:webhook_id>/": both(Who.MEMBER),
}


def need_of(pattern: str) -> Need:
    """What the address needs. Raises KeyError for a page that no line speaks of."""
    if pattern in EXACT:
        return EXACT[pattern]
    starts = [start for start in MAY if start and pattern.startswith(start)]
    return MAY[max(starts, key=len, default=pattern)]
