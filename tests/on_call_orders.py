"""What the clerk of `tests.on_call` does in the demo's database; loaded where Django is set up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from deskbell.accounts.models import Account
from deskbell.contacts.actions import add_contact
from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery.actions import add_checked_method, recover
from deskbell.delivery.models import Delivery
from deskbell.foundation.clock import now
from deskbell.lines.actions import add_phone
from deskbell.messages.actions import Taken, take
from deskbell.oncall.actions import add_event, add_level
from deskbell.oncall.models import EscalationLevel
from deskbell.platform.tenancy import account_scope, system_scope
from deskbell.todos.actions import Fields, add_to_do
from deskbell.voice.client import reload
from tests.on_call import CALLER

HOUR = 3600
People = Sequence[dict[str, str]]


def level(*, name: str, people: People, then: People, repeat: int) -> dict[str, str]:
    """Makes a level, and one after it where `then` says who is there; passwords by user name.

    The gateway reads of the phones now.
    """
    passwords: dict[str, str] = {}
    with system_scope("a journey names its account"):
        account = Account.objects.get(number="W0411")
    with account_scope(account.pk):
        following = _level(account, f"After {name}", then, passwords) if then else None
        _level(
            account,
            name,
            people,
            passwords,
            repeat=repeat,
            repeat_seconds=1,
            next_level=following,
        )
    for url in settings.ENVIRONMENT.voice_urls:
        reload(url, settings.ENVIRONMENT.secrets.voice)
    return passwords


def message(*, level: str, content: str, is_emergency: bool) -> int:
    """Takes a message; its id."""
    with system_scope("a journey names its account"):
        found = EscalationLevel.objects.get(account__number="W0411", name=level)
    with account_scope(found.account_id):
        taken = Taken(
            content=content,
            phone=CALLER,
            escalation_level_id=found.pk,
            is_emergency=is_emergency,
        )
        return take(account_id=found.account_id, taken=taken, at=now()).pk


def to_do(*, contact: str, instructions: str) -> int:
    """Makes a To Do that calls at once; its id."""
    with system_scope("a journey names its account"):
        account = Account.objects.get(number="W0411")
    with account_scope(account.pk):
        fields = Fields("call", contact, instructions=instructions)
        schedule = {"rule": "immediately"}
        return add_to_do(account_id=account.pk, fields=fields, when=schedule, at=now()).pk


def forget(*, message: int) -> int:
    """Nobody has heard of the message's calls until their deadline; how many that were."""
    at = now()
    with system_scope("a journey lets time pass"):
        waiting = Delivery.objects.filter(message_id=message, deadline_at__gt=at)
        waiting.update(deadline_at=at - timedelta(seconds=1))
    return recover(at)


def _level(
    account: Account, name: str, people: People, passwords: dict[str, str], **options: Any
) -> EscalationLevel:
    at = now()
    made = add_level(account_id=account.pk, name=name, at=at, wait_seconds=HOUR, **options)
    today = datetime.combine(at.date() - timedelta(days=1), datetime.min.time())
    add_event(
        level=made,
        methods=[_method(account, each, passwords) for each in people],
        starts=today,
        ends=today + timedelta(hours=23, minutes=59),
        frequency="daily",
        at=at,
    )
    return made


def _method(account: Account, person: dict[str, str], passwords: dict[str, str]) -> DeliveryMethod:
    at = now()
    phone, password = add_phone(account=account, name=person["phone"], at=at)
    passwords[phone.username] = password
    contact = add_contact(account_id=account.pk, name=person["name"], at=at)
    return add_checked_method(
        contact=contact,
        kind="call",
        address=phone.username,
        instructions=person["instructions"],
        at=at,
        verified_at=at,
    )
