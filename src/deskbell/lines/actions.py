"""The only writes to trunks, phones and limits.

Those of an account need its tenancy scope; trunks belong to the deployment. Gateways ask every ten
seconds; `voice.client.reload` has them ask at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypedDict, Unpack

from django.conf import settings
from django.db import IntegrityError, transaction

from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.foundation.digest import ha1_of
from deskbell.foundation.errors import InvalidInput
from deskbell.foundation.numbers import to_e164
from deskbell.foundation.text import checked_text
from deskbell.foundation.trunks import read_network, read_peer, read_prefix
from deskbell.platform.changes import touch

from .errors import (
    PhoneNotFound,
    PhoneTaken,
    StaffPhoneNotFound,
    StaffPhoneTaken,
    TrunkNotFound,
    TrunkTaken,
)
from .models import Limits, Phone, StaffPhone, Trunk
from .rules import STAFF, checked_name, new_password, staff_username_of, username_of
from .vault import seal

CODECS = ("PCMU", "PCMA", "G722")
MAX_USERNAME = 128
MAX_PASSWORD = 256


class TrunkFields(TypedDict, total=False):
    """What can be changed of a trunk; an empty `password` forgets the one that is kept."""

    addresses: Sequence[str]
    outgoing: str
    prefixes: Sequence[str]
    username: str
    password: str
    registers: bool
    caller_id: str
    codecs: Sequence[str]


def add_trunk(
    *,
    name: str,
    at: datetime,
    addresses: Sequence[str] = (),
    outgoing: str = "",
    prefixes: Sequence[str] | None = None,
    username: str = "",
    password: str = "",
    registers: bool = False,
    caller_id: str = "",
    codecs: Sequence[str] = (),
) -> Trunk:
    """A new trunk; without `prefixes` it carries every number.

    Raises InvalidInput for what cannot be read or leads nowhere, TrunkTaken for a name in use.
    """
    if Trunk.objects.filter(name=name).exists():
        raise TrunkTaken(name)
    trunk = Trunk(name=checked_name(name, "trunk"), created_at=at)
    _set_trunk(
        trunk,
        {
            "addresses": addresses,
            "outgoing": outgoing,
            "prefixes": ("+",) if prefixes is None else prefixes,
            "username": username,
            "password": password,
            "registers": registers,
            "caller_id": caller_id,
            "codecs": codecs,
        },
    )
    try:
        with transaction.atomic():
            trunk.save(force_insert=True)
    except IntegrityError as error:
        raise TrunkTaken(name) from error
    return trunk


def edit_trunk(*, trunk: Trunk, **fields: Unpack[TrunkFields]) -> Trunk:
    """Changes the given fields and leaves the others; `trunk` is brought up to date.

    Its name stays, because logs and call records have it. A trunk without a user name keeps no
    password. Raises InvalidInput as `add_trunk` does, TrunkNotFound for one that is gone.
    """
    with transaction.atomic():
        hold_trunk(trunk)
        _set_trunk(trunk, fields)
        trunk.save()
    return trunk


def hold_trunk(trunk: Trunk) -> Trunk:
    """Locks the trunk's row and reads it again; needs a transaction. Raises TrunkNotFound."""
    try:
        trunk.refresh_from_db(from_queryset=Trunk.objects.select_for_update())
    except Trunk.DoesNotExist as error:
        raise TrunkNotFound(trunk.name) from error
    return trunk


def _set_trunk(trunk: Trunk, fields: TrunkFields) -> None:
    if "addresses" in fields:
        trunk.addresses = _all_read("addresses", fields["addresses"], _address)
    if "outgoing" in fields:
        read = _all_read("outgoing", [fields["outgoing"]] if fields["outgoing"] else [], _peer)
        trunk.outgoing = "".join(read)
    if "prefixes" in fields:
        trunk.prefixes = _all_read("prefixes", fields["prefixes"], read_prefix)
    if "codecs" in fields:
        trunk.codecs = _all_read("codecs", fields["codecs"], _codec)
    if "caller_id" in fields:
        shown = fields["caller_id"]
        if shown and not to_e164(shown):
            raise InvalidInput(f"{shown[:40]!r} is no telephone number", field="caller_id")
        trunk.caller_id = to_e164(shown) if shown else ""
    if "username" in fields:
        trunk.username = checked_text(fields["username"], field="username", most=MAX_USERNAME)
    if "password" in fields:
        password = checked_text(fields["password"], field="password", most=MAX_PASSWORD)
        trunk.sealed_password = seal(password)
    if not trunk.username:
        trunk.sealed_password = ""
    trunk.registers = fields.get("registers", trunk.registers)
    _check_leads_somewhere(trunk)


