"""Invitations: whom they let in, how often, how long, and what they tell nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from deskbell.accounts import actions, hooks, queries
from deskbell.accounts.actions.joining import LASTS, MOST_OPEN
from deskbell.accounts.errors import (
    InvitationNotFound,
    InvitationOver,
    OtherPerson,
    PasswordTooWeak,
    SignInFirst,
)
from deskbell.accounts.hooks import InvitationEvent
from deskbell.accounts.models import Account, Invitation, Staff, User, UserStatus
from deskbell.accounts.rules import Right
from deskbell.accounts.tokens import new_token
from deskbell.foundation.clock import now
from deskbell.foundation.errors import Conflict, InvalidInput, NotAllowed
from tests.cast import PASSWORD

NEW = "new@example.com"
Invite = Callable[..., tuple[Invitation, str]]


@pytest.fixture
def mailed() -> Iterator[list[InvitationEvent]]:
    """The invitations that are to be mailed."""
    events: list[InvitationEvent] = []
    hooks.invited.subscribe(events.append)
    yield events
    hooks.invited.unsubscribe(events.append)


@pytest.fixture
def invite(alice: User, acme: Account, at: datetime) -> Invite:
    """Invites, and gives the invitation with the token of its link."""

    def make(email: str = NEW, **fields: object) -> tuple[Invitation, str]:
        details = {"name": "", "by": alice, "at": at, "account": acme, **fields}
        made = actions.invite(email=email, **details)  # type: ignore[arg-type]
        return token_of(made)

    return make


def token_of(made: Invitation) -> tuple[Invitation, str]:
    linked = actions.new_link(invitation_id=made.pk)
    assert linked is not None
    return linked


def test_a_new_person_joins_as_invited(
    invite: Invite, acme: Account, alice: User, at: datetime, mailed: list[InvitationEvent]
) -> None:
    made, token = invite(name="New Person", role="AA_ADMIN", accesses=["call_recording"])
    assert mailed == [InvitationEvent(made.pk, at)]
    assert not User.objects.filter(email=NEW).exists()
    user = actions.accept_invitation(token=token, at=at, password=PASSWORD)
    assert (user.email, user.name, user.created_by) == (NEW, "New Person", alice.email)
    assert user.check_password(PASSWORD)
    assert queries.rights(user, acme) == {Right.ATTENDANT, Right.CALL_RECORDING}
    assert not queries.invitations(acme).exists()


def test_somebody_of_another_account_joins_as_they_are(
    invite: Invite, charlie: User, acme: Account, other: Account, at: datetime
) -> None:
    _, token = invite("Charlie@Example.com")
    with pytest.raises(SignInFirst):
        actions.accept_invitation(token=token, at=at, name="Mine", password="Steal-it-1")
    assert actions.accept_invitation(token=token, at=at, user=charlie) == charlie
    assert set(queries.accounts_of(charlie)) == {acme, other}
    charlie.refresh_from_db()
    assert charlie.check_password(PASSWORD)
    assert charlie.name == "Charlie"


def test_inviting_tells_nothing_of_other_accounts(
    invite: Invite, charlie: User, olivia: User, acme: Account
) -> None:
    """What is known of an invitation is the same whether the address signs in here or not."""
    rows = [invite(email)[0] for email in (NEW, charlie.email, olivia.email)]
    shown = {
        (each.name, each.role, tuple(each.accesses), each.accepted_at, each.expires_at)
        for each in rows
    }
    assert len(shown) == 1


def test_a_link_works_once(invite: Invite, at: datetime) -> None:
    _, token = invite()
    user = actions.accept_invitation(token=token, at=at, password=PASSWORD)
    for again in (None, user):
        with pytest.raises(InvitationOver, match="accepted already"):
            actions.accept_invitation(token=token, at=at, password=PASSWORD, user=again)
    with pytest.raises(InvitationOver):
        actions.invitation_by_token(token, at)


def test_a_link_works_for_seven_days(invite: Invite, at: datetime) -> None:
    _, token = invite()
    late = at + LASTS
    with pytest.raises(InvitationOver, match="too old"):
        actions.accept_invitation(token=token, at=late, password=PASSWORD)
    user = actions.accept_invitation(
        token=token, at=late - timedelta(microseconds=1), password=PASSWORD
    )
    assert user.email == NEW


def test_a_withdrawn_link_stops(invite: Invite, alice: User, acme: Account, at: datetime) -> None:
    made, token = invite()
    for _ in range(2):
        actions.withdraw_invitation(invitation=made, by=alice, at=at)
    with pytest.raises(InvitationOver, match="withdrawn"):
        actions.accept_invitation(token=token, at=at, password=PASSWORD)
    with pytest.raises(InvitationOver, match="withdrawn"):
        actions.invite_again(invitation=made, by=alice, at=at + timedelta(hours=1))
    assert not queries.invitations(acme).exists()
    assert invite()[0].pk != made.pk  # the address can be invited anew


def test_a_newer_link_stops_older_ones(
    invite: Invite, alice: User, at: datetime, mailed: list[InvitationEvent]
) -> None:
    made, first = invite()
    with pytest.raises(Conflict, match="less than a minute ago"):
        actions.invite_again(invitation=made, by=alice, at=at + timedelta(seconds=59))
    later = at + timedelta(days=8)
    actions.invite_again(invitation=made, by=alice, at=later)
    _, second = token_of(made)
    assert len(mailed) == 2
    with pytest.raises(InvitationNotFound, match="newer one"):
        actions.accept_invitation(token=first, at=later, password=PASSWORD)
    assert actions.accept_invitation(token=second, at=later, password=PASSWORD).email == NEW
    with pytest.raises(InvitationOver):
        actions.withdraw_invitation(invitation=made, by=alice, at=later)


def test_no_link_is_made_for_what_is_over(invite: Invite, alice: User, at: datetime) -> None:
    made, _ = invite()
    actions.withdraw_invitation(invitation=made, by=alice, at=at)
    assert actions.new_link(invitation_id=made.pk) is None
    assert actions.new_link(invitation_id=made.pk + 1) is None


class Guesses(TestCase):
    @given(st.text(max_size=100))
    def test_a_guess_is_no_link(self, guess: str) -> None:
        with pytest.raises(InvitationNotFound):
            actions.invitation_by_token(guess, now())

    def test_half_a_character_is_no_link(self) -> None:
        for guess in ("\ud800", "\0", "", new_token(), "../../etc/passwd"):
            with pytest.raises(InvitationNotFound):
                actions.accept_invitation(token=guess, at=now(), password=PASSWORD)


def test_somebody_else_cannot_use_the_link(
    invite: Invite, bob: User, charlie: User, acme: Account, at: datetime
) -> None:
    _, token = invite()
    with pytest.raises(OtherPerson, match=r"for new@example\.com.*signed in as charlie"):
        actions.accept_invitation(token=token, at=at, user=charlie)
    assert queries.membership(charlie, acme) is None
    assert actions.accept_invitation(token=token, at=at, password=PASSWORD).email == NEW


def test_who_is_switched_off_cannot_join(
    invite: Invite, charlie: User, acme: Account, at: datetime
) -> None:
    _, token = invite(charlie.email)
    for status in (UserStatus.SUSPENDED, UserStatus.DELETED):
        User.objects.filter(pk=charlie.pk).update(status=status)
        for user in (charlie, None):
            with pytest.raises(Conflict, match="cannot join"):
                actions.accept_invitation(token=token, at=at, password=PASSWORD, user=user)
    assert queries.membership(charlie, acme) is None


@pytest.mark.parametrize(
    ("status", "said"),
    [("ACTIVE", "belongs to Acme"), ("SUSPENDED", "suspended"), ("DELETED", "deleted")],
)
def test_who_belongs_to_the_account_is_not_invited(
    invite: Invite, bob: User, status: str, said: str
) -> None:
    User.objects.filter(pk=bob.pk).update(status=status)
    with pytest.raises(Conflict, match=said):
        invite("BOB@example.com")


def test_an_address_is_invited_once_until_that_is_old(
    invite: Invite, acme: Account, at: datetime
) -> None:
    first, _ = invite()
    with pytest.raises(Conflict, match="invited already"):
        invite(NEW.upper())
    second, _ = invite(at=at + LASTS)
    assert list(queries.invitations(acme)) == [second]
    first.refresh_from_db()
    assert first.withdrawn_at == at + LASTS


def test_open_invitations_have_an_end(invite: Invite, acme: Account, at: datetime) -> None:
    Invitation.objects.bulk_create(
        Invitation(
            account=acme, email=f"{each}@example.com", token_hash=new_token(), invited_by="",
            created_at=at, expires_at=at + LASTS,
        )
        for each in range(MOST_OPEN)
    )  # fmt: skip
    with pytest.raises(Conflict, match="200 open invitations"):
        invite()
    invite(at=at + LASTS)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": "a@example.com\nBcc: everybody@example.com"}, "email"),
        ({"email": "a\0@example.com"}, "email"),
        ({"name": "x" * 201}, "name"),
        ({"role": "QUEEN"}, "role"),
        ({"accesses": ["everything"]}, "accesses"),
        ({"accesses": ["users"]}, "accesses"),
        ({"staff": "operator"}, "staff"),
        ({"account": None}, "staff"),
        ({"account": None, "staff": "king"}, "staff"),
    ],
)
def test_invitations_that_cannot_be(invite: Invite, fields: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        invite(**fields)
    assert caught.value.field == field
    assert not Invitation.objects.exists()


def test_staff_are_invited_by_operators_alone(
    alice: User, rita: User, olivia: User, at: datetime
) -> None:
    for by in (alice, rita):
        with pytest.raises(NotAllowed):
            actions.invite(email=NEW, name="", staff="operator", by=by, at=at)
    made, token = token_of(
        actions.invite(email=NEW, name="New", staff="operator", by=olivia, at=at)
    )
    assert list(queries.staff_invitations()) == [made]
    user = actions.accept_invitation(token=token, at=at, password=PASSWORD)
    assert User.objects.get(pk=user.pk).staff == Staff.OPERATOR
    with pytest.raises(Conflict, match="belongs to the staff"):
        actions.invite(email=NEW, name="", staff="receptionist", by=olivia, at=at)


def test_members_are_not_staff_and_staff_no_members(
    invite: Invite, bob: User, rita: User, olivia: User, at: datetime
) -> None:
    _, to_staff = token_of(
        actions.invite(email=bob.email, name="", staff="operator", by=olivia, at=at)
    )
    with pytest.raises(Conflict, match="another email address"):
        actions.accept_invitation(token=to_staff, at=at, user=bob)
    _, to_acme = invite(rita.email)
    with pytest.raises(Conflict, match="may enter every account"):
        actions.accept_invitation(token=to_acme, at=at, user=rita)
    bob.refresh_from_db()
    assert bob.staff == ""


def test_a_weak_password_uses_nothing_up(invite: Invite, at: datetime) -> None:
    _, token = invite()
    for weak in (None, "", "weak", "Password1!", f"N{NEW}1"):
        with pytest.raises(PasswordTooWeak):
            actions.accept_invitation(token=token, at=at, password=weak)
    assert not User.objects.filter(email=NEW).exists()
    actions.accept_invitation(token=token, at=at, password=PASSWORD)


def test_who_joined_by_another_way_meanwhile(
    invite: Invite, charlie: User, acme: Account, at: datetime
) -> None:
    _, token = invite(charlie.email, role="BG_ADMIN")
    actions.join(user=charlie, account=acme)
    with pytest.raises(InvitationOver, match="belong to Acme Dental already"):
        actions.accept_invitation(token=token, at=at, user=charlie)
    assert Right.USERS not in queries.rights(charlie, acme)


@pytest.mark.parametrize("staff", ["operator", "receptionist"])
def test_an_old_link_changes_nobody_who_is_on_the_staff(
    charlie: User, olivia: User, at: datetime, staff: str
) -> None:
    actions.remove_member(user=charlie, account=_second_led(charlie, at), by=charlie, at=at)
    _, token = token_of(
        actions.invite(email=charlie.email, name="", staff="receptionist", by=olivia, at=at)
    )
    actions.set_staff(user=charlie, staff=staff, by=olivia, at=at)
    with pytest.raises(InvitationOver, match="on the staff already"):
        actions.accept_invitation(token=token, at=at, user=charlie)
    charlie.refresh_from_db()
    assert charlie.staff == staff


def _second_led(user: User, at: datetime) -> Account:
    """The person's account, which somebody else administers as well."""
    account = Account.objects.get(memberships__user=user)
    second = actions.add_user(email="second@example.com", name="", password=None, at=at)
    actions.join(user=second, account=account, role="BG_ADMIN")
    return account
