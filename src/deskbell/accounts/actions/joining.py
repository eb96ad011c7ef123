"""Invitations: how people come into an account, or to the operator's staff, by a link.

Nobody becomes a user before they accept, and whoever invites learns nothing about whether the
address signs in already. Source: seed 000, "My Accounts" ("the Users you would like to invite").
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from deskbell.foundation.errors import Conflict, InvalidInput, NotAllowed
from deskbell.foundation.text import checked_text

from ..errors import (
    EmailTaken,
    InvitationNotFound,
    InvitationOver,
    OtherPerson,
    PasswordTooWeak,
    SignInFirst,
)
from ..hooks import AccessEvent, InvitationEvent, access_changed, invited
from ..locks import lock_account
from ..models import Account, Invitation, Membership, Role, Staff, User, UserStatus
from ..queries.members import invitations, staff_invitations
from ..rules import DEFAULT_ACCESSES, Place, Right
from ..tokens import hash_of, new_token
from .members import check_gives, checked_accesses, checked_role, join
from .people import MAX_NAME, UserFields, add_user, checked_email, edit_user
from .proving import prove_email
from .staying import hold_staff, hold_user

LASTS: Final = timedelta(days=7)
AGAIN_AFTER: Final = timedelta(minutes=1)
MOST_OPEN: Final = 200
DAY: Final = timedelta(days=1)
MOST_TO_ONE: Final = 5
MOST_OF_DAY: Final = 300
UNKNOWN_LINK: Final = (
    "This invitation is not known. The link may not be whole, or a newer one was sent: use the"
    " link of the last email."
)


def invite(
    *,
    email: str,
    name: str,
    by: User,
    at: datetime,
    account: Account | None = None,
    staff: str = "",
    role: str = "",
    accesses: Iterable[str] = DEFAULT_ACCESSES,
) -> Invitation:
    """Invites an address to an account, or to the staff where `staff` says as what.

    Its link is mailed by whoever hears `hooks.invited`, and works for seven days, once. Raises
    InvalidInput; NotAllowed where `by` may not let people in, or would give what they have not
    themselves; Conflict where the address belongs to the account already or is invited to it, or
    where there are 200 open invitations, or more mails than people would send: mails to strangers
    are no toy.
    """
    made = Invitation(
        account=account,
        staff=_checked_staff(staff, account),
        email=checked_email(email.strip()),
        name=checked_text(name.strip(), field="name", most=MAX_NAME),
        role=checked_role(role),
        accesses=checked_accesses(accesses if account else ()),
        invited_by=by.email,
        created_at=at,
    )
    with transaction.atomic():
        _hold(made)
        _check_lets_in(made, by)
        _check_is_new(made, at)
        _send(made, at)
    return made


def invite_again(*, invitation: Invitation, by: User, at: datetime) -> Invitation:
    """Mails a new link, which works for seven days from now on; the link of before stops.

    Raises NotAllowed as `invite` does, InvitationNotFound, InvitationOver where it was accepted or
    withdrawn, and Conflict within a minute after the last one.
    """
    with transaction.atomic():
        found = _held(invitation)
        _check_lets_in(found, by)
        _check_open(found)
        if at - (found.expires_at - LASTS) < AGAIN_AFTER:
            raise Conflict("The last email went out less than a minute ago; wait for it to arrive.")
        _send(found, at)
    return found


def withdraw_invitation(*, invitation: Invitation, by: User, at: datetime) -> Invitation:
    """Makes the link of an invitation stop. Raises NotAllowed, InvitationNotFound, InvitationOver.

    Withdrawing it twice is one withdrawal.
    """
    with transaction.atomic():
        found = _held(invitation)
        _check_lets_in(found, by)
        if found.withdrawn_at is None:
            _check_open(found)
            found.withdrawn_at = at
            found.save(update_fields=["withdrawn_at"])
    return found


def new_link(*, invitation_id: int) -> tuple[Invitation, str] | None:
    """An open invitation with the token of a new link; None for one that is over.

    Only its hash is kept, so this is the one look at it; links of before stop.
    """
    token = new_token()
    open_ones = Invitation.objects.filter(pk=invitation_id, accepted_at=None, withdrawn_at=None)
    if not open_ones.update(token_hash=hash_of(token)):
        return None
    return Invitation.objects.select_related("account").get(pk=invitation_id), token


def invitation_by_token(token: str, at: datetime) -> Invitation:
    """The open invitation of a link. Raises InvitationNotFound, InvitationOver."""
    found = Invitation.objects.select_related("account").filter(token_hash=_hash(token)).first()
    if found is None:
        raise InvitationNotFound(UNKNOWN_LINK)
    _check_usable(found, at)
    return found


def accept_invitation(
    *,
    token: str,
    at: datetime,
    name: str = "",
    password: str | None = None,
    user: User | None = None,
) -> User:
    """Lets whoever holds the link in, once: `user`, who is signed in, or a new person.

    A new person gets the invited address, `name` and `password`; so does a known one who never
    showed that the address is theirs, and whatever others set up for them ends. Raises
    InvitationNotFound; InvitationOver, also where whoever sent it may not let people in any more;
    OtherPerson where `user` has another address than the invited, SignInFirst where the address is
    somebody's and `user` is not given, Conflict where they cannot join, InvalidInput,
    PasswordTooWeak.
    """
    with transaction.atomic():
        found = _held(invitation_by_token(token, at))
        if found.token_hash != _hash(token):
            raise InvitationNotFound(UNKNOWN_LINK)
        _check_usable(found, at)
        _check_sender(found)
        here = user if user and user.email_proved else None
        joined = _known(found, here) if here else _new(found, name, password, at)
        _let_in(found, joined, at)
        found.accepted_at = at
        found.save(update_fields=["accepted_at"])
    return joined


def _checked_staff(staff: str, account: Account | None) -> str:
    if account is not None and staff == "":
        return ""
    if account is None and staff in {Staff.RECEPTIONIST, Staff.OPERATOR}:
        return staff
    raise InvalidInput(
        "An invitation is to an account, or to the staff as receptionist or operator", field="staff"
    )


def _hash(token: str) -> str:
    """A guess can be any text, also one that cannot be written as bytes."""
    return hash_of(token.encode("utf-8", "replace").decode())


def _hold(invitation: Invitation) -> None:
    """One at a time lets people into an account, and one at a time into the staff."""
    if invitation.account_id is None:
        hold_staff()
    else:
        lock_account(invitation.account_id)


def _held(invitation: Invitation) -> Invitation:
    """The invitation as it is now, with nobody else at it. Raises InvitationNotFound."""
    _hold(invitation)
    rows = Invitation.objects.select_related("account").select_for_update(of=("self",))
    found = rows.filter(pk=invitation.pk).first()
    if found is None:
        raise InvitationNotFound("There is no such invitation any more.")
    return found


def _check_lets_in(invitation: Invitation, by: User) -> None:
    if invitation.account is None:
        operators = User.objects.filter(staff=Staff.OPERATOR, status=UserStatus.ACTIVE)
        if not operators.filter(pk=by.pk).exists():
            raise NotAllowed("Only operators invite staff.")
        return
    wanted = Place(invitation.role, frozenset(map(Right, invitation.accesses)))
    check_gives(by, invitation.account, had=Place(), wanted=wanted)


def _check_is_new(invitation: Invitation, at: datetime) -> None:
    """An address is invited once, and not where it is. What is too old makes room."""
    members = User.objects.filter(email=invitation.email)
    if invitation.account is None:
        there = members.exclude(staff="")
    else:
        there = members.filter(memberships__account=invitation.account)
    member = there.first()
    if member is not None:
        raise Conflict(_where_is(member, invitation))
    waiting = staff_invitations() if invitation.account is None else invitations(invitation.account)
    waiting.filter(email=invitation.email, expires_at__lte=at).update(withdrawn_at=at)
    if waiting.filter(email=invitation.email).exists():
        raise Conflict(
            f"{invitation.email} is invited already; send that invitation again instead."
        )
    if waiting.filter(expires_at__gt=at).count() >= MOST_OPEN:
        raise Conflict(f"There are {MOST_OPEN} open invitations. Withdraw some of them first.")
    _check_not_too_many(invitation, at)


def _check_not_too_many(invitation: Invitation, at: datetime) -> None:
    """Counts withdrawn ones too: their mails went out."""
    of_day = Invitation.objects.filter(account=invitation.account, created_at__gt=at - DAY)
    if of_day.filter(email=invitation.email).count() >= MOST_TO_ONE:
        raise Conflict(
            f"{invitation.email} was invited {MOST_TO_ONE} times within a day. Try again tomorrow."
        )
    if of_day.count() >= MOST_OF_DAY:
        raise Conflict(f"There were {MOST_OF_DAY} invitations within a day. Go on tomorrow.")


def _where_is(member: User, invitation: Invitation) -> str:
    place = "the staff" if invitation.account is None else invitation.account.name
    how = {
        UserStatus.ACTIVE: "belongs to {place} already.",
        UserStatus.SUSPENDED: "is suspended in {place}; make them active again instead.",
        UserStatus.DELETED: "was deleted from {place}; make them active again instead.",
    }[UserStatus(member.status)]
    return f"{member.email} {how.format(place=place)}"


def _send(invitation: Invitation, at: datetime) -> None:
    """Makes it last from now on, under a link that nobody has until it is mailed."""
    invitation.token_hash = hash_of(new_token())
    invitation.expires_at = at + LASTS
    invitation.save()
    invited.fire(InvitationEvent(invitation.pk, at))


def _check_open(invitation: Invitation) -> None:
    if invitation.accepted_at is not None:
        raise InvitationOver("This invitation was accepted already. Sign in with your address.")
    if invitation.withdrawn_at is not None:
        raise InvitationOver("This invitation was withdrawn. Ask whoever sent it for a new one.")


def _check_usable(invitation: Invitation, at: datetime) -> None:
    _check_open(invitation)
    if invitation.expires_at <= at:
        raise InvitationOver("This invitation is too old. Ask whoever sent it to send it again.")


def _check_sender(invitation: Invitation) -> None:
    """What somebody promised who may not let people in any more, holds no more."""
    if not _may_let_in(User.objects.with_email(invitation.invited_by), invitation):
        raise InvitationOver(
            "Whoever sent this invitation may not let people in any more. Ask for a new one."
        )


def _may_let_in(sender: User | None, invitation: Invitation) -> bool:
    try:
        if sender is not None:
            _check_lets_in(invitation, sender)
    except NotAllowed:
        return False
    return sender is not None


def _known(invitation: Invitation, user: User) -> User:
    """Somebody who is signed in, if it is they who were invited and they can join."""
    hold_user(user)
    if user.email != invitation.email:
        raise OtherPerson(
            f"This invitation is for {invitation.email}, and you are signed in as {user.email}."
        )
    if not user.is_active:
        raise Conflict(f"{user.email} is suspended, so it cannot join.")
    if invitation.account is not None and user.is_staff_member:
        raise Conflict("You are on the staff, so you may enter every account as you are.")
    if invitation.account is None and user.is_staff_member:
        raise InvitationOver("You are on the staff already.")
    if invitation.account is None and user.memberships.exists():
        raise Conflict("Members of an account cannot be on the staff; use another email address.")
    return user


def _new(invitation: Invitation, name: str, password: str | None, at: datetime) -> User:
    known = User.objects.with_email(invitation.email)
    if known is not None and known.email_proved and known.is_active:
        raise SignInFirst(f"Sign in as {known.email} first, then accept.")
    if known is not None and not (known.is_active or _is_nobodys(known)):
        raise Conflict(f"{known.email} is switched off, so it cannot join. Ask the operator.")
    if password is None:
        raise PasswordTooWeak("Choose a password.", field="password")
    if known is not None:
        return _proved(known, invitation, name, password, at)
    try:
        return add_user(
            email=invitation.email,
            name=name.strip() or invitation.name,
            password=password,
            at=at,
            by=invitation.invited_by,
        )
    except EmailTaken as error:  # somebody took the address in this moment
        raise SignInFirst(f"Sign in as {invitation.email} first, then accept.") from error


def _is_nobodys(known: User) -> bool:
    """Whether somebody added an address that was never theirs, and left it to nobody."""
    return not (known.email_proved or known.held_by_operator or known.memberships.exists())


def _proved(known: User, invitation: Invitation, name: str, password: str, at: datetime) -> User:
    """Somebody added this person; whoever has the link reads their mail, and is they."""
    fields: UserFields = {"name": name.strip() or invitation.name, "password": password}
    if not known.is_active:
        fields["status"] = UserStatus.ACTIVE
    user = edit_user(user=known, at=at, by=known.email, **fields)
    prove_email(user=user, at=at, keeps_password=True)
    return _known(invitation, user)


def _let_in(invitation: Invitation, user: User, at: datetime) -> None:
    if invitation.account is None:
        user.staff = Staff(invitation.staff)
        user.updated_at = at
        user.save(update_fields=["staff", "updated_at"])
    elif Membership.objects.filter(user=user, account=invitation.account).exists():
        raise InvitationOver(f"You belong to {invitation.account.name} already.")
    else:
        join(
            user=user,
            account=invitation.account,
            role=Role(invitation.role),
            accesses=invitation.accesses,
        )
    event = AccessEvent(user.pk, invitation.account_id, "joined", user.email, at)
    access_changed.fire(event)
