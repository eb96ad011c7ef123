"""What every page's frame shows: the account, the accounts to switch to, the menu."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from deskbell.accounts.models import Account, Staff, User
from deskbell.accounts.queries import accounts_of, company_of_account
from deskbell.accounts.rules import Right
from deskbell.foundation.clock import now
from deskbell.messages.queries import counts
from deskbell.platform.tenancy import account_scope

from .tenancy import PortalRequest, held_rights

MOST_ACCOUNTS = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu at the left; those `inside` it show while one is in its room.

    Where it names a right, only those who have it see it; where it names staff, only those who are
    that, `*` any staff.
    """

    label: str
    view: str
    icon: str = ""
    is_here: bool = False
    inside: tuple[Entry, ...] = ()
    right: Right | None = None
    staff: str = ""

    @property
    def url(self) -> str:
        """Where it leads."""
        return reverse(self.view)

    @property
    def room(self) -> str:
        """The pages that it stands for."""
        return self.view.partition(":")[0]


ATTENDANT = (
    Entry("Call Flow", "attendant"),
    Entry("Systems", "attendant:systems"),
    Entry("Menus", "attendant:menus"),
    Entry("Announcements", "attendant:announcements"),
    Entry("Schedules", "attendant:schedules"),
    Entry("Numbers", "attendant:numbers"),
    Entry("History", "attendant:history"),
)
ONCALL = (
    Entry("Calendar", "oncall"),
    Entry("Contacts", "oncall:contacts"),
    Entry("Escalation Levels", "oncall:levels"),
    Entry("Planning", "oncall:planning"),
    Entry("Feeds", "oncall:feeds"),
)
DESK = (
    Entry("Calls", "desk"),
    Entry("Performance", "desk:performance"),
    Entry("Floor", "desk:floor", staff=Staff.OPERATOR),
    Entry("Receptionists", "desk:receptionists", staff=Staff.OPERATOR),
    Entry("Skills", "desk:skills", staff=Staff.OPERATOR),
    Entry("Answering", "desk:answering", staff=Staff.OPERATOR),
)
OPERATOR = (
    Entry("Overview", "operator"),
    Entry("Accounts", "operator:accounts"),
    Entry("Numbers", "operator:numbers"),
    Entry("Trunks", "operator:trunks"),
    Entry("People", "operator:people"),
    Entry("Plans", "operator:plans"),
    Entry("Statements", "operator:statements"),
    Entry("Payments", "operator:payments"),
    Entry("Bank Files", "operator:bank_files"),
    Entry("Requests", "operator:requests"),
    Entry("Failed Deliveries", "operator:deliveries"),
    Entry("Health", "operator:health"),
    Entry("Test Message", "operator:self_tests"),
    Entry("Audit Log", "operator:audit"),
)
ACCOUNTS = (
    Entry("Phone Numbers", "accounts"),
    Entry("Company", "accounts:company"),
    Entry("Users", "accounts:users", right=Right.USERS),
    Entry("Retention", "accounts:retention"),
)
REPORTS = (
    Entry("Usage Details", "reports:usage"),
    Entry("Export Messages", "reports:exports"),
    Entry("Export Scheduler", "reports:schedules"),
)
BILLING = (
    Entry("Pay Your Bill", "billing"),
    Entry("Statements", "billing:statements"),
    Entry("Payment History", "billing:history"),
    Entry("Wire Transfer Details", "billing:wire"),
)
MENU = [
    Entry("Dashboard", "dashboard", icon="layout-dashboard"),
    Entry("My Accounts", "accounts", icon="address-book", inside=ACCOUNTS),
    Entry("Messages", "messages", icon="message-2"),
    Entry("Scripts", "scripts", icon="script"),
    Entry("Oncall Calendar", "oncall", icon="calendar-event", inside=ONCALL),
    Entry("Auto Attendant", "attendant", icon="sitemap", inside=ATTENDANT),
    Entry("Recordings", "recordings", icon="microphone", right=Right.CALL_RECORDING),
    Entry("Blocked Callers", "callers", icon="phone-off"),
    Entry("To Dos", "to_dos", icon="checklist"),
    Entry("Reports", "reports:usage", icon="report-analytics", inside=REPORTS),
    Entry(
        "Billing",
        "billing",
        icon="credit-card",
        inside=BILLING,
        right=Right.ACCOUNT_MANAGEMENT,
    ),
    Entry("Webhooks", "webhooks", icon="webhook"),
    Entry("API Keys", "keys", icon="key"),
    Entry("Audit Log", "audit", icon="history", right=Right.AUDIT_LOG),
    Entry("Desk", "desk", icon="headset", inside=DESK, staff="*"),
    Entry("Operator", "operator", icon="building", inside=OPERATOR, staff=Staff.OPERATOR),
]