def _check_leads_somewhere(trunk: Trunk) -> None:
    if not trunk.addresses and not trunk.outgoing:
        raise InvalidInput(
            "A trunk needs addresses that calls come from, or an address that they go to"
        )
    if trunk.registers and not (trunk.outgoing and trunk.username):
        raise InvalidInput("To register, a trunk needs its address, a user name and a password")


def _all_read(field: str, texts: Sequence[str], read: Callable[[str], str]) -> list[str]:
    """The texts, each as it is kept. Raises InvalidInput that names the field."""
    try:
        return [read(each) for each in texts]
    except InvalidInput as error:
        raise InvalidInput(str(error), field=field) from error


def _address(text: str) -> str:
    read_network(text)
    return text


def _peer(text: str) -> str:
    return str(read_peer(text))


def _codec(text: str) -> str:
    if text not in CODECS:
        raise InvalidInput(f"{text[:20]!r} is none of {', '.join(CODECS)}")
    return text


def remove_trunk(*, name: str) -> None:
    """Takes a trunk away. Raises TrunkNotFound."""
    if not Trunk.objects.filter(name=name).delete()[0]:
        raise TrunkNotFound(name)


def add_phone(
    *,
    account: Account,
    name: str,
    at: datetime,
    number: PhoneNumber | None = None,
    password: str = "",
) -> tuple[Phone, str]:
    """A new phone and its password, which cannot be had again: only hashes of it are kept.

    It rings for `number`. Without `password` one of 100 bits is made. Raises InvalidInput for a
    name that cannot be, PhoneTaken for one in use.
    """
    username = username_of(account.number, checked_name(name, "phone"))
    if username.startswith(STAFF):
        raise InvalidInput(f"User names that begin with {STAFF} are the receptionists'")
    password = password or new_password()
    realm = settings.ENVIRONMENT.sip_domain
    hashes = ha1_of(username, realm, password)
    phone = Phone(
        account=account,
        name=name,
        username=username,
        number=number,
        realm=realm,
        ha1_md5=hashes["MD5"],
        ha1_sha256=hashes["SHA-256"],
        created_at=at,
    )
    try:
        with transaction.atomic():
            phone.save(force_insert=True)
            touch(account.pk)
    except IntegrityError as error:
        raise PhoneTaken(name) from error
    return phone, password


def remove_phone(*, account: Account, name: str) -> None:
    """Takes a phone away: it is asked for its password at its next call, and fails.

    Raises PhoneNotFound.
    """
    with transaction.atomic():
        found = Phone.objects.filter(account=account, name=name)
        if not found.delete()[0]:
            raise PhoneNotFound(name)
        touch(account.pk)


def add_staff_phone(
    *, user: User, name: str, at: datetime, password: str = ""
) -> tuple[StaffPhone, str]:
    """A new phone of a receptionist, and its password, as `add_phone`.

    It rings for every account's calls and makes none. Raises InvalidInput for a name that cannot
    be, or for somebody who is no staff, StaffPhoneTaken for a name in use.
    """
    if not user.is_staff_member:
        raise InvalidInput(f"{user.email} is no receptionist or operator", field="user")
    username = staff_username_of(checked_name(name, "phone"))
    password = password or new_password()
    realm = settings.ENVIRONMENT.sip_domain
    hashes = ha1_of(username, realm, password)
    phone = StaffPhone(
        user=user,
        name=name,
        username=username,
        realm=realm,
        ha1_md5=hashes["MD5"],
        ha1_sha256=hashes["SHA-256"],
        created_at=at,
    )
    try:
        with transaction.atomic():
            phone.save(force_insert=True)
    except IntegrityError as error:
        raise StaffPhoneTaken(name) from error
    return phone, password


def remove_staff_phone(*, name: str) -> None:
    """Takes a receptionist's phone away. Raises StaffPhoneNotFound."""
    if not StaffPhone.objects.filter(name=name).delete()[0]:
        raise StaffPhoneNotFound(name)


def set_limits(
    *, account: Account, prefixes: Sequence[str] | None, calls_out: int | None
) -> Limits:
    """What an account may call; None is what the deployment says. Raises InvalidInput."""
    checked = None if prefixes is None else [read_prefix(prefix) for prefix in prefixes]
    if calls_out is not None and calls_out < 0:
        raise InvalidInput("The number of calls is 0 or more", field="calls_out")
    with transaction.atomic():
        limits, _ = Limits.objects.update_or_create(
            account=account, defaults={"prefixes": checked, "calls_out": calls_out}
        )
        touch(account.pk)
    return limits
