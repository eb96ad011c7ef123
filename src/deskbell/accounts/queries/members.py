"""Reads of who belongs to an account, who is invited, and what its numbers say of their company."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from ..models import Account, Invitation, Membership, Role, UserStatus


def members(account: Account, *, deleted: bool = False) -> QuerySet[Membership]:
    """Who belongs to an account, with their users, by name; deleted people where asked for."""
    found = Membership.objects.filter(account=account).select_related("user")
    if not deleted:
        found = found.exclude(user__status=UserStatus.DELETED)
    return found.order_by("user__name", "user__email", "pk")


def administrators(account_ids: Iterable[int]) -> QuerySet[Membership]:
    """Who may let others into these accounts, and may sign in."""
    return Membership.objects.filter(
        account__in=account_ids, role=Role.BG_ADMIN, user__status=UserStatus.ACTIVE, user__staff=""
    )


def leads_alone(place: Membership) -> bool:
    """Whether an account has this administrator and no other."""
    found = administrators([place.account_id]).values_list("user_id", flat=True)
    return list(found[:2]) == [place.user_id]


def elsewhere(account: Account, user_ids: Iterable[int]) -> set[int]:
    """Of these people, who belongs to another account too; one query."""
    found = Membership.objects.filter(user__in=list(user_ids)).exclude(account=account)
    return set(found.values_list("user_id", flat=True))


def invitations(account: Account) -> QuerySet[Invitation]:
    """The account's open invitations, newest first; expired ones too."""
    found = Invitation.objects.filter(account=account, accepted_at=None, withdrawn_at=None)
    return found.order_by("-created_at", "-pk")


def staff_invitations() -> QuerySet[Invitation]:
    """Open invitations to the staff, newest first; expired ones too."""
    found = Invitation.objects.filter(account=None, accepted_at=None, withdrawn_at=None)
    return found.order_by("-created_at", "-pk")
