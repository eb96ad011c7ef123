"""What is done to an account as a whole: opened with all that belongs to it, and edited."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from deskbell.accounts import actions
from deskbell.accounts.locks import lock_account
from deskbell.accounts.models import Account, Role, User
from deskbell.billing.actions import subscribe
from deskbell.foundation.clock import now
from deskbell.lines.actions import set_limits
from deskbell.lines.gateways import tell_gateways
from deskbell.lines.models import Limits

from .forms import EditForm, OpenForm, shown


def opened(form: OpenForm, by: User) -> Account:
    """Opens the account of a valid form, with its plan, and invites who administers it."""
    at = now()
    with transaction.atomic():
        account = actions.open_account(**form.fields_of_account(), at=at)
        plan = form.chosen_plan()
        if plan is not None:
            day = at.astimezone(ZoneInfo(account.time_zone)).date()
            subscribe(account=account, plan=plan, begins_on=day, by=by, at=at)
        if form.cleaned_data["email"]:
            actions.invite(
                email=form.cleaned_data["email"],
                name=form.cleaned_data["person"],
                by=by,
                at=at,
                account=account,
                role=Role.BG_ADMIN,
            )
    return account


def present(account: Account) -> dict[str, Any]:
    """What the form shows of an account, as it is in the database now."""
    fresh = Account.objects.get(pk=account.pk)
    limits = Limits.objects.filter(account=account).first()
    names = ("number", "client_id", "name", "time_zone", "country", "requires_mfa")
    values: dict[str, Any] = {name: getattr(fresh, name) for name in names}
    values["calls_out"] = limits.calls_out if limits else None
    values["prefixes"] = limits.prefixes if limits else None
    return shown(values)


def change(form: EditForm, account: Account) -> None:
    """Saves a valid form, where nobody else saved the account meanwhile; gateways are told.

    Raises PartChanged, and what the actions raise.
    """
    with transaction.atomic():
        lock_account(account.pk)
        form.unchanged(present(account))
        actions.edit_account(
            account=account,
            at=now(),
            requires_mfa=form.cleaned_data["requires_mfa"],
            **form.fields_of_account(),
        )
        own = Limits.objects.filter(account=account).first() or Limits()
        prefixes, calls_out = form.chosen_prefixes(), form.cleaned_data["calls_out"]
        if (prefixes, calls_out) != (own.prefixes, own.calls_out):
            set_limits(account=account, prefixes=prefixes, calls_out=calls_out)
    tell_gateways()


def usual_limits() -> dict[str, Any]:
    """What an account without limits of its own may call, and how many calls at once."""
    environment = settings.ENVIRONMENT
    return {"prefixes": list(environment.dial_prefixes), "calls_out": environment.calls_out}
