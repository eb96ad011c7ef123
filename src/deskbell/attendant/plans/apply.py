"""Writes a plan to the tables that callers meet: only what differs, all of it or nothing.

Deletions come last, when nothing names what goes any more.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from deskbell.accounts.locks import lock_account
from deskbell.accounts.models import Account
from deskbell.foundation.numbers import national_digits
from deskbell.platform.changes import touch

from ..models import System
from ..rules.checks import check
from ..rules.plans import Plan
from .against import account_faults
from .numbers import edit_numbers, free_numbers, lead_numbers
from .parts import write_announcements, write_menus, write_schedules, write_systems
from .read import read
from .rest import delete_rest, put_in_order
from .work import Work


def apply(*, account: Account, plan: Plan, at: datetime, by: str) -> None:
    """Makes the account's attendant what the plan says; sids are kept, versions of what stays too.

    Numbers are neither made nor removed: those that the plan leaves out stay as they are. Holds
    the account's lock. Raises what `rules.checks.check` raises, InvalidInput and NotFound for what
    the account cannot have, MenuLeadsHere or AnnouncementInAction for what an emergency needs;
    nothing is written then.
    """
    with transaction.atomic():
        lock_account(account.pk)
        live = read(account.pk)
        plan = respelt(plan, live)
        check(plan)
        for fault in account_faults(account.pk, plan, live):
            raise fault.error
        _write(Work(account, live, plan, at, by))


def _write(work: Work) -> None:
    from ..actions.changed import system_changed  # actions stand on plans, and plans on these few

    free_numbers(work)
    edit_numbers(work)
    write_announcements(work)
    write_systems(work)
    write_menus(work)
    write_schedules(work)
    lead_numbers(work)
    delete_rest(work)
    put_in_order(work)
    for system in work.rows(System, work.changed).values():
        system_changed(system, at=work.at)
    touch(work.account.pk)


def respelt(plan: Plan, live: Plan) -> Plan:
    """The plan with its numbers as the account spells them, and with those that it leaves out."""
    spelt = {national_digits(number.number): number.number for number in live.numbers}

    def spell(number: str) -> str:
        return spelt.get(national_digits(number), number)

    numbers = tuple(replace(each, number=spell(each.number)) for each in plan.numbers)
    named = {number.number for number in numbers}
    return replace(
        plan,
        numbers=(*numbers, *(each for each in live.numbers if each.number not in named)),
        systems=tuple(
            replace(
                system,
                numbers=tuple(map(spell, system.numbers)),
                extensions=tuple(map(spell, system.extensions)),
            )
            for system in plan.systems
        ),
    )
