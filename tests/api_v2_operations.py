"""Every operation of API v2, read from the API itself, and what it is asked with.

An operation without a row in `BODIES` takes no body; an address with a name that `World` does not
know fails, so that no operation can be missing from the sweep.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.test import Client

from deskbell.accounts.actions import add_number, make_api_token
from deskbell.accounts.models import Account, PhoneNumber
from deskbell.api.v2.auth import Scope
from deskbell.api.v2.service import api
from deskbell.calls.actions import begin, keep_recording
from deskbell.foundation.sids import new_sid
from deskbell.messages.actions import Taken, take
from deskbell.platform.tenancy import account_scope
from deskbell.webhooks.actions import send_test, subscribe
from tests.autoattendant import sound

BASE = "/api/v2"
JSON = "application/json"
TO_DO: dict[str, Any] = {
    "from": "+12125550142",
    "delivery_type": "sms",
    "contact": "+12125550177",
    "message_text": "Ring the bell",
    "schedule": {"frequency": "weekly", "times": ["9:00 AM"], "days": ["Monday"]},
}
HOOK: dict[str, Any] = {"url": "https://example.com/hook", "events": ["message.taken"]}
BODIES: dict[str, Callable[[str], dict[str, Any]]] = {
    "POST /to_dos": lambda number: {"account_number": number, **TO_DO},
    "POST /to-dos": lambda number: {"account_number": number, **TO_DO},
    "POST /webhooks": lambda _: HOOK,
    "PATCH /webhooks/{webhook_id}": lambda _: {"events": ["message.taken"]},
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address, the scope it needs, and how it answers a bad token."""

    method: str
    path: str
    scope: str
    refusal: int
    takes_body: bool
    allowed: frozenset[str]

    @property
    def name(self) -> str:
        """As `POST /to_dos`."""
        return f"{self.method} {self.path}"

    @property
    def names_something(self) -> bool:
        """Whether its address names something of an account's."""
        return "{" in self.path

    def url(self, ids: Mapping[str, Any]) -> str:
        """Its address with the ids put in. Raises KeyError for a name that is not known."""
        return BASE + re.sub(r"\{(\w+)\}", lambda name: str(ids[name.group(1)]), self.path)

    def ask(self, client: Client, ids: Mapping[str, Any], **other: Any) -> Any:
        """Asks it as it is meant to be asked; `data` and `content_type` may be others."""
        if self.takes_body:
            other.setdefault("data", BODIES[self.name](ids["account_number"]))
            other.setdefault("content_type", JSON)
        return getattr(client, self.method.lower())(self.url(ids), **other)


def _operations() -> list[Operation]:
    found = []
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            allowed = frozenset(method for each in view.operations for method in each.methods)
            for each in view.operations:
                auth: Any = each.auth_callbacks[0]
                takes = any(model.__ninja_param_source__ == "body" for model in each.models)
                found += [
                    Operation(method, path, auth.scope, auth.refusal.status, takes, allowed)
                    for method in each.methods
                ]
    return found


OPERATIONS = _operations()
BY_NAME = {each.name: each for each in OPERATIONS}


FAKE = {
    "account_number": "W0411",
    "message_id": 1,
    "recording_id": 1,
    "to_do_id": 1,
    "webhook_id": 1,
    "notice_id": "8895c21e-8c3a-48e2-80dd-03acf32705fd",
}


def client_of(account: Account, at: datetime, *scopes: str) -> Client:
    """A program with a new token of the account's, for everything by default."""
    token = make_api_token(
        account=account, name="CRM", scopes=scopes or [str(each) for each in Scope], at=at
    )
    return Client(headers={"Authorization": f"Bearer {token}"})


def ids_of(account: Account, at: datetime) -> dict[str, Any]:
    """One of each thing that addresses name, made in the account."""
    with account_scope(account.pk):
        line: PhoneNumber = add_number(account=account, number=TO_DO["from"], at=at)
        message = take(account_id=account.pk, taken=Taken(content="Ring"), at=at)
        call = begin(
            account_id=account.pk,
            sid=new_sid("CA"),
            number=line,
            caller_id="+12125550177",
            caller_name="",
            dialled=line.number,
            at=at,
        )
        recording = keep_recording(
            sid=new_sid("RE"), call_sid=call.sid, wav=sound(), seconds=0.2, at=at
        )
        hook, _ = subscribe(
            account_id=account.pk, url=HOOK["url"], events=HOOK["events"], by="alice", at=at
        )
        notice = send_test(subscription=hook, at=at)
    asked = BY_NAME["POST /to_dos"].ask(client_of(account, at), FAKE)
    assert asked.status_code == 201, asked.content
    return {
        "account_number": account.number,
        "message_id": message.pk,
        "recording_id": recording.pk,
        "to_do_id": asked.json()["data"]["to_do"]["id"],
        "webhook_id": hook.pk,
        "notice_id": notice.uuid,
    }
