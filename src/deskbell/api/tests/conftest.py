"""A gateway that signs as ours does, and a system that its calls meet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from deskbell.foundation.environment import environment
from deskbell.foundation.signing import HEADER, sign, with_body_hash

if TYPE_CHECKING:
    from deskbell.accounts.models import Account, PhoneNumber, User
    from deskbell.attendant.models import System
    from deskbell.desk.models import Receptionist

FORM = "application/x-www-form-urlencoded"


class Gateway:
    """Signed requests by Django's test client, as a gateway sends them."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        self.web = environment().web_url

    def post(self, path: str, fields: Mapping[str, str], signature: str | None = None) -> Any:
        """A signed form; `path` may be a whole URL of ours."""
        path = path.removeprefix(self.web)
        signed = sign(environment().secrets.voice, self.web + path, fields)
        return self.client.post(
            path,
            urlencode(fields),
            content_type=FORM,
            headers={HEADER: signed if signature is None else signature},
        )

    def get(self, path: str, **headers: str) -> Any:
        """A signed GET."""
        signed = sign(environment().secrets.voice, self.web + path)
        return self.client.get(path, headers={HEADER: signed} | headers)

    def put(self, path: str, body: bytes) -> Any:
        """A signed PUT with the body's hash in the query."""
        url = with_body_hash(self.web + path, body)
        signed = sign(environment().secrets.voice, url)
        return self.client.put(
            url.removeprefix(self.web), body, content_type="audio/wav", headers={HEADER: signed}
        )


@pytest.fixture
def gateway(db: None) -> Gateway:
    return Gateway()


@pytest.fixture
def system(acme: Account, acme_number: PhoneNumber, at: datetime) -> System:
    """Acme's attendant, open day and night: 1 hours, 2 voicemail, 9 back to the start."""
    from deskbell.attendant import actions
    from deskbell.attendant.rules import WeekSpan
    from deskbell.platform.tenancy import account_scope

    with account_scope(acme.pk):
        system = actions.add_system(account=acme, name="Front desk", at=at)
        hours = actions.add_announcement(account=acme, name="Hours", body="Nine to five", at=at)
        welcome = actions.add_announcement(account=acme, name="Hi", body="Press 2", at=at)
        hours.prompt = actions.keep_prompt(b"\x7f" * 800)
        hours.save()
        menu = actions.add_menu(
            system=system,
            name="Main",
            announcement=welcome,
            at=at,
            keys=[
                {
                    "menuKey": "1",
                    "menuAction": {"actionType": "ANNOUNCEMENT_RETURN", "actionData": hours.sid},
                },
                {"menuKey": "2", "menuAction": {"actionType": "VOICEMAIL"}},
            ],
        )
        week = [WeekSpan(menu.sid, day, time(0), time(0)) for day in range(1, 8)]
        actions.set_weekly_schedule(system=system, entries=week, at=at)
        actions.assign_number(system=system, phone_number=acme_number, at=at)
    return system


@pytest.fixture
def reception(system: System, at: datetime) -> System:
    """Key 5 of Acme's menu leads to a receptionist."""
    from deskbell.attendant import actions
    from deskbell.attendant.models import Menu
    from deskbell.platform.tenancy import account_scope

    with account_scope(system.account_id):
        menu = Menu.objects.get(system=system)
        keys = [{"menuKey": "5", "menuAction": {"actionType": "TRANSFER_TO_RECEPTIONIST"}}]
        actions.edit_menu(menu=menu, at=at, keys=[*menu.keys, *keys])
    return system


@pytest.fixture
def rita_desk(rita: User, at: datetime) -> Receptionist:
    """rita is on duty, by an ordinary telephone."""
    from deskbell.desk.actions import go_available
    from deskbell.desk.actions.staffing import add_receptionist

    made = add_receptionist(user=rita, phone="+12125550160", skills=[], at=at)
    return go_available(receptionist=made, at=at)


@pytest.fixture
def fresh_process() -> Callable[[], AbstractContextManager[None]]:
    """A context in which nothing is remembered from before, as after a restart."""

    @contextmanager
    def forgotten() -> Iterator[None]:
        from deskbell.attendant.configuration import configuration

        configuration.cache_clear()
        yield

    return forgotten
