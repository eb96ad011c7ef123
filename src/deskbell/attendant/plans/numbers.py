"""Numbers: first whatever moves leads nowhere, then it turns, then it leads to its new place."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from deskbell.accounts.actions import edit_number
from deskbell.accounts.models import PhoneNumber

from ..errors import NumberInUse
from ..models import System, SystemNumber
from ..rules.plans import SystemPlan
from .work import Work


def free_numbers(work: Work) -> None:
    """Has no number lead to a system whose numbers change; `lead_numbers` puts that right."""
    kinds = {number.number: number.is_extension for number in work.plan.numbers}
    turning = {each.number for each in work.live.numbers if kinds[each.number] != each.is_extension}
    work.freed = {
        system.sid
        for system in work.plan.systems
        if _leading(system) != _leading(work.before.get(system.sid))
        or turning.intersection(_leading(system))
    }
    gone = work.before.keys() - {system.sid for system in work.plan.systems}
    rows = SystemNumber.objects.filter(account=work.account)
    if work.freed or gone:
        rows.filter(system__sid__in=work.freed | gone).delete()
    work.changed |= work.freed


def edit_numbers(work: Work) -> None:
    """Changes what differs. Numbers that swap extension numbers are without for a moment."""
    before = {number.number: number for number in work.live.numbers}
    changed = [each for each in work.plan.numbers if before[each.number] != each]
    if not changed:
        return
    wanted = {number.extension for number in changed} - {""}
    names = [number.number for number in changed]
    found = PhoneNumber.objects.filter(account=work.account, number__in=names)
    rows = {row.number: row for row in found}
    for number in changed:
        held = before[number.number].extension
        if held in wanted and held != number.extension:
            edit_number(number=rows[number.number], at=work.at, extension="")
    for number in changed:
        edit_number(
            number=rows[number.number],
            at=work.at,
            is_extension=number.is_extension,
            extension=number.extension,
            spoken_name=number.spoken_name,
        )


def lead_numbers(work: Work) -> None:
    """Has the numbers lead to the systems that were freed, in the plan's order."""
    if not work.freed:
        return
    systems = work.rows(System, work.freed)
    named = [
        number
        for system in work.plan.systems
        if system.sid in work.freed
        for number in _leading(system)
    ]
    found = PhoneNumber.objects.filter(account=work.account, number__in=named)
    numbers = {row.number: row for row in found}
    rows = [
        SystemNumber(
            account=work.account,
            system=systems[system.sid],
            phone_number=numbers[number],
            is_extension=numbers[number].is_extension,
        )
        for system in work.plan.systems
        if system.sid in work.freed
        for number in _leading(system)
    ]
    try:
        with transaction.atomic():
            SystemNumber.objects.bulk_create(rows)
    except IntegrityError as error:
        raise NumberInUse("A number already leads to another system") from error


def _leading(system: SystemPlan | None) -> tuple[str, ...]:
    return (*system.numbers, *system.extensions) if system else ()
