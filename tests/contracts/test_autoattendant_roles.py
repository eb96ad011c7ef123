"""Who may do what over the API, for every operation there is.

Another enterprise's sid is answered exactly as one that does not exist.
Source: seed 002, "Users", "Role based Authorization"; design, attendant API, "Base".
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

import pytest

from deskbell.accounts.actions import join
from deskbell.accounts.models import Account, User
from deskbell.accounts.rules import ACCESSES, Right
from tests.autoattendant import Api, sound
from tests.autoattendant_operations import (
    ADMIN,
    ANYONE,
    BY_NAME,
    GONE,
    OPERATIONS,
    OPERATOR,
    Operation,
)
from tests.cast import PASSWORD
from tests.contracts.conftest import CallAs, Setup
from tests.undone import undone

PEOPLE = ("anonymous", "charlie", "rita", "nobody", "editor", "bob", "alice", "olivia")
ALLOWED = {
    ANYONE: {"editor", "bob", "alice", "olivia"},
    ADMIN: {"alice", "olivia"},
    OPERATOR: {"olivia"},
}


@pytest.fixture
def sids(setup: Setup, as_alice: Api) -> dict[str, str]:
    """Acme's things, so that each can be deleted; the attendant answers at any time."""
    body = {"name": "Alone", "autoAttendantSid": setup.system, "enterpriseSid": setup.account.sid}
    alone = as_alice.post("menu", body).sid
    days = [{"menuSid": setup.menu, "startDate": "2000-01-01", "endDate": "2999-01-01"}]
    as_alice.post(
        "schedule",
        {"autoAttendantSid": setup.system, "scheduleType": "DATE_RANGE", "schedule": days},
    )
    music = as_alice.post("announcement", {"name": "Music"}).sid
    uri = as_alice.upload(music, sound()).data["fileUri"]
    return setup.sids() | {
        "menu": alone, "announcement": music, "file": uri.rpartition("/")[2],
    }  # fmt: skip


@pytest.fixture
def people(
    acme: Account, alice: User, bob: User, charlie: User, rita: User, olivia: User,
    call_as: CallAs, at: datetime,
) -> dict[str, Api]:  # fmt: skip
    """Everybody with a token; nobody and editor are members of Acme without a role.

    The one has every access but the attendant's, the other that alone.
    """
    from deskbell.accounts.actions import add_user

    nobody = add_user(email="nobody@example.com", name="", password=PASSWORD, at=at)
    join(user=nobody, account=acme, accesses=set(ACCESSES) - {Right.ATTENDANT})
    editor = add_user(email="editor@example.com", name="", password=PASSWORD, at=at)
    join(user=editor, account=acme, accesses=[Right.ATTENDANT])
    second = add_user(email="second@example.com", name="", password=PASSWORD, at=at)
    join(user=second, account=acme, role="BG_ADMIN")  # so that alice is not the last who could go
    users = {
        "charlie": charlie, "rita": rita, "nobody": nobody, "editor": editor,
        "bob": bob, "alice": alice, "olivia": olivia,
    }  # fmt: skip
    return {"anonymous": call_as(None)} | {name: call_as(user) for name, user in users.items()}


def expected(operation: Operation, person: str) -> int:
    if person == "anonymous":
        return 401
    if person == "charlie":  # an admin, of another enterprise
        return 403 if operation.who == OPERATOR else 409
    return 200 if person in ALLOWED[operation.who] else 403


RESOURCES: dict[str, list[str]] = {}
for _name, _each in BY_NAME.items():
    RESOURCES.setdefault(re.split(r"\W", _each.path)[0], []).append(_name)


@pytest.mark.parametrize("resource", RESOURCES)
def test_roles(resource: str, sids: dict[str, str], people: dict[str, Api]) -> None:
    for name in RESOURCES[resource]:
        operation = BY_NAME[name]
        for person in PEOPLE:
            with undone():
                answer = operation.ask(people[person], sids)
            assert answer.status == expected(operation, person), (name, person, answer.body)
            if answer.status in {401, 403}:
                assert answer.code == str(answer.status)


