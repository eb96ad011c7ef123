"""Two at the same instant, each on a connection of its own: an account is never without an
administrator, and a link lets one in."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import pytest
from django.db import connection, connections, transaction

from deskbell.accounts import actions
from deskbell.accounts.errors import LastOne
from deskbell.accounts.locks import lock_account
from deskbell.accounts.models import Account, Membership, Role, User, UserStatus
from deskbell.foundation.errors import DeskbellError
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], object]


def together(*work: Work) -> list[type[BaseException] | None]:
    """Runs each in a thread of its own, all at once; gives what each raised."""
    start = threading.Barrier(len(work))
    raised: list[type[BaseException] | None] = [None] * len(work)

    def run(place: int, each: Work) -> None:
        start.wait()
        try:
            each()
        except DeskbellError as error:
            raised[place] = type(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(work)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def administrators(account: Account) -> int:
    return Membership.objects.filter(
        account=account, role=Role.BG_ADMIN, user__status=UserStatus.ACTIVE
    ).count()


OUT: dict[str, Callable[[User, User, Account, datetime], object]] = {
    "suspends": lambda user, by, account, at: actions.suspend(user=user, by=by, at=at),
    "removes": lambda user, by, account, at: actions.remove_member(
        user=user, account=account, by=by, at=at
    ),
    "demotes": lambda user, by, account, at: actions.set_access(
        user=user, account=account, role="", accesses=[], by=by, at=at
    ),
    "deletes by API": lambda user, by, account, at: actions.edit_member(
        user=user, account=account, status="DELETED", by=by.email, at=at
    ),
    "demotes by API": lambda user, by, account, at: actions.edit_member(
        user=user, account=account, role="AA_ADMIN", by=by.email, at=at
    ),
}


@pytest.mark.parametrize("first", OUT)
@pytest.mark.parametrize("second", OUT)
def test_two_administrators_put_each_other_out(
    alice: User, bob: User, acme: Account, at: datetime, first: str, second: str
) -> None:
    actions.join(user=bob, account=acme, role="BG_ADMIN")
    raised = together(
        lambda: OUT[first](bob, alice, acme, at),
        lambda: OUT[second](alice, bob, acme, at),
    )
    assert administrators(acme) == 1
    assert sum(each is not None for each in raised) == 1


def test_two_administrators_leave_at_once(
    alice: User, bob: User, acme: Account, at: datetime
) -> None:
    actions.join(user=bob, account=acme, role="BG_ADMIN")
    together(
        *(
            lambda user=user: actions.remove_member(user=user, account=acme, by=user, at=at)
            for user in (alice, bob)
        )
    )
    assert administrators(acme) == 1


def test_the_second_waits_for_the_first(
    alice: User, bob: User, acme: Account, at: datetime
) -> None:
    """Nobody decides on what a transaction that is still open has changed."""
    actions.join(user=bob, account=acme, role="BG_ADMIN")
    raised: list[str] = []

    def leave() -> None:
        try:
            actions.remove_member(user=alice, account=acme, by=alice, at=at)
        except DeskbellError as error:
            raised.append(type(error).__name__)
        finally:
            connections.close_all()

    with transaction.atomic():
        lock_account(acme.pk)
        thread = threading.Thread(target=leave)
        thread.start()
        wait_for_a_lock()
        Membership.objects.filter(user=bob).update(role="")
    thread.join()
    assert raised == ["LastOne"]
    assert administrators(acme) == 1


def wait_for_a_lock() -> None:
    """Until another connection waits for a row that this one holds."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.01), pg_stat_clear_snapshot()")


def test_two_operators_suspend_each_other(olivia: User, at: datetime) -> None:
    other = actions.add_user(
        email="second@example.com", name="", password=None, staff="operator", at=at
    )
    together(
        lambda: actions.suspend(user=other, by=olivia, at=at),
        lambda: actions.suspend(user=olivia, by=other, at=at),
    )
    assert User.objects.filter(staff="operator", status=UserStatus.ACTIVE).count() == 1


