"""Who belongs to an account: what each may give, who may be put out, and who always stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbell.accounts import actions, hooks, queries
from deskbell.accounts.errors import LastOne, UserElsewhere, UserNotFound
from deskbell.accounts.hooks import AccessEvent
from deskbell.accounts.models import Account, Membership, Role, Staff, User, UserStatus
from deskbell.accounts.rules import ACCESSES, Place, Right, Standing, beyond, rights_of
from deskbell.foundation.errors import InvalidInput, NotAllowed

ACCESS_SETS = st.frozensets(st.sampled_from(list(ACCESSES)))
PLACES = st.builds(Place, st.sampled_from(Role.values), ACCESS_SETS)
STANDINGS = st.builds(
    Standing, st.sampled_from(Role.values), ACCESS_SETS, belongs=st.just(value=True)
)


@given(STANDINGS, PLACES, PLACES)
def test_nobody_makes_anybody_more_than_they_are(
    giver: Standing, had: Place, wanted: Place
) -> None:
    held = rights_of(giver)
    if not beyond(held, had, wanted):
        assert wanted.rights <= held | had.rights


@given(STANDINGS, PLACES)
def test_what_somebody_has_can_be_kept_and_taken(giver: Standing, had: Place) -> None:
    held = rights_of(giver)
    assert not beyond(held, had, had)
    assert not beyond(held, had, Place())


@given(PLACES, PLACES)
def test_an_administrator_gives_everything(had: Place, wanted: Place) -> None:
    assert not beyond(frozenset(Right), had, wanted)


@given(ACCESS_SETS, PLACES)
def test_only_an_administrator_makes_administrators(held: frozenset[Right], had: Place) -> None:
    wanted = Place(Role.BG_ADMIN)
    assert (Right.USERS in beyond(held, had, wanted)) == (had.role != Role.BG_ADMIN)


def test_an_access_hidden_under_a_role_is_given_too() -> None:
    wanted = Place(Role.AA_ADMIN, frozenset({Right.AUDIT_LOG}))
    assert beyond(frozenset({Right.ATTENDANT}), Place(), wanted) == {Right.AUDIT_LOG}


@contextmanager
def told() -> Iterator[list[AccessEvent]]:
    """What the rooms above are told meanwhile."""
    events: list[AccessEvent] = []
    hooks.access_changed.subscribe(events.append)
    try:
        yield events
    finally:
        hooks.access_changed.unsubscribe(events.append)


def test_access_is_given_and_told(alice: User, bob: User, acme: Account, at: datetime) -> None:
    with told() as events:
        for _ in range(2):
            actions.set_access(
                user=bob, account=acme, role="", accesses=["call_recording"], by=alice, at=at
            )
    assert queries.rights(bob, acme) == {Right.CALL_RECORDING}
    assert events == [AccessEvent(bob.pk, acme.pk, "changed", alice.email, at)]


@pytest.mark.parametrize("giver", ["bob", "charlie", "rita", "bob, an AA_ADMIN no more"])
def test_who_may_not_manage_people(
    request: pytest.FixtureRequest, giver: str, alice: User, acme: Account, at: datetime
) -> None:
    by = request.getfixturevalue(giver.partition(",")[0])
    if "," in giver:
        Membership.objects.filter(user=by).update(
            role="", accesses=[str(each) for each in ACCESSES]
        )
    tries: list[Callable[[], object]] = [
        lambda: actions.set_access(user=alice, account=acme, role="", accesses=[], by=by, at=at),
        lambda: actions.set_access(
            user=alice, account=acme, role="BG_ADMIN", accesses=[], by=by, at=at
        ),
        lambda: actions.suspend(user=alice, by=by, at=at),
        lambda: actions.remove_member(user=alice, account=acme, by=by, at=at),
        lambda: actions.rename_member(user=alice, account=acme, name="Ally", by=by, at=at),
        lambda: actions.invite(email="x@example.com", name="", account=acme, by=by, at=at),
        lambda: actions.invite(email="x@example.com", name="", staff="operator", by=by, at=at),
    ]
    for each in tries:
        with pytest.raises(NotAllowed):
            each()
    alice.refresh_from_db()
    assert (alice.status, alice.name, queries.rights(alice, acme)) == (
        "ACTIVE", "Alice", frozenset(Right)
    )  # fmt: skip


def test_an_administrator_who_was_suspended_meanwhile_may_nothing(
    alice: User, bob: User, acme: Account, at: datetime
) -> None:
    User.objects.filter(pk=alice.pk).update(status=UserStatus.SUSPENDED)
    with pytest.raises(NotAllowed):  # though her object still says that she is active
        actions.set_access(user=bob, account=acme, role="", accesses=[], by=alice, at=at)


def test_an_operator_manages_every_account(
    olivia: User, alice: User, bob: User, acme: Account, at: datetime
) -> None:
    actions.set_access(user=bob, account=acme, role="BG_ADMIN", accesses=[], by=olivia, at=at)
    actions.suspend(user=alice, by=olivia, at=at)
    assert queries.rights(bob, acme) == frozenset(Right)


@pytest.mark.parametrize(
    ("role", "accesses", "field"),
    [("QUEEN", [], "role"), ("", ["users"], "accesses"), ("", ["\0"], "accesses")],
)
def test_access_that_is_none(
    alice: User, bob: User, acme: Account, at: datetime, role: str, accesses: list[str], field: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        actions.set_access(user=bob, account=acme, role=role, accesses=accesses, by=alice, at=at)
    assert caught.value.field == field


def test_people_of_other_accounts_are_not_found(
    alice: User, charlie: User, acme: Account, at: datetime
) -> None:
    with pytest.raises(UserNotFound):
        actions.set_access(user=charlie, account=acme, role="", accesses=[], by=alice, at=at)
    with pytest.raises(UserNotFound):
        actions.remove_member(user=charlie, account=acme, by=alice, at=at)
    with pytest.raises(NotAllowed):
        actions.suspend(user=charlie, by=alice, at=at)
    assert User.objects.get(pk=charlie.pk).is_active


WAYS_OUT: dict[str, Callable[[User, Account, User, datetime], object]] = {
    "suspended": lambda user, account, by, at: actions.suspend(user=user, by=by, at=at),
    "removed": lambda user, account, by, at: actions.remove_member(
        user=user, account=account, by=by, at=at
    ),
    "left": lambda user, account, by, at: actions.remove_member(
        user=user, account=account, by=user, at=at
    ),
    "demoted": lambda user, account, by, at: actions.set_access(
        user=user, account=account, role="AA_ADMIN", accesses=list(ACCESSES), by=by, at=at
    ),
    "deleted over the API": lambda user, account, by, at: actions.edit_member(
        user=user, account=account, status="DELETED", at=at
    ),
    "demoted over the API": lambda user, account, by, at: actions.edit_member(
        user=user, account=account, role="AA_ADMIN", at=at
    ),
    "suspended by the operator's API": lambda user, account, by, at: actions.edit_member(
        user=user, account=account, status="SUSPENDED", is_operator=True, at=at
    ),
}
BY_ACCOUNT = [(way, False) for way in WAYS_OUT]
BY_OPERATOR = [(way, True) for way in WAYS_OUT if way != "suspended"]


@pytest.mark.parametrize(("way", "by_operator"), BY_ACCOUNT + BY_OPERATOR)
def test_the_last_administrator_stays(
    alice: User, bob: User, olivia: User, acme: Account, at: datetime, way: str, by_operator: bool
) -> None:
    by = olivia if by_operator else alice
    actions.join(user=bob, account=acme, role="BG_ADMIN")
    User.objects.filter(pk=bob.pk).update(status=UserStatus.SUSPENDED)  # so he counts for none
    with pytest.raises(LastOne, match="last active administrator of Acme Dental") as caught:
        WAYS_OUT[way](alice, acme, by, at)
    assert caught.value.sid == alice.sid
    assert queries.rights(User.objects.get(pk=alice.pk), acme) == frozenset(Right)
    assert User.objects.get(pk=alice.pk).is_active
    actions.reactivate(user=bob, by=by, at=at)
    WAYS_OUT[way](alice, acme, by, at)
    again = User.objects.get(pk=alice.pk)
    assert not again.is_active or Right.USERS not in queries.rights(again, acme)


def test_a_receptionist_with_a_role_is_no_administrator(
    alice: User, rita: User, acme: Account, at: datetime
) -> None:
    actions.join(user=rita, account=acme, role="BG_ADMIN")
    with pytest.raises(LastOne):
        actions.suspend(user=alice, by=alice, at=at)


def test_the_last_operator_stays(olivia: User, at: datetime) -> None:
    with pytest.raises(LastOne, match="last active operator"):
        actions.suspend(user=olivia, by=olivia, at=at)
    actions.add_user(
        email="second@example.com", name="", password=None, staff=Staff.OPERATOR, at=at
    )
    actions.suspend(user=olivia, by=olivia, at=at)


def test_who_belongs_elsewhere_too(
    alice: User, bob: User, olivia: User, acme: Account, other: Account, at: datetime
) -> None:
    actions.join(user=bob, account=other, role="BG_ADMIN")
    with pytest.raises(UserElsewhere):
        actions.suspend(user=bob, by=alice, at=at)
    with pytest.raises(UserElsewhere):
        actions.rename_member(user=bob, account=acme, name="Rob", by=alice, at=at)
    actions.rename_member(user=bob, account=acme, name="Robert", by=olivia, at=at)
    actions.set_access(user=bob, account=acme, role="", accesses=[], by=alice, at=at)
    assert Right.USERS in queries.rights(bob, other)
    with told() as events:
        actions.remove_member(user=bob, account=acme, by=alice, at=at)
    assert events == [AccessEvent(bob.pk, acme.pk, "removed", alice.email, at)]
    assert list(queries.accounts_of(bob)) == [other]
    assert User.objects.get(pk=bob.pk).name == "Robert"


def test_staff_who_are_members_are_the_operators(
    alice: User, rita: User, acme: Account, at: datetime
) -> None:
    actions.join(user=rita, account=acme)
    with pytest.raises(UserElsewhere):
        actions.suspend(user=rita, by=alice, at=at)


def test_a_member_leaves(bob: User, acme: Account, at: datetime) -> None:
    with told() as events:
        actions.remove_member(user=bob, account=acme, by=bob, at=at)
    assert events == [AccessEvent(bob.pk, acme.pk, "left", bob.email, at)]
    assert not queries.accounts_of(bob).exists()
    assert User.objects.get(pk=bob.pk).is_active


def test_suspending_is_told_and_undone(alice: User, bob: User, acme: Account, at: datetime) -> None:
    with told() as events:
        actions.suspend(user=bob, by=alice, at=at)
        actions.suspend(user=bob, by=alice, at=at)
        actions.reactivate(user=bob, by=alice, at=at)
    said = [(each.what, each.account_id) for each in events]
    assert said == [("switched off", None), ("reactivated", None)]
    assert [each.user for each in queries.members(acme)] == [alice, bob]


def test_deleted_people_are_not_listed_unless_asked_for(
    alice: User, bob: User, acme: Account, at: datetime
) -> None:
    actions.edit_user(user=bob, status="DELETED", at=at)
    assert [each.user for each in queries.members(acme)] == [alice]
    assert [each.user for each in queries.members(acme, deleted=True)] == [alice, bob]


def test_elsewhere_is_said_of_those_alone(
    alice: User, bob: User, acme: Account, other: Account
) -> None:
    actions.join(user=bob, account=other)
    assert queries.elsewhere(acme, [alice.pk, bob.pk]) == {bob.pk}
