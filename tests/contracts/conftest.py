"""People who call the Auto Attendant API, each with a token; alice with something in hers."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # loaded before Django is set up
    from deskbell.accounts.models import Account, PhoneNumber, User
    from tests.autoattendant import Api
    from tests.world import World

CallAs = Callable[["User | None"], "Api"]


@pytest.fixture
def call_as(at: datetime, monkeypatch: pytest.MonkeyPatch) -> CallAs:
    """`call_as(alice)` is a client with a new token of alice's.

    No answer waits for speech, and nobody asks too often.
    """
    from deskbell.api.autoattendant.auth import LIMITER
    from tests.autoattendant import Api

    monkeypatch.setattr(LIMITER, "burst", 1_000_000)

    monkeypatch.setattr("deskbell.api.autoattendant.announcements.PATIENCE", 0.0)
    return lambda user: Api(user, at)


@pytest.fixture
def no_log() -> Iterator[None]:
    """Where hundreds of refusals are meant, writing each down takes longest."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def world(
    acme: Account,
    acme_number: PhoneNumber,
    alice: User,
    bob: User,
    charlie: User,
    rita: User,
    olivia: User,
    at: datetime,
) -> World:
    """alice's account with one of each thing."""
    from tests.world import built

    return built(acme, acme_number, alice, bob, charlie, rita, olivia, at)


@pytest.fixture
def as_alice(alice: User, call_as: CallAs) -> Api:
    """Enterprise admin of Acme (BG_ADMIN)."""
    return call_as(alice)


@pytest.fixture
def as_bob(bob: User, call_as: CallAs) -> Api:
    """Attendant admin of Acme (AA_ADMIN)."""
    return call_as(bob)


@pytest.fixture
def as_charlie(charlie: User, call_as: CallAs) -> Api:
    """Enterprise admin of another enterprise."""
    return call_as(charlie)


@pytest.fixture
def as_olivia(olivia: User, call_as: CallAs) -> Api:
    """The operator."""
    return call_as(olivia)


@dataclass(frozen=True, slots=True)
class Setup:
    """One of each in Acme, by sid: the menu has the announcement and answers on Mondays."""

    account: Account
    user: str
    announcement: str
    system: str
    menu: str
    number: str
    extension: str

    def sids(self) -> dict[str, str]:
        """By the resource's name in addresses."""
        return {
            "enterprise": self.account.sid,
            "user": self.user,
            "announcement": self.announcement,
            "system": self.system,
            "menu": self.menu,
            "phonenumber": self.number,
        }


@pytest.fixture
def setup(
    acme: Account, acme_number: PhoneNumber, alice: User, as_alice: Api, as_olivia: Api
) -> Setup:
    """The attendant of Acme, made over the API."""
    said = as_alice.post("announcement", {"name": "Welcome"}).sid
    system = as_alice.post(
        "system", {"name": "Reception", "aaNumbers": [acme_number.number], "timezoneId": "UTC"}
    ).sid
    menu = as_alice.post(
        "menu",
        {
            "name": "Monday",
            "autoAttendantSid": system,
            "enterpriseSid": acme.sid,
            "announcementSid": said,
        },
    ).sid
    week = [{"menuSid": menu, "entries": [{"day": 1, "startTime": "00:00", "endTime": "24:00"}]}]
    as_alice.post(
        "schedule", {"autoAttendantSid": system, "scheduleType": "WEEKLY", "schedule": week}
    )
    extension = as_olivia.post(
        "phonenumber", {"number": "2125550199", "enterpriseSid": acme.sid, "extension": "101"}
    ).sid
    return Setup(acme, alice.sid, said, system, menu, acme_number.sid, extension)
