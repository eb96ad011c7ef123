"""Verifies a delivery method by a code that is sent there and typed in.

Six digits, good for ten minutes and five guesses, one a minute. Kept as an HMAC with the
deployment's key, and made in the job that sends it, so that it stands nowhere in clear. Codes cost
money and reach people who did not ask for them, so there are few an hour: for an account, and to
one address from all accounts together, however often a method is deleted and added again.
"""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timedelta
from typing import Final

from django.core.cache import cache
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from deskbell.accounts.locks import lock_account
from deskbell.contacts.models import DeliveryMethod
from deskbell.foundation.errors import InvalidInput
from deskbell.platform.changes import touch
from deskbell.platform.jobs import enqueue
from deskbell.platform.tenancy import system_scope

from .models import SentCode
from .notes import carry, note_of
from .registry import transport_of
from .transport import Fate

GOOD_FOR: Final = timedelta(minutes=10)
BETWEEN: Final = timedelta(minutes=1)
MOST_TRIES: Final = 5
SPAN: Final = timedelta(hours=1)
MOST_OF_ACCOUNT: Final = 30
MOST_TO_ADDRESS: Final = 5
_SALT = "deskbell.delivery.verification"


def send_code(*, method: DeliveryMethod, at: datetime) -> None:
    """Has a fresh code sent to the method, by a job.

    Raises InvalidInput within a minute of the last one, and where the account, or all of them to
    this address, had as many sent within the hour as there may be.
    """
    from .jobs import send_code as job  # which runs this very module

    with transaction.atomic():
        lock_account(method.account_id)
        locked = _locked(method)
        if locked.code_sent_at and at < locked.code_sent_at + BETWEEN:
            wait = (locked.code_sent_at + BETWEEN - at).total_seconds()
            raise InvalidInput(f"A code was just sent; wait {wait:.0f} s for another", field="code")
        _count(locked, at)
        locked.code_hash, locked.code_sent_at, locked.code_tries = "", at, 0
        locked.save(update_fields=["code_hash", "code_sent_at", "code_tries"])
        cache.delete(_key(locked.pk))
        enqueue(job, account_id=locked.account_id, method_id=locked.pk)


def confirm(*, method: DeliveryMethod, code: str, at: datetime) -> bool:
    """Whether the code is the one that was sent; then the method is verified `at`.

    Raises InvalidInput, in words, where no code is good any more.
    """
    with transaction.atomic():
        locked = _locked(method)
        if not locked.code_hash or not locked.code_sent_at:
            raise InvalidInput("No code is on its way; have one sent", field="code")
        if at >= locked.code_sent_at + GOOD_FOR:
            raise InvalidInput("This code has expired; have a fresh one sent", field="code")
        if locked.code_tries >= MOST_TRIES:
            raise InvalidInput("Too many wrong codes; have a fresh one sent", field="code")
        given = "".join(code.split())
        if not constant_time_compare(locked.code_hash, _hash(locked.pk, given)):
            locked.code_tries += 1
            locked.save(update_fields=["code_tries"])
            return False
        locked.code_hash, locked.code_tries, locked.verified_at = "", 0, at
        locked.save(update_fields=["code_hash", "code_tries", "verified_at"])
        touch(locked.account_id)
    method.verified_at = at
    return True


def trouble(method: DeliveryMethod) -> str:
    """Why the last code did not go out, in words; empty where nothing is known to be wrong."""
    return str(cache.get(_key(method.pk), ""))


def carry_code(*, method_id: int, at: datetime) -> None:
    """Makes a code and sends it, in the account's scope; a failure is kept for `trouble`."""
    method = DeliveryMethod.objects.select_related("account").filter(pk=method_id).first()
    if method is None:
        return
    code = f"{secrets.randbelow(10**6):06d}"
    DeliveryMethod.objects.filter(pk=method_id).update(
        code_hash=_hash(method_id, code), code_sent_at=at, code_tries=0
    )
    note = note_of(
        key=str(uuid.uuid4()),
        kind=method.kind,
        address=method.address,
        title=f"{code} is your code",
        text=f"{code} is your code to verify this address for {method.account.name}. "
        "It is good for 10 minutes. If you did not ask for it, do nothing.",
        account_id=method.account_id,
        at=at,
    )
    outcome = carry(note, transport_of(method.kind))
    if outcome.fate in {Fate.PASSING, Fate.LASTING, Fate.UNANSWERED}:
        cache.set(_key(method_id), outcome.words, GOOD_FOR.total_seconds())


def _count(method: DeliveryMethod, at: datetime) -> None:
    """Keeps that a code is sent, and forgets those of over an hour ago. Raises InvalidInput."""
    with system_scope("an address gets few codes, from however many accounts"):
        SentCode.objects.filter(sent_at__lte=at - SPAN).delete()
        to_address = SentCode.objects.filter(kind=method.kind, address=method.address).count()
        of_account = SentCode.objects.filter(account=method.account_id).count()
    if to_address >= MOST_TO_ADDRESS:
        words = f"{MOST_TO_ADDRESS} codes were sent there within the hour; wait for the next"
        raise InvalidInput(words, field="code")
    if of_account >= MOST_OF_ACCOUNT:
        words = f"The account had {MOST_OF_ACCOUNT} codes sent within the hour; wait for the next"
        raise InvalidInput(words, field="code")
    SentCode.objects.create(
        account_id=method.account_id, kind=method.kind, address=method.address, sent_at=at
    )


def _locked(method: DeliveryMethod) -> DeliveryMethod:
    return DeliveryMethod.objects.select_for_update(no_key=True).get(pk=method.pk)


def _hash(method_id: int, code: str) -> str:
    return salted_hmac(_SALT, f"{method_id}:{code}", algorithm="sha256").hexdigest()


def _key(method_id: int) -> str:
    return f"delivery.verification.{method_id}"