def test_a_link_followed_by_many_at_once_lets_one_in(
    alice: User, acme: Account, at: datetime
) -> None:
    made = actions.invite(email="new@example.com", name="", by=alice, account=acme, at=at)
    linked = actions.new_link(invitation_id=made.pk)
    assert linked is not None
    accept = lambda: actions.accept_invitation(  # noqa: E731 five of the same
        token=linked[1], at=at, password=PASSWORD
    )
    raised = together(*[accept] * 5)
    assert sum(each is None for each in raised) == 1
    assert User.objects.filter(email="new@example.com").count() == 1


def test_withdrawn_at_the_moment_of_joining(alice: User, acme: Account, at: datetime) -> None:
    made = actions.invite(email="new@example.com", name="", by=alice, account=acme, at=at)
    linked = actions.new_link(invitation_id=made.pk)
    assert linked is not None
    raised = together(
        lambda: actions.accept_invitation(token=linked[1], at=at, password=PASSWORD),
        lambda: actions.withdraw_invitation(invitation=made, by=alice, at=at),
    )
    assert sum(each is not None for each in raised) == 1
    made.refresh_from_db()
    assert (made.accepted_at is None) != (made.withdrawn_at is None)
    assert User.objects.filter(email="new@example.com").exists() == (made.withdrawn_at is None)


def test_an_address_invited_twice_at_once(alice: User, acme: Account, at: datetime) -> None:
    invite = lambda: actions.invite(  # noqa: E731 three of the same
        email="new@example.com", name="", by=alice, account=acme, at=at
    )
    raised = together(*[invite] * 3)
    assert sum(each is None for each in raised) == 1


def test_a_person_becomes_administrator_while_the_operator_suspends_them(
    alice: User, bob: User, charlie: User, olivia: User, acme: Account, other: Account,
    at: datetime,
) -> None:  # fmt: skip
    """Whatever comes first, no account loses its last administrator by it."""
    actions.join(user=bob, account=other)
    for _ in range(5):
        actions.join(user=charlie, account=other, role="BG_ADMIN")
        actions.join(user=bob, account=other, role="")
        User.objects.filter(pk=bob.pk).update(status=UserStatus.ACTIVE)

        def hand_over() -> None:
            actions.set_access(
                user=bob, account=other, role="BG_ADMIN", accesses=[], by=charlie, at=at
            )
            with suppress(DeskbellError):
                actions.set_access(
                    user=charlie, account=other, role="", accesses=[], by=charlie, at=at
                )

        together(hand_over, lambda: actions.suspend(user=bob, by=olivia, at=at))
        assert administrators(other) >= 1


def test_the_last_administrator_does_not_join_the_staff(
    alice: User, bob: User, acme: Account, olivia: User, at: datetime
) -> None:
    with pytest.raises(LastOne, match="last active administrator of Acme Dental"):
        actions.set_staff(user=alice, staff="receptionist", by=olivia, at=at)
    alice.refresh_from_db()
    assert alice.staff == ""
    actions.join(user=bob, account=acme, role="BG_ADMIN")
    actions.set_staff(user=alice, staff="receptionist", by=olivia, at=at)


@pytest.mark.parametrize("out", OUT)
def test_one_administrator_joins_the_staff_while_the_other_goes(
    alice: User, bob: User, acme: Account, olivia: User, at: datetime, out: str
) -> None:
    actions.join(user=bob, account=acme, role="BG_ADMIN")
    raised = together(
        lambda: actions.set_staff(user=alice, staff="receptionist", by=olivia, at=at),
        lambda: OUT[out](bob, bob, acme, at),
    )
    leading = Membership.objects.filter(account=acme, role=Role.BG_ADMIN, user__staff="")
    assert leading.filter(user__status=UserStatus.ACTIVE).count() == 1
    assert sum(each is not None for each in raised) == 1