@pytest.mark.parametrize("resource", RESOURCES)
def test_borders(
    resource: str, sids: dict[str, str], people: dict[str, Api], as_alice: Api
) -> None:
    before = snapshot(as_alice, sids)
    for name in RESOURCES[resource]:
        operation = BY_NAME[name]
        if operation.who == OPERATOR:
            continue
        theirs = operation.ask(people["charlie"], sids)
        gone = sids | GONE | {"file": f"{GONE['announcement']}_1.wav"}
        none = operation.ask(people["charlie"], gone)
        told = json.dumps(theirs.body)
        for each, sid in sids.items():
            told = told.replace(sid, GONE.get(each, ""))
        if "rcml" not in operation.path:
            assert json.loads(told) == none.body, name
        assert theirs.status == none.status, name
        assert snapshot(as_alice, sids) == before, name


def snapshot(api: Api, sids: dict[str, str]) -> list[Any]:
    """What charlie could have changed."""
    resources = [name for name in sids if name != "file"]
    found = [api.get(f"{name}/search/{sids[name]}").body for name in resources]
    return [*found, api.get(f"schedule/search?autoAttendantSid={sids['system']}").body]


def test_lists_show_ones_own(people: dict[str, Api], sids: dict[str, str]) -> None:
    for resource in GONE:
        told = json.dumps(people["charlie"].get(f"{resource}/search").data["result"])
        assert not [sid for sid in sids.values() if sid in told]
    mixed = people["charlie"].get(f"menu/search?autoAttendantSid={sids['system']}")
    assert mixed.data["total"] == 0


def test_things_of_another_enterprise_cannot_be_named(
    people: dict[str, Api], sids: dict[str, str], other: Account
) -> None:
    charlie = people["charlie"]
    system = charlie.post("system", {"name": "Plumbers"}).sid
    body = {"name": "Leak", "autoAttendantSid": system, "enterpriseSid": other.sid}
    menu = charlie.post("menu", body).sid
    play = {"actionType": "ANNOUNCEMENT_HANGUP", "actionData": sids["announcement"]}
    go = {"actionType": "GO_TO_MENU", "actionData": sids["menu"]}
    tries = [
        (f"menu/{menu}", {"announcementSid": sids["announcement"]}, "500"),
        (f"menu/{menu}", {"ringbackToneSid": sids["announcement"]}, "500"),
        (f"menu/{menu}", {"timeoutAction": play}, "500"),
        (f"menu/{menu}", {"timeoutAction": go}, "502"),
        (f"menu/{menu}", {"keys": [{"menuKey": "1", "menuAction": go}]}, "502"),
        (f"menu/{menu}", {"autoAttendantSid": sids["system"]}, "490"),
        (f"menu/{menu}", {"enterpriseSid": sids["enterprise"]}, "467"),
        (f"system/{system}", {"apologySid": sids["announcement"]}, "500"),
        (f"system/{system}", {"timeoutAction": go}, "502"),
        (f"system/{system}", {"aaNumbers": ["2125550142"]}, "491"),
        (f"system/{system}", {"extensions": ["2125550199"]}, "491"),
        (f"system/{system}", {"extensions": ["101"]}, "491"),
        (f"system/{system}", {"enterpriseSid": sids["enterprise"]}, "467"),
    ]
    for path, change, code in tries:
        answer = charlie.put(path, change)
        assert (answer.status, answer.code) == (409, code), (change, answer.body)
    hours = {"day": 1, "startTime": "08:00", "endTime": "09:00"}
    week = [{"menuSid": sids["menu"], "entries": [hours]}]
    schedule = {"autoAttendantSid": system, "scheduleType": "WEEKLY", "schedule": week}
    assert charlie.post("schedule", schedule).code == "502"


def test_every_operation_is_in_the_table(as_alice: Api) -> None:
    described = as_alice.get("openapi.json").body["paths"]
    there = {(method, path) for path, methods in described.items() for method in methods}
    assert there == {(each.method, each.pattern()) for each in OPERATIONS}


def test_a_role_is_lost_at_once(people: dict[str, Api], bob: User, acme: Account) -> None:
    assert people["bob"].get("menu/search").status == 200
    join(user=bob, account=acme, role="")
    assert people["bob"].get("menu/search").code == "403"
