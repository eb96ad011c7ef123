"""Which numbers lead to which systems."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from deskbell.accounts.errors import NotAnExtension, NumberNotFound
from deskbell.accounts.hooks import NumberEvent
from deskbell.accounts.models import PhoneNumber
from deskbell.foundation.errors import InvalidInput

from ..errors import NumberInUse
from ..models import System, SystemNumber
from .changed import sounds_changed, system_changed
from .held import hold_system


def set_numbers(*, system: System, numbers: Sequence[PhoneNumber], at: datetime) -> None:
    """Has these attendant numbers and no others lead to the system; its extensions stay.

    Naming one twice is naming it once. Raises NumberNotFound for another account's number,
    InvalidInput for an extension, NumberInUse where one leads to another system; then nothing is
    changed. Source: seed 002, "Update AA-System", aaNumbers.
    """
    _set(system, numbers, is_extension=False, at=at)


def set_extensions(*, system: System, extensions: Sequence[PhoneNumber], at: datetime) -> None:
    """Has the system include these extensions and no others; its attendant numbers stay.

    An extension may be in several systems. Raises NumberNotFound for another account's number,
    NotAnExtension for a number that is none. Source: seed 002, "Update AA-System", extensions.
    """
    _set(system, extensions, is_extension=True, at=at)


def assign_number(
    *, system: System, phone_number: PhoneNumber, at: datetime, moves: bool = False
) -> None:
    """Has one more number lead to the system; doing it again changes nothing.

    With `moves` an attendant number is taken out of the system to which it leads. Raises
    NumberNotFound for another account's number, SystemNotFound, and without `moves` NumberInUse
    where it leads to another system (an extension may be in several).
    Source: seed 002, "Update Phone numbers", whose example moves a number.
    """
    with transaction.atomic():
        hold_system(system)
        number = _fresh(system, [phone_number])[phone_number.pk]
        if SystemNumber.objects.filter(system=system, phone_number=phone_number).exists():
            return
        if moves and not number.is_extension:
            for other in System.objects.filter(numbers__phone_number=number):
                unassign_number(system=other, phone_number=number, at=at)
        _link(system, [number], is_extension=number.is_extension)
        system_changed(system, at=at)


def unassign_number(*, system: System, phone_number: PhoneNumber, at: datetime) -> None:
    """Has a number no longer lead to the system; one that does not changes nothing."""
    with transaction.atomic():
        hold_system(system)
        gone, _ = SystemNumber.objects.filter(system=system, phone_number=phone_number).delete()
        if gone:
            system_changed(system, at=at)


def follow_number(event: NumberEvent) -> None:
    """Has the systems follow a number that turned, or is about to be removed.

    An attendant number that became an extension stays in its system as one. An extension that
    became an attendant number stays in its system where it was in one; where it was in several it
    leads to none of them, because nothing says which of them its callers should meet. Callers of
    the account's systems meet the change at once.
    """
    rows = SystemNumber.objects.filter(phone_number_id=event.number_id)
    if event.is_leaving or (not event.is_extension and rows.count() > 1):
        rows.delete()
    else:
        rows.update(is_extension=event.is_extension)
    sounds_changed(event.account_id)


def _fresh(system: System, numbers: Sequence[PhoneNumber]) -> dict[int, PhoneNumber]:
    """The numbers as they are under the lock, by id. Raises NumberNotFound."""
    rows = PhoneNumber.objects.filter(account_id=system.account_id)
    found = rows.in_bulk([number.pk for number in numbers])
    for number in numbers:
        if number.pk not in found:
            raise NumberNotFound(
                f"There is no number {number.number} in this account", sid=number.sid
            )
    return found


def _check_kind(number: PhoneNumber, *, is_extension: bool) -> None:
    if is_extension and not number.is_extension:
        raise NotAnExtension(
            f"{number.number} is not an extension; make it one first", sid=number.sid
        )
    if number.is_extension and not is_extension:
        raise InvalidInput(
            f"{number.number} is an extension; name it among the extensions, or make it an"
            " attendant number first",
            field="numbers",
        )


def _set(
    system: System, numbers: Sequence[PhoneNumber], *, is_extension: bool, at: datetime
) -> None:
    with transaction.atomic():
        hold_system(system)
        wanted = _fresh(system, numbers)
        for number in wanted.values():
            _check_kind(number, is_extension=is_extension)
        rows = SystemNumber.objects.filter(system=system, is_extension=is_extension)
        held = set(rows.values_list("phone_number_id", flat=True))
        if held == wanted.keys():
            return
        rows.exclude(phone_number_id__in=wanted).delete()
        added = [number for key, number in wanted.items() if key not in held]
        _link(system, added, is_extension=is_extension)
        system_changed(system, at=at)


def _link(system: System, numbers: Sequence[PhoneNumber], *, is_extension: bool) -> None:
    """Writes the rows. The account is locked, so what is looked up holds."""
    others = SystemNumber.objects.select_related("system", "phone_number").filter(
        phone_number__in=numbers
    )
    taken = None if is_extension else others.exclude(system=system).first()
    if taken is not None:
        raise NumberInUse(
            f'{taken.phone_number.number} already leads to the system "{taken.system.name}";'
            " take it out there first",
            sid=taken.phone_number.sid,
        )
    SystemNumber.objects.bulk_create(
        SystemNumber(
            account_id=system.account_id,
            system=system,
            phone_number=number,
            is_extension=is_extension,
        )
        for number in numbers
    )
