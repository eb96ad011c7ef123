"""People as the operator's list shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localtime

from deskbell.accounts.models import Membership, User

from ...attendant.listing import Column
from ...mfa import having_mfa, in_rows
from ..listing import Table, any_has

MOST_NAMED: Final = 3
EVERYONE: Final = "everyone"


@dataclass(frozen=True, slots=True)
class Line:
    """A person in the list, with their accounts and whether they have a second factor."""

    user: User
    accounts: tuple[str, ...]
    has_mfa: bool

    @property
    def serves(self) -> str:
        """As what, in words: of the staff, or which accounts they belong to."""
        if self.user.staff:
            return str(self.user.get_staff_display())
        named = ", ".join(self.accounts[:MOST_NAMED])
        more = len(self.accounts) - MOST_NAMED
        return f"{named} and {more} more" if more > 0 else named

    @property
    def last(self) -> str:
        """The day of the last sign-in."""
        return f"{localtime(self.user.last_login):%Y-%m-%d}" if self.user.last_login else ""


def people_shown(show: str) -> QuerySet[User]:
    """The staff, or with `show` EVERYONE all people there are."""
    rows = User.objects.alias(has_mfa=in_rows())
    return rows if show == EVERYONE else rows.exclude(staff="")


def _has(word: str) -> Q:
    theirs = Membership.objects.filter(user=OuterRef("pk")).filter(
        any_has(word, "account__number", "account__name")
    )
    return any_has(word, "name", "email", "staff", "status") | Q(Exists(theirs))


def _shown(people: Sequence[User]) -> list[Line]:
    known = having_mfa(each.pk for each in people)
    accounts: dict[int, list[str]] = {}
    rows = Membership.objects.filter(user__in=people).order_by("account__number")
    for user_id, name in rows.values_list("user_id", "account__name"):
        accounts.setdefault(user_id, []).append(name)
    return [Line(each, tuple(accounts.get(each.pk, ())), each.pk in known) for each in people]


TABLE: Final[Table[User, Line]] = Table(
    columns=[
        Column("name", "Name", lambda row: f"{row.user.name} {row.user.email}".strip()),
        Column("serves", "Serves", lambda row: row.serves),
        Column("status", "Status", lambda row: str(row.user.get_status_display())),
        Column("mfa", "MFA", lambda row: "Yes" if row.has_mfa else "No"),
        Column("last", "Last signed in", lambda row: row.last, first="desc"),
    ],
    orders={
        "name": ["name", "email"],
        "serves": ["staff", "name"],
        "status": ["status", "name"],
        "mfa": ["has_mfa", "name"],
        "last": ["last_login"],
    },
    has=_has,
    shown=_shown,
)
