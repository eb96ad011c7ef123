"""The only writes to plans and to which account has which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, TypedDict, Unpack
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from deskbell.accounts.locks import lock_account
from deskbell.accounts.models import Account, User
from deskbell.foundation.errors import InvalidInput
from deskbell.foundation.text import checked_text
from deskbell.platform.tenancy import system_scope

from ..errors import PlanNotFound, PlanTaken, PlanWithdrawn, SubscriptionStarted
from ..models import Plan, Subscription
from ..rules import checked_cents, checked_increment, checked_minutes

MAX_NAME = 100
_EARLIEST, _LATEST = date(2000, 1, 1), date(2100, 1, 1)


class PlanFields(TypedDict, total=False):
    """What a plan says: cents each month and for each minute above, minutes, seconds."""

    name: str
    base_cents: int
    included_minutes: int
    overage_cents: int
    increment_seconds: int


def add_plan(
    *,
    name: str,
    base_cents: int,
    overage_cents: int,
    at: datetime,
    included_minutes: int = 0,
    increment_seconds: int = 60,
) -> Plan:
    """A new plan, which is offered from now on.

    Raises InvalidInput for a price, minutes or seconds that cannot be, PlanTaken for a name in use
    in any case.
    """
    plan = Plan(created_at=at)
    _set(
        plan,
        {
            "name": name,
            "base_cents": base_cents,
            "included_minutes": included_minutes,
            "overage_cents": overage_cents,
            "increment_seconds": increment_seconds,
        },
    )
    with _taken_in_words(plan):
        plan.save(force_insert=True)
    return plan


def edit_plan(*, plan: Plan, **fields: Unpack[PlanFields]) -> Plan:
    """Changes the given fields, for every account that has the plan; `plan` is brought up to date.

    Raises InvalidInput, PlanTaken, PlanNotFound.
    """
    with transaction.atomic():
        hold_plan(plan)
        _set(plan, fields)
        with _taken_in_words(plan):
            plan.save()
    return plan


def withdraw_plan(*, plan: Plan) -> Plan:
    """No account is given the plan from now on; those that have it keep it. Raises PlanNotFound."""
    return _offer(plan, is_offered=False)


def offer_plan(*, plan: Plan) -> Plan:
    """The plan can be given to accounts again. Raises PlanNotFound."""
    return _offer(plan, is_offered=True)


def remove_plan(*, plan: Plan) -> None:
    """Takes away a plan that no account ever had. Raises PlanNotFound, SubscriptionStarted."""
    with system_scope("whichever account has the plan keeps it"), transaction.atomic():
        hold_plan(plan)
        if Subscription.objects.filter(plan=plan).exists():
            raise SubscriptionStarted(
                f"Accounts have or had {plan.name}, and their statements name it; withdraw it"
            )
        plan.delete()


def hold_plan(plan: Plan) -> Plan:
    """Locks the plan's row and reads it again; needs a transaction. Raises PlanNotFound."""
    try:
        plan.refresh_from_db(from_queryset=Plan.objects.select_for_update(no_key=True))
    except Plan.DoesNotExist as error:
        raise PlanNotFound from error
    return plan


def subscribe(
    *, account: Account, plan: Plan, begins_on: date, by: User | None, at: datetime
) -> Subscription:
    """Gives an account a plan from a day on, until its next one begins.

    A plan that begins on the same day is replaced by it. Needs the account's scope or a system
    scope. Raises PlanWithdrawn, and InvalidInput for a day that cannot be.
    """
    if not _EARLIEST <= begins_on < _LATEST:
        raise InvalidInput("The day lies between 2000 and 2100", field="begins_on")
    with transaction.atomic():
        lock_account(account.pk)
        if not hold_plan(plan).is_offered:
            raise PlanWithdrawn(plan.name)
        made, _ = Subscription.objects.update_or_create(
            account=account,
            begins_on=begins_on,
            defaults={"plan": plan, "created_by": by.email if by else "", "created_at": at},
        )
    return made


def take_back(*, subscription: Subscription, at: datetime) -> None:
    """Takes away a plan that has not begun yet in the account's own day.

    Needs the account's scope or a system scope. Raises SubscriptionStarted for one that has.
    """
    with transaction.atomic():
        account = lock_account(subscription.account_id)
        if subscription.begins_on <= at.astimezone(ZoneInfo(account.time_zone)).date():
            raise SubscriptionStarted(
                "This plan has begun, and what was used under it is paid by it;"
                " give the account another one from a day on"
            )
        subscription.delete()


def _offer(plan: Plan, *, is_offered: bool) -> Plan:
    with transaction.atomic():
        hold_plan(plan)
        plan.is_offered = is_offered
        plan.save(update_fields=["is_offered"])
    return plan


def _set(plan: Plan, fields: PlanFields) -> None:
    given: Mapping[str, Any] = fields
    if "name" in fields:
        plan.name = checked_text(fields["name"].strip(), field="name", most=MAX_NAME, needed=True)
    for name in ("base_cents", "overage_cents"):
        if name in given:
            setattr(plan, name, checked_cents(given[name], field=name))
    if "included_minutes" in fields:
        plan.included_minutes = checked_minutes(fields["included_minutes"])
    if "increment_seconds" in fields:
        plan.increment_seconds = checked_increment(fields["increment_seconds"])


@contextmanager
def _taken_in_words(plan: Plan) -> Iterator[None]:
    if Plan.objects.filter(name__iexact=plan.name).exclude(pk=plan.pk).exists():
        raise PlanTaken(plan.name)
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise PlanTaken(plan.name) from error
