"""What only the large demo has: hundreds of small accounts, and years' worth of an audit log.

The small ones are there to be searched, sorted and paged through; each has a number, somebody who
was added and never signed in, and a few messages. alice works in some of them, so that her list of
accounts is one to search, too.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import product
from typing import Final

from django.db import connection, transaction

from deskbell.accounts import actions as accounts
from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.audit.models import Door, Entry
from deskbell.messages.actions import fold_tallies
from deskbell.messages.models import Activity, ActivityKind, Message, MessageStatus
from deskbell.platform.tenancy import account_scope, system_scope

from .cast import ACME, ALICE, CALLERS

Tell = Callable[[str], None]
CLIENTS: Final = 400
ENTRIES: Final = 30_000
MESSAGES_OF_A_CLIENT: Final = 12
ALICES: Final = 40  # accounts that she works in
_FIRST_NUMBER: Final = 1001
_DAYS: Final = 150
_PLACES: Final = (
    "Harbor", "Maple", "Summit", "River", "Cedar", "Lakeside", "Prairie", "Granite", "Willow",
    "Canyon", "Meadow", "Sunset", "Northside", "Orchard", "Bayview", "Pine Street", "Stonebridge",
    "Clearwater", "Highland", "Valley",
)  # fmt: skip
_TRADES: Final = (
    ("Dental", "America/New_York"),
    ("Plumbing", "America/Chicago"),
    ("Law Office", "America/Denver"),
    ("Veterinary", "America/Los_Angeles"),
    ("Heating and Air", "America/Phoenix"),
    ("Property Management", "America/New_York"),
    ("Roofing", "America/Chicago"),
    ("Family Medicine", "America/Los_Angeles"),
    ("Insurance", "America/New_York"),
    ("Locksmiths", "America/Chicago"),
    ("Accounting", "America/Denver"),
    ("Catering", "America/Los_Angeles"),
    ("Driving School", "America/New_York"),
    ("Physiotherapy", "America/Chicago"),
    ("Movers", "America/Phoenix"),
    ("Electric", "America/New_York"),
    ("Landscaping", "America/Los_Angeles"),
    ("Eye Care", "America/Chicago"),
    ("Home Care", "America/New_York"),
    ("Auto Repair", "America/Denver"),
)
_AREAS: Final = ("206", "305", "410", "512", "602", "614", "714", "801", "916")
_ACTS: Final = (
    ("messages:acknowledge", "Acknowledged a message"),
    ("messages:note", "Added a note to a message"),
    ("oncall:event", "Changed an event of the calendar"),
    ("recordings:audio", "Heard a recording"),
    ("messages:export", "Exported messages"),
)


def add_clients(*, at: datetime, tell: Tell) -> int:
    """Opens the small accounts that are missing and writes alice's audit log; how many were made.

    Works across accounts.
    """
    known = set(Account.objects.values_list("number", flat=True))
    missing = [each for each in _clients() if each[0] not in known]
    if not missing:
        return 0
    tell(f"Making {len(missing)} small accounts …")
    alice = User.objects.get(email=ALICE.email)
    chance = random.Random(CLIENTS)  # noqa: S311 the same demo every time
    with transaction.atomic():
        for place, (number, name, zone) in enumerate(missing):
            account = _open(number, name, zone, place, at)
            if place < ALICES:
                accounts.join(user=alice, account=account)
            with account_scope(account.pk):
                _write_messages(account, chance, at)
        with system_scope("the demo's audit log"):
            Entry.objects.bulk_create(_entries(alice, chance, at), batch_size=2000)
    return len(missing)


def _clients() -> Iterator[tuple[str, str, str]]:
    """Number, name and time zone of each small account."""
    named = product(_PLACES, _TRADES)
    for place, (where, (trade, zone)) in enumerate(named):
        if place < CLIENTS:
            yield f"W{_FIRST_NUMBER + place}", f"{where} {trade}", zone


def _open(number: str, name: str, zone: str, place: int, at: datetime) -> Account:
    account = accounts.open_account(
        number=number, client_id=str(80_000 + place), name=name, time_zone=zone, at=at
    )
    office = f"office@{name.lower().replace(' ', '-')}.example"
    person = accounts.add_user(email=office, name=f"{name} office", password=None, at=at)
    accounts.join(user=person, account=account, role="BG_ADMIN")
    with account_scope(account.pk):
        accounts.add_number(
            account=account,
            number=f"+1{_AREAS[place // 100]}5550{100 + place % 100}",
            company_name=name,
            at=at,
            by=office,
        )
    return account


def _write_messages(account: Account, chance: random.Random, at: datetime) -> None:
    number = PhoneNumber.objects.get()
    written = [_message(account, number, chance, at) for _ in range(MESSAGES_OF_A_CLIENT)]
    Message.objects.bulk_create(sorted(written, key=lambda each: each.created_at))
    Activity.objects.bulk_create(
        Activity(
            account=account,
            message=each,
            at=each.created_at,
            kind=ActivityKind.TAKEN,
            text="Message taken",
        )
        for each in written
    )


def _message(account: Account, number: PhoneNumber, chance: random.Random, at: datetime) -> Message:
    taken = at - timedelta(minutes=chance.randint(1, _DAYS * 24 * 60))
    caller = chance.choice(CALLERS)
    is_open = chance.random() < 0.1
    return Message(
        account=account,
        uuid=uuid.UUID(int=chance.getrandbits(128), version=4),
        created_at=taken,
        updated_at=taken,
        message_received_date=taken,
        status=MessageStatus.DELIVERED if is_open else MessageStatus.ACKNOWLEDGED,
        acknowledged_at=None if is_open else taken,
        phone_number=number.number,
        did=number,
        caller_id=caller.phone,
        first_name=caller.first_name,
        last_name=caller.last_name,
        company_name=caller.company,
        phone=caller.phone,
        content="Would like a call back today.",
        origin="voicemail",
        activities_count=1,
    )


def _entries(alice: User, chance: random.Random, at: datetime) -> Iterator[Entry]:
    account = Account.objects.get(number=ACME.number)
    for place in range(ENTRIES, 0, -1):
        act, words = chance.choice(_ACTS)
        yield Entry(
            account=account,
            at=at - timedelta(days=_DAYS) * place / ENTRIES,
            door=Door.PORTAL,
            act=act,
            words=words,
            subject=f"Message {chance.randint(1, ENTRIES)}",
            who=alice,
            who_name=alice.email,
            address="192.0.2.1",
        )


def tidy() -> None:
    """Adds up what tabs count and has PostgreSQL look at its tables, rather than in its own time.

    Not inside a transaction.
    """
    fold_tallies()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