def page(request: HttpRequest) -> dict[str, Any]:
    """The frame's part of a template's context; costs no query until a template shows it."""
    account: Account | None = getattr(request, "account", None)
    user = getattr(request, "user", None)
    if account is None or not isinstance(user, User):
        return _without_account(request, user)
    signed_in = user
    return {
        "account": account,
        "menu": _lazy(lambda: menu_at(request)),
        "new_messages": _lazy(lambda: _new_messages(account)),
        "accounts": _lazy(lambda: list(accounts_of(signed_in)[: MOST_ACCOUNTS + 1])),
        "role": cast(PortalRequest, request).works_as,
        "zone": timezone.get_current_timezone_name(),
        "zone_whose": _whose_zone(signed_in, account),
        "zone_short": timezone.localtime(now()).strftime("%Z"),
        "initials": initials_of(str(user)),
        "account_logo": _lazy(lambda: company_of_account(account).logo if account.logo_id else ""),
    }


def _without_account(request: HttpRequest, user: object) -> dict[str, Any]:
    """The frame of an operator who has yet to open the first account; else none."""
    if not isinstance(user, User) or user.staff != Staff.OPERATOR:
        return {"account": None, "menu": []}
    return {
        "account": None,
        "menu": _lazy(lambda: [each for each in menu_at(request) if each.view == "operator"]),
        "accounts": [],
        "role": user.get_staff_display(),
        "initials": initials_of(str(user)),
    }


def _whose_zone(user: User, account: Account) -> str:
    """Whose zone the page's times are in, where the person's is not the account's."""
    if user.time_zone in ("", account.time_zone):
        return ""
    return "yours" if timezone.get_current_timezone_name() == user.time_zone else "the account's"


def _new_messages(account: Account) -> int:
    """Of this account, also on pages that see every account's."""
    with account_scope(account.pk):
        return counts().new


def _lazy(make: Callable[[], Any]) -> Any:
    return SimpleLazyObject(make)


def menu_at(request: HttpRequest) -> list[Entry]:
    """The person's menu, with the entry of the present page marked, and the one inside it."""
    match = request.resolver_match
    name = (match.view_name if match else "") or ""
    room = name.partition(":")[0]
    held = held_rights(cast(PortalRequest, request))
    staff = cast(PortalRequest, request).user.staff
    shown = [each for each in MENU if _may_see(each, held, staff)]
    return [
        _entered(each, request.path, held, staff) if each.room == room else _closed(each)
        for each in shown
    ]


def _may_see(entry: Entry, held: frozenset[Right], staff: str) -> bool:
    if entry.staff and staff != entry.staff and not (entry.staff == "*" and staff):
        return False
    return entry.right is None or entry.right in held


def _closed(entry: Entry) -> Entry:
    return replace(entry, inside=())


def _entered(entry: Entry, path: str, held: frozenset[Right], staff: str) -> Entry:
    """The entry of this room; of those inside it, the longest address that `path` is below."""
    seen = [each for each in entry.inside if _may_see(each, held, staff)]
    above = [each for each in seen if path.startswith(each.url)]
    here = max(above, key=lambda each: len(each.url), default=None)
    inside = tuple(replace(each, is_here=each is here) for each in seen)
    return replace(entry, is_here=True, inside=inside)


def initials_of(name: str) -> str:
    """Two letters for a person: the first of the first and of the last word."""
    words = name.replace("@", " ").split() or ["?"]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()
