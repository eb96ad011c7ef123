"""Numbers in systems: which lead where, and what happens when they turn or go."""

from __future__ import annotations

from datetime import datetime

import pytest

from deskbell.accounts.actions import add_number, edit_number, remove_number
from deskbell.accounts.errors import NotAnExtension, NumberNotFound
from deskbell.accounts.models import Account, PhoneNumber
from deskbell.attendant import actions, queries
from deskbell.attendant.errors import NumberInUse
from deskbell.attendant.models import System, SystemNumber
from deskbell.foundation.errors import InvalidInput
from deskbell.platform.tenancy import account_scope


@pytest.fixture
def second(acme: Account, at: datetime) -> System:
    with account_scope(acme.pk):
        return actions.add_system(account=acme, name="Second", at=at)


@pytest.fixture
def rita(acme: Account, at: datetime) -> PhoneNumber:
    """An extension."""
    with account_scope(acme.pk):
        return add_number(account=acme, number="+1 212 555 0143", extension="101", at=at)


def links() -> set[tuple[str, str, bool]]:
    """All that leads anywhere: system, digits, whether as an extension."""
    rows = SystemNumber.objects.values_list("system__name", "phone_number__digits", "is_extension")
    return set(rows)


def version_of(system: System) -> object:
    return System.objects.values_list("version", flat=True).get(pk=system.pk)


def test_a_number_leads_to_one_system_and_an_extension_to_several(
    system: System, acme: Account, acme_number: PhoneNumber, at: datetime
) -> None:
    with account_scope(acme.pk):
        second = actions.add_system(account=acme, name="Second", at=at)
        for _ in range(2):
            actions.assign_number(system=system, phone_number=acme_number, at=at)
        with pytest.raises(NumberInUse):
            actions.assign_number(system=second, phone_number=acme_number, at=at)
        assert queries.system_for(acme_number) == system
        extension = add_number(account=acme, number="+1 212 555 0143", extension="101", at=at)
        for each in (system, second):
            actions.assign_number(system=each, phone_number=extension, at=at)
        assert queries.system_for(extension) == system
        rows = SystemNumber.objects.filter(system=system).order_by("is_extension")
        assert [row.is_extension for row in rows] == [False, True]


def test_a_list_of_numbers_replaces_the_one_before(
    system: System,
    second: System,
    acme: Account,
    acme_number: PhoneNumber,
    rita: PhoneNumber,
    at: datetime,
) -> None:
    with account_scope(acme.pk):
        another = add_number(account=acme, number="2125550144", at=at)
        actions.set_extensions(system=system, extensions=[rita], at=at)
        actions.set_numbers(system=system, numbers=[acme_number, acme_number], at=at)
        assert links() == {
            ("Front desk", "2125550142", False),
            ("Front desk", "2125550143", True),
        }
        actions.set_numbers(system=system, numbers=[another], at=at)
        actions.set_numbers(system=second, numbers=[acme_number], at=at)
        assert links() == {
            ("Front desk", "2125550144", False),
            ("Second", "2125550142", False),
            ("Front desk", "2125550143", True),
        }
        before = version_of(system)
        actions.set_numbers(system=system, numbers=[another], at=at)
        assert version_of(system) == before
        actions.set_numbers(system=system, numbers=[], at=at)
        actions.set_extensions(system=system, extensions=[], at=at)
        assert version_of(system) != before
        assert links() == {("Second", "2125550142", False)}


def test_numbers_that_cannot_be_set(
    system: System,
    second: System,
    acme_number: PhoneNumber,
    rita: PhoneNumber,
    other: Account,
    at: datetime,
) -> None:
    with account_scope(other.pk):
        theirs = add_number(account=other, number="2125550150", extension="101", at=at)
    with account_scope(system.account_id):
        actions.set_numbers(system=system, numbers=[acme_number], at=at)
        with pytest.raises(NumberInUse, match='leads to the system "Front desk"') as used:
            actions.set_numbers(system=second, numbers=[acme_number], at=at)
        assert used.value.sid == acme_number.sid
        with pytest.raises(NotAnExtension) as plain:
            actions.set_extensions(system=second, extensions=[rita, acme_number], at=at)
        assert plain.value.sid == acme_number.sid
        with pytest.raises(InvalidInput, match="is an extension"):
            actions.set_numbers(system=second, numbers=[rita], at=at)
        with pytest.raises(NumberNotFound) as gone:
            actions.set_numbers(system=second, numbers=[theirs], at=at)
        assert gone.value.sid == theirs.sid
        with pytest.raises(NumberNotFound):
            actions.set_extensions(system=second, extensions=[theirs], at=at)
        assert links() == {("Front desk", "2125550142", False)}


def test_a_number_is_taken_out(system: System, acme_number: PhoneNumber, at: datetime) -> None:
    with account_scope(system.account_id):
        actions.assign_number(system=system, phone_number=acme_number, at=at)
        before = system.version
        for _ in range(2):
            actions.unassign_number(system=system, phone_number=acme_number, at=at)
        assert version_of(system) != before
        assert links() == set()


def test_systems_follow_a_number_that_turns(
    system: System, second: System, acme_number: PhoneNumber, at: datetime
) -> None:
    with account_scope(system.account_id):
        actions.assign_number(system=system, phone_number=acme_number, at=at)
        before = version_of(system)
        edit_number(number=acme_number, at=at, is_extension=True, extension="142")
        assert links() == {("Front desk", "2125550142", True)}
        assert version_of(system) != before
        edit_number(number=acme_number, at=at, is_extension=False)
        assert links() == {("Front desk", "2125550142", False)}
        edit_number(number=acme_number, at=at, is_extension=True)
        actions.set_extensions(system=second, extensions=[acme_number], at=at)
        edit_number(number=acme_number, at=at, is_extension=False)
        assert links() == set()
        actions.set_numbers(system=second, numbers=[acme_number], at=at)


def test_a_stale_number_is_what_it_is_by_now(
    system: System, rita: PhoneNumber, at: datetime
) -> None:
    with account_scope(system.account_id):
        stale = PhoneNumber.objects.get(pk=rita.pk)
        edit_number(number=rita, at=at, is_extension=False)
        with pytest.raises(NotAnExtension):
            actions.set_extensions(system=system, extensions=[stale], at=at)
        actions.assign_number(system=system, phone_number=stale, at=at)
        assert links() == {("Front desk", "2125550143", False)}


def test_callers_hear_of_a_new_name_and_of_a_number_that_goes(
    system: System, rita: PhoneNumber, at: datetime
) -> None:
    with account_scope(system.account_id):
        actions.set_extensions(system=system, extensions=[rita], at=at)
        versions = [version_of(system)]
        edit_number(number=rita, at=at, spoken_name="Rita")
        versions.append(version_of(system))
        remove_number(number=rita, at=at)
        versions.append(version_of(system))
        assert len(set(versions)) == 3
        assert links() == set()


def test_a_number_moves_where_that_is_asked_for(
    system: System, second: System, acme_number: PhoneNumber, at: datetime
) -> None:
    with account_scope(system.account_id):
        actions.assign_number(system=system, phone_number=acme_number, at=at)
        before = version_of(system)
        actions.assign_number(system=second, phone_number=acme_number, at=at, moves=True)
        assert links() == {("Second", "2125550142", False)}
        assert version_of(system) != before
