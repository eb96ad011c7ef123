"""Reads of trunks, phones and limits, and all of them as gateways are told."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.foundation.errors import NotFound
from deskbell.foundation.numbers import national_digits, to_e164
from deskbell.foundation.sids import is_sid
from deskbell.foundation.tolls import allowed_by
from deskbell.platform.tenancy import system_scope

from .models import Limits, Phone, StaffPhone, Trunk
from .rules import gateway_sid, own_sid
from .vault import Sealed, unseal

log = logging.getLogger(__name__)


def account_of(gateway_sid: str) -> Account:
    """The account that a gateway knows by its `AC…` sid. Raises NotFound."""
    found = None
    if is_sid(gateway_sid, "AC"):
        found = Account.objects.filter(sid=own_sid(gateway_sid)).first()
    if found is None:
        raise NotFound(f"There is no account {gateway_sid[:40]!r}")
    return found


def phone_called(username: str) -> Phone:
    """The phone that registers as `username`, of any account, with account and number.

    Enters a system scope: a gateway names a phone by its user name alone. Raises NotFound.
    """
    with system_scope("a gateway names a phone by its user name alone"):
        rows = Phone.objects.select_related("account", "number")
        found = rows.filter(username=username).first()
    if found is None:
        raise NotFound(f"There is no phone {username[:64]!r}")
    return found


def may_call(account: Account, e164: str) -> bool:
    """Whether an account's limits let it call a number (E.164). Needs the account's scope."""
    return allowed_by(_prefixes(_limits_of(account)), e164)


@dataclass(frozen=True, slots=True)
class Reach:
    """Of some telephones those that an account may not call, and those that nothing leads to.

    `goes_out` is whether any trunk takes calls out.
    """

    forbidden: frozenset[str]
    uncarried: frozenset[str]
    goes_out: bool


def reach_of(account: Account, numbers: Iterable[str]) -> Reach:
    """Which of `numbers`, as they are written, cannot be called; three queries.

    One that a SIP phone of the account rings for always can; one that is no telephone number is in
    neither set. Needs the account's scope, or a system scope.
    """
    prefixes = _prefixes(_limits_of(account))
    trunks = Trunk.objects.exclude(outgoing="").values_list("prefixes", flat=True)
    carried = [prefix for each in trunks for prefix in each]
    own = Phone.objects.filter(account=account).exclude(number=None)
    ringing = set(own.values_list("number__digits", flat=True))
    written = {number: to_e164(number, region=account.country) for number in numbers}
    away = {
        number: e164
        for number, e164 in written.items()
        if e164 and national_digits(e164) not in ringing
    }
    forbidden = frozenset(n for n, e164 in away.items() if not allowed_by(prefixes, e164))
    uncarried = {n for n, e164 in away.items() if not any(map(e164.startswith, carried))}
    return Reach(forbidden, frozenset(uncarried) - forbidden, goes_out=bool(carried))


def _limits_of(account: Account) -> Limits | None:
    return Limits.objects.filter(account=account).first()


def _prefixes(limits: Limits | None) -> list[str]:
    if limits is None or limits.prefixes is None:
        return list(settings.ENVIRONMENT.dial_prefixes)
    return list(limits.prefixes)


def for_gateways() -> dict[str, Any]:
    """Trunks, phones and limits of all accounts, as `GET /voice/config` says them; six queries.

    Needs a system scope. The trunk `local` is `DESKBELL_TRUNKS`. Receptionists' phones are the
    deployment's own account's, whose calls only the gateway's capacity limits.
    """
    environment = settings.ENVIRONMENT
    local = {"name": "local", "addresses": list(environment.trunks)}
    return {
        "realm": environment.sip_domain,
        "trunks": [local, *(_trunk(trunk) for trunk in Trunk.objects.order_by("name"))],
        "phones": [
            *(_phone(phone) for phone in _phones()),
            *(_staff_phone(phone) for phone in StaffPhone.objects.order_by("username")),
        ],
        "limits": {
            "prefixes": list(environment.dial_prefixes),
            "calls_out": environment.calls_out,
        },
        "accounts": _accounts(),
        "proxy": environment.sip_proxy,
        "sip_hosts": list(environment.sip_hosts),
    }


def _trunk(trunk: Trunk) -> dict[str, Any]:
    try:
        password = unseal(trunk.sealed_password)
    except Sealed as error:
        log.warning("trunk %s has no password: %s", trunk.name, error)
        password = ""
    return {
        "name": trunk.name,
        "addresses": trunk.addresses,
        "outgoing": trunk.outgoing,
        "prefixes": trunk.prefixes,
        "username": trunk.username,
        "password": password,
        "registers": trunk.registers,
        "caller_id": trunk.caller_id,
        "codecs": trunk.codecs,
    }


def _phones() -> Any:
    return Phone.objects.select_related("account", "number").order_by("username")


def _phone(phone: Phone) -> dict[str, Any]:
    number = phone.number
    numbers = [number.e164 or number.number, number.extension] if number else []
    return _told(phone, gateway_sid(phone.account.sid), [each for each in numbers if each])


def _staff_phone(phone: StaffPhone) -> dict[str, Any]:
    return _told(phone, settings.ENVIRONMENT.secrets.account_sid, ()) | {"staff": True}


def _told(phone: Phone | StaffPhone, account: str, numbers: Sequence[str]) -> dict[str, Any]:
    return {
        "username": phone.username,
        "name": phone.name,
        "account": account,
        "realm": phone.realm,
        "ha1": {"MD5": phone.ha1_md5, "SHA-256": phone.ha1_sha256},
        "numbers": list(numbers),
    }


def _accounts() -> dict[str, Any]:
    """Limits and the numbers that may be shown, by `AC…` sid."""
    environment = settings.ENVIRONMENT
    limits = {row.account_id: row for row in Limits.objects.all()}
    numbers: dict[int, list[str]] = defaultdict(list)
    first: dict[int, str] = {}
    rows = PhoneNumber.objects.order_by("pk")
    for account_id, e164, number, is_extension, extension in rows.values_list(
        "account_id", "e164", "number", "is_extension", "extension"
    ):
        shown = e164 or number
        numbers[account_id] += [shown, extension] if extension else [shown]
        if not is_extension:
            first.setdefault(account_id, shown)
    found = {
        environment.secrets.account_sid: {
            "prefixes": list(environment.dial_prefixes),
            "calls_out": environment.max_calls,
            "caller_id": "",
            "numbers": [],
        }
    }
    for pk, sid in Account.objects.order_by("pk").values_list("pk", "sid"):
        own = limits.get(pk)
        most = environment.calls_out if own is None or own.calls_out is None else own.calls_out
        found[gateway_sid(sid)] = {
            "prefixes": _prefixes(own),
            "calls_out": most,
            "caller_id": first.get(pk, ""),
            "numbers": numbers[pk],
        }
    return found
