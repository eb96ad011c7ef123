"""An address that somebody added without its owner: who gets in by it, and who does not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from deskbell.accounts import actions, hooks, queries
from deskbell.accounts.actions.joining import MOST_TO_ONE
from deskbell.accounts.errors import InvitationOver, PasswordTooWeak
from deskbell.accounts.hooks import PersonEvent
from deskbell.accounts.models import Account, User, UserStatus
from deskbell.accounts.rules import Right
from deskbell.foundation.errors import Conflict, NotAllowed, NotSignedIn
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "newhire@example.com"
PLANTED = "Planted-by-another-1"


@pytest.fixture
def proved() -> Iterator[list[PersonEvent]]:
    """Whose address was shown to be theirs."""
    events: list[PersonEvent] = []
    hooks.email_proved.subscribe(events.append)
    yield events
    hooks.email_proved.unsubscribe(events.append)


@pytest.fixture
def planted(other: Account, charlie: User, at: datetime) -> User:
    """charlie adds somebody else's address to his account, with a password that he knows."""
    return actions.add_member(
        account=other,
        email=NEW,
        name="X",
        password=PLANTED,
        role="AA_ADMIN",
        at=at,
        by=charlie.email,
    )


def link_of(account: Account, by: User, at: datetime, email: str = NEW, role: str = "") -> str:
    made = actions.invite(email=email, name="", by=by, at=at, account=account, role=role)
    linked = actions.new_link(invitation_id=made.pk)
    assert linked
    return linked[1]


def test_what_others_set_up_ends_when_the_owner_comes_in(
    planted: User, acme: Account, other: Account, alice: User, charlie: User, at: datetime,
    proved: list[PersonEvent],
) -> None:  # fmt: skip
    pair = actions.make_user_token(user=planted, at=at)
    actions.remove_member(user=planted, account=other, by=charlie, at=at)
    token = link_of(acme, alice, at, role="AA_ADMIN")
    for user in (planted, None):  # signed in with that password, or not: it is no proof
        with pytest.raises(PasswordTooWeak):
            actions.accept_invitation(token=token, at=at, user=user)
    joined = actions.accept_invitation(token=token, at=at, name="New Hire", password=PASSWORD)
    assert (joined, joined.name, joined.email_proved) == (planted, "New Hire", True)
    assert joined.check_password(PASSWORD)
    assert Right.ATTENDANT in queries.rights(joined, acme)
    assert proved == [PersonEvent(planted.pk, at)]
    with pytest.raises(NotSignedIn):
        actions.use_user_token(planted.sid, pair, at=at)


def test_an_address_is_proved_once(planted: User, at: datetime, proved: list[PersonEvent]) -> None:
    told: list[PersonEvent] = []
    hooks.password_changed.subscribe(told.append)
    actions.prove_email(user=planted, at=at)
    hooks.password_changed.unsubscribe(told.append)
    assert told == proved
    assert not planted.has_usable_password()
    pair = actions.make_user_token(user=planted, at=at)
    planted.set_password(PASSWORD)
    planted.save()
    actions.prove_email(user=planted, at=at)
    assert planted.check_password(PASSWORD)
    assert actions.use_user_token(planted.sid, pair, at=at) == planted
    assert len(proved) == 1


@pytest.mark.parametrize(
    ("fields", "by", "is_proved"),
    [
        ({"password": PLANTED}, "alice@example.com", False),
        ({"email": "bobby@example.com"}, "alice@example.com", False),
        ({"email": "bobby@example.com"}, "bob@example.com", False),
        ({"password": PLANTED}, "bob@example.com", True),
        ({"name": "Robert", "email": "bob@example.com"}, "alice@example.com", True),
    ],
)
def test_what_an_administrator_chooses_proves_nothing(
    bob: User, acme: Account, at: datetime, fields: dict[str, str], by: str, *, is_proved: bool
) -> None:
    actions.edit_member(user=bob, account=acme, at=at, by=by, **fields)  # type: ignore[arg-type]
    assert User.objects.get(pk=bob.pk).email_proved == is_proved


