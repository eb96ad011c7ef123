"""`trunk`, `phone` and `limits`: how calls come and go, and what accounts may call."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Iterable

from django.conf import settings

from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.accounts.queries import numbers_written
from deskbell.foundation import clock
from deskbell.foundation.errors import InvalidInput, NotFound
from deskbell.lines import actions
from deskbell.lines.gateways import tell_gateways
from deskbell.lines.models import Limits, Phone, StaffPhone, Trunk
from deskbell.platform.tenancy import account_scope, system_scope

from .accounts import account_named


def trunk(chosen: argparse.Namespace) -> int:
    """Adds, lists or removes a trunk; its password is asked for, or read from standard input.

    Raises what `lines.actions` raises.
    """
    if chosen.action == "add":
        actions.add_trunk(
            name=chosen.name,
            at=clock.now(),
            addresses=chosen.addresses,
            outgoing=chosen.outgoing,
            prefixes=chosen.prefixes or None,
            username=chosen.username,
            password=_password(chosen.name) if chosen.username else "",
            registers=chosen.register,
            caller_id=chosen.caller_id,
            codecs=[codec.upper() for codec in chosen.codecs],
        )
        sys.stdout.write(f"Trunk {chosen.name} is added\n")
        tell_gateways()
    elif chosen.action == "remove":
        actions.remove_trunk(name=chosen.name)
        tell_gateways()
    else:
        _say(_trunk_words(each) for each in Trunk.objects.order_by("name"))
    return 0


def phone(chosen: argparse.Namespace) -> int:
    """Adds, lists or removes a phone of an account, or of a receptionist's.

    Prints a new one's password, this once. Raises what `lines.actions` raises, NotFound for a
    number that the account has not, and for nobody's email address.
    """
    if chosen.action in {"add-staff", "remove-staff"}:
        _staff_phone(chosen)
        return 0
    if chosen.action == "list" and not chosen.account:
        with system_scope("the operator lists all phones"):
            _say(_phone_words(each) for each in _phones())
        staff = StaffPhone.objects.select_related("user").order_by("username")
        _say(f"{each.username:<24} {'staff':<8} {each.user.email}" for each in staff)
        return 0
    account = account_named(chosen.account)
    with account_scope(account.pk):
        if chosen.action == "add":
            number = _number(account, chosen.number) if chosen.number else None
            made, password = actions.add_phone(
                account=account, name=chosen.name, number=number, at=clock.now()
            )
            sys.stdout.write(_settings(made, password))
            sys.stderr.write("Note the password now: only its hashes are kept.\n")
        elif chosen.action == "remove":
            actions.remove_phone(account=account, name=chosen.name)
        else:
            _say(_phone_words(each) for each in _phones())
            return 0
    tell_gateways()
    return 0


def _staff_phone(chosen: argparse.Namespace) -> None:
    if chosen.action == "add-staff":
        user = User.objects.with_email(chosen.user)
        if user is None:
            raise NotFound(f"nobody signs in as {chosen.user}")
        made, password = actions.add_staff_phone(user=user, name=chosen.name, at=clock.now())
        sys.stdout.write(_settings(made, password))
        sys.stderr.write("Note the password now: only its hashes are kept.\n")
    else:
        actions.remove_staff_phone(name=chosen.name)
    tell_gateways()


def limits(chosen: argparse.Namespace) -> int:
    """Prints what an account may call, after setting it where the options say so."""
    account = account_named(chosen.account)
    environment = settings.ENVIRONMENT
    with account_scope(account.pk):
        now = Limits.objects.filter(account=account).first() or Limits(account=account)
        if chosen.default:
            now = actions.set_limits(account=account, prefixes=None, calls_out=None)
        elif chosen.prefixes is not None or chosen.calls is not None:
            now = actions.set_limits(
                account=account,
                prefixes=now.prefixes if chosen.prefixes is None else _listed(chosen.prefixes),
                calls_out=now.calls_out if chosen.calls is None else chosen.calls,
            )
    prefixes = environment.dial_prefixes if now.prefixes is None else now.prefixes
    calls = environment.calls_out if now.calls_out is None else now.calls_out
    sys.stdout.write(
        f"{account.number} may call numbers that begin with {', '.join(prefixes) or 'nothing'}, "
        f"{calls} at once\n"
    )
    tell_gateways()
    return 0


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _password(name: str) -> str:
    if sys.stdin.isatty():
        found = getpass.getpass(f"Password of trunk {name}: ")
    else:
        found = sys.stdin.readline().rstrip("\n")
    if not found:
        raise InvalidInput("a trunk with a user name needs a password, on standard input")
    return found


def _number(account: Account, written: str) -> PhoneNumber:
    found = numbers_written(account, [written]).get(written)
    if found is None:
        raise NotFound(f"{account.number} has no number or extension {written}")
    return found


def _phones() -> list[Phone]:
    return list(Phone.objects.select_related("account", "number").order_by("username"))


def _settings(phone: Phone | StaffPhone, password: str) -> str:
    """What is typed into a phone."""
    environment = settings.ENVIRONMENT
    return f"server    {environment.sip}\nuser name {phone.username}\npassword  {password}\n"


def _phone_words(phone: Phone) -> str:
    number = phone.number
    rings = f"{number.extension} {number.number}".strip() if number else "no number"
    return f"{phone.username:<24} {phone.account.number:<8} {rings}"


def _trunk_words(trunk: Trunk) -> str:
    parts = [f"{trunk.name:<16}"]
    if trunk.addresses:
        parts.append(f"from {', '.join(trunk.addresses)}")
    if trunk.outgoing:
        parts.append(f"to {trunk.outgoing} for {', '.join(trunk.prefixes)}")
    if trunk.username:
        parts.append(f"{'registers' if trunk.registers else 'signs in'} as {trunk.username}")
    return "  ".join(parts)


def _say(lines: Iterable[str]) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)
