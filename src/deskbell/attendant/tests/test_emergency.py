"""The emergency switch: what it takes, and that it keeps what it plays."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from deskbell.accounts.models import Account
from deskbell.attendant import actions
from deskbell.attendant.errors import AnnouncementInAction, AnnouncementNotFound, MenuNotFound
from deskbell.attendant.models import Announcement, Menu, System
from deskbell.foundation.errors import InvalidInput
from deskbell.platform.tenancy import account_scope

HOUR = timedelta(hours=1)


@pytest.fixture
def closed(acme: Account, at: datetime) -> Announcement:
    with account_scope(acme.pk):
        return actions.add_announcement(account=acme, name="Closed", body="We are closed", at=at)


@pytest.fixture
def menu(system: System, at: datetime) -> Menu:
    with account_scope(system.account_id):
        return actions.add_menu(system=system, name="Night", at=at)


def state(system: System) -> tuple[object, ...]:
    kept = System.objects.get(pk=system.pk)
    return kept.emergency_until, kept.emergency_menu, kept.emergency_announcement


def test_it_is_pulled_changed_and_ended(
    system: System, menu: Menu, closed: Announcement, at: datetime
) -> None:
    with account_scope(system.account_id):
        versions = [system.version]
        actions.set_emergency(system=system, until=at + HOUR, at=at, announcement=closed)
        assert state(system) == (at + HOUR, None, closed)
        versions.append(system.version)
        actions.set_emergency(system=system, until=at + 2 * HOUR, at=at, menu=menu)
        assert state(system) == (at + 2 * HOUR, menu, None)
        versions.append(system.version)
        actions.end_emergency(system=system, at=at)
        assert state(system) == (None, None, None)
        versions.append(system.version)
        assert len(set(versions)) == 4
        actions.end_emergency(system=system, at=at)
        assert System.objects.get(pk=system.pk).version == versions[-1]


def test_emergencies_that_cannot_be(
    system: System, menu: Menu, closed: Announcement, other: Account, at: datetime
) -> None:
    with account_scope(other.pk):
        theirs = actions.add_announcement(account=other, name="Theirs", body="Theirs", at=at)
    with account_scope(system.account_id):
        second = actions.add_system(account=system.account, name="Second", at=at)
        for until in (at, at - HOUR, at + timedelta(days=367)):
            with pytest.raises(InvalidInput, match="in the future, within a year"):
                actions.set_emergency(system=system, until=until, at=at, menu=menu)
        for one, other_one in ((None, None), (menu, closed)):
            with pytest.raises(InvalidInput, match="one of them"):
                actions.set_emergency(
                    system=system, until=at + HOUR, at=at, menu=one, announcement=other_one
                )
        with pytest.raises(MenuNotFound):
            actions.set_emergency(system=second, until=at + HOUR, at=at, menu=menu)
        with pytest.raises(AnnouncementNotFound):
            actions.set_emergency(system=system, until=at + HOUR, at=at, announcement=theirs)
        assert state(system) == state(second) == (None, None, None)


def test_an_announcement_that_cannot_be_heard_is_refused(system: System, at: datetime) -> None:
    with account_scope(system.account_id):
        empty = actions.add_announcement(
            account=system.account, name="Fire", type="play", language="", at=at
        )
        with pytest.raises(InvalidInput, match='"Fire" has no sound yet') as refused:
            actions.set_emergency(system=system, until=at + HOUR, at=at, announcement=empty)
        assert refused.value.field == "announcement"
        assert state(system) == (None, None, None)
        Announcement.objects.filter(pk=empty.pk).update(prompt=actions.keep_prompt(b"\x7f" * 800))
        actions.set_emergency(system=system, until=at + HOUR, at=at, announcement=empty)
        assert state(system) == (at + HOUR, None, empty)


def test_it_keeps_what_it_plays_until_it_is_over(
    system: System, closed: Announcement, at: datetime
) -> None:
    with account_scope(system.account_id):
        actions.set_emergency(system=system, until=at + HOUR, at=at, announcement=closed)
        with pytest.raises(AnnouncementInAction, match='emergency switch of system "Front desk"'):
            actions.delete_announcement(announcement=closed, at=at)
        actions.delete_announcement(announcement=closed, at=at + HOUR)
        assert state(system)[2] is None
