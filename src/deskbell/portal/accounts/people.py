"""The people of an account as its pages show them: members and whoever is invited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from deskbell.accounts.models import Account, Invitation, Membership, Role, User
from deskbell.accounts.queries import elsewhere, invitations, members
from deskbell.accounts.rules import ACCESSES, Right
from deskbell.foundation.errors import NotFound

from ..mfa import having_mfa


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody in the list; `elsewhere` belongs to another account too."""

    member: Membership
    has_mfa: bool
    elsewhere: bool

    @property
    def user(self) -> User:
        """The person."""
        return self.member.user

    @property
    def role(self) -> str:
        """The role, in words."""
        return str(self.member.get_role_display())

    @property
    def status(self) -> str:
        """Whether the person can sign in, in words."""
        return str(self.user.get_status_display())

    @property
    def is_admin(self) -> bool:
        """Whether accesses say nothing, because the role has all of them."""
        return self.member.role == Role.BG_ADMIN

    @property
    def accesses(self) -> str:
        """The accesses' names."""
        if self.is_admin:
            return "Everything"
        held = [access.name for right, access in ACCESSES.items() if right in _held(self.member)]
        return ", ".join(held) or "None"


def access_words(accesses: Sequence[str]) -> str:
    """Accesses by their names, in the table's order."""
    return ", ".join(access.name for right, access in ACCESSES.items() if right in accesses)


def lines_of(account: Account) -> list[Line]:
    """Everybody who belongs to the account, deleted people too; three queries."""
    found = list(members(account, deleted=True))
    ids = [each.user_id for each in found]
    with_mfa, others = having_mfa(ids), elsewhere(account, ids)
    return [Line(each, each.user_id in with_mfa, each.user_id in others) for each in found]


def line_of(account: Account, user_id: int) -> Line:
    """One of them. Raises NotFound."""
    found = members(account, deleted=True).filter(user=user_id).first()
    if found is None:
        raise NotFound("There is no such user in this account")
    ids = [user_id]
    return Line(found, bool(having_mfa(ids)), bool(elsewhere(account, ids)))


def invitation_of(account: Account, invitation_id: int) -> Invitation:
    """An open invitation. Raises NotFound."""
    found = invitations(account).filter(pk=invitation_id).first()
    if found is None:
        raise NotFound("There is no such invitation, or it was accepted or withdrawn")
    return found


def is_expired(invitation: Invitation, at: datetime) -> bool:
    """Whether the invitation's link no longer works."""
    return invitation.expires_at <= at


def _held(member: Membership) -> frozenset[Right]:
    return frozenset(map(Right, member.accesses))