@pytest.mark.parametrize("status", [UserStatus.SUSPENDED, UserStatus.DELETED])
def test_nobody_shuts_an_address_out_that_is_not_theirs(
    planted: User, acme: Account, other: Account, alice: User, at: datetime, status: str
) -> None:
    User.objects.filter(pk=planted.pk).update(status=status)
    token = link_of(acme, alice, at)
    with pytest.raises(Conflict, match="Ask the operator"):  # it is somebody's in that account
        actions.accept_invitation(token=token, at=at, password=PASSWORD)
    planted.memberships.all().delete()
    assert actions.accept_invitation(token=token, at=at, password=PASSWORD).is_active


@pytest.mark.parametrize("status", [UserStatus.SUSPENDED, UserStatus.DELETED])
def test_who_was_suspended_and_removed_may_come_in_elsewhere(
    bob: User, acme: Account, other: Account, alice: User, charlie: User, at: datetime, status: str
) -> None:
    actions.edit_member(user=bob, account=acme, at=at, by=alice.email, status=status)
    actions.remove_member(user=bob, account=acme, by=alice, at=at)
    bob.refresh_from_db()
    assert bob.is_active
    assert not queries.accounts_of(bob).exists()
    token = link_of(other, charlie, at, bob.email)
    assert actions.accept_invitation(token=token, at=at, user=bob) == bob


def test_whom_an_operator_suspends_an_operator_lets_back(
    alice: User, bob: User, olivia: User, acme: Account, at: datetime
) -> None:
    actions.suspend(user=bob, by=olivia, at=at)
    with pytest.raises(NotAllowed, match="operator"):
        actions.reactivate(user=bob, by=alice, at=at)
    with pytest.raises(NotAllowed, match="operator"):
        actions.edit_member(user=bob, account=acme, at=at, by=alice.email, status="ACTIVE")
    actions.remove_member(user=bob, account=acme, by=alice, at=at)
    assert not User.objects.get(pk=bob.pk).is_active
    actions.reactivate(user=bob, by=olivia, at=at)
    assert User.objects.get(pk=bob.pk).is_active


def test_an_operator_cuts_off_the_only_administrator(
    alice: User, bob: User, olivia: User, acme: Account, at: datetime
) -> None:
    """Their password may be somebody else's; the operator invites another."""
    actions.suspend(user=alice, by=olivia, at=at)
    assert not User.objects.get(pk=alice.pk).is_active
    token = link_of(acme, olivia, at, role="BG_ADMIN")
    joined = actions.accept_invitation(token=token, at=at, password=PASSWORD)
    assert Right.USERS in queries.rights(joined, acme)


def test_what_somebody_promised_holds_as_long_as_they_may(
    alice: User, bob: User, acme: Account, at: datetime
) -> None:
    actions.join(user=bob, account=acme, role="BG_ADMIN")
    token = link_of(acme, bob, at, role="BG_ADMIN")
    actions.set_access(user=bob, account=acme, role="AA_ADMIN", accesses=[], by=alice, at=at)
    with pytest.raises(InvitationOver, match="may not let people in any more"):
        actions.accept_invitation(token=token, at=at, password=PASSWORD)
    actions.set_access(user=bob, account=acme, role="BG_ADMIN", accesses=[], by=alice, at=at)
    actions.edit_user(user=bob, at=at, email="bobby@example.com")
    joined = actions.accept_invitation(token=token, at=at, password=PASSWORD)
    assert Right.USERS in queries.rights(joined, acme)


def test_nobody_is_mailed_again_and_again(alice: User, acme: Account, at: datetime) -> None:
    for _ in range(MOST_TO_ONE):
        made = actions.invite(email=NEW, name="", by=alice, at=at, account=acme)
        actions.withdraw_invitation(invitation=made, by=alice, at=at)
    with pytest.raises(Conflict, match="tomorrow"):
        actions.invite(email=NEW, name="", by=alice, at=at, account=acme)
    actions.invite(email=NEW, name="", by=alice, at=at + timedelta(days=1, seconds=1), account=acme)
