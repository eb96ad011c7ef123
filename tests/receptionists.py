"""Receptionists of a running house: each has a desk and a SIP phone, a real baresip.

with backstage(house) as behind:
    open_reception(behind, patience=20)
    rita, sam = hire(behind, "rita", "sam")
    async with phone_of(house, tmp_path / "rita", rita, hertz=440) as phone:
        go_available(behind, rita)
        ...                      # somebody calls, presses 0 …
        await phone.hears_soon(600)
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.backstage import Backstage
from tests.baresip import Baresip, account, baresip
from tests.house import House

KEY = "0"
PASSWORD = "Rings-and-rings-1"

_OPEN = """
from deskbell.accounts.models import Account
from deskbell.attendant.actions import edit_menu
from deskbell.attendant.models import Menu
from deskbell.desk.actions.terms import Terms, set_terms
account = Account.objects.get(pk=given["account_id"])
for menu in Menu.objects.filter(account=account):
    keys = [each for each in menu.keys or [] if each["menuKey"] != given["key"]]
    leads = {"menuKey": given["key"], "menuAction": {"actionType": "TRANSFER_TO_RECEPTIONIST"}}
    edit_menu(menu=menu, at=now(), keys=[*keys, leads])
set_terms(account_id=account.pk, number=None, terms=Terms(**given["terms"]))
None
"""
_HIRE = """
from deskbell.accounts import actions as accounts
from deskbell.accounts.models import User
from deskbell.desk.actions.staffing import add_receptionist
from deskbell.desk.models import Receptionist, Skill
from deskbell.lines.actions import add_staff_phone, remove_staff_phone
from deskbell.lines.models import StaffPhone
email = f"{given['name']}@deskbell.example"
user = User.objects.filter(email=email).first() or accounts.add_user(
    email=email, name=given["name"], password=given["password"], at=now(), staff="receptionist"
)
Receptionist.objects.filter(user=user).delete()
for old in StaffPhone.objects.filter(name=given["name"]):
    remove_staff_phone(name=old.name)
phone, password = add_staff_phone(user=user, name=given["name"], at=now())
skills = [
    Skill.objects.get_or_create(name=each, defaults={"created_at": now()})[0]
    for each in given["skills"]
]
desk = add_receptionist(
    user=user, phone=given["phone"] or phone.username, skills=skills, at=now()
)
{"id": desk.pk, "user_id": user.pk, "email": email, "username": phone.username,
 "sip_password": password, "realm": phone.realm}
"""
_TELL_GATEWAYS = """
from django.conf import settings
from deskbell.voice.client import reload
for url in settings.ENVIRONMENT.voice_urls:
    reload(url, settings.ENVIRONMENT.secrets.voice)
None
"""
_MOVE = """
from deskbell.desk import actions as desk
from deskbell.desk.models import Receptionist
for pk in given["ids"]:
    getattr(desk, given["move"])(receptionist=Receptionist.objects.get(pk=pk), at=now())
None
"""


@dataclass(frozen=True)
class Hired:
    """Somebody with a desk and a staff phone."""

    name: str
    id: int
    user_id: int
    email: str
    username: str
    sip_password: str
    realm: str


def open_reception(
    behind: Backstage,
    *,
    account: int = 0,
    key: str = KEY,
    patience: int = 180,
    wrap: int = 120,
    is_recorded: bool = False,
) -> None:
    """Has `key` of every menu of one of the demo's accounts lead to a receptionist, on these terms
    (seconds)."""
    terms = {"patience_seconds": patience, "wrap_seconds": wrap, "is_recorded": is_recorded}
    account_id = behind.house.demo["accounts"][account]["id"]
    behind.do(_OPEN, account_id=account_id, key=key, terms=terms)


def hire(
    behind: Backstage, *names: str, phone: str = "", skills: tuple[str, ...] = ()
) -> list[Hired]:
    """Gives each a desk, away, and a staff phone that gateways know at once; who had one gets a new
    one. `phone` is a number that rings instead."""
    found = [
        Hired(name, **behind.do(_HIRE, name=name, password=PASSWORD, phone=phone, skills=skills))
        for name in names
    ]
    behind.do(_TELL_GATEWAYS)
    return found


def go_available(behind: Backstage, *hired: Hired) -> None:
    """They take calls from now on."""
    behind.do(_MOVE, ids=[each.id for each in hired], move="go_available")


def go_away(behind: Backstage, *hired: Hired) -> None:
    """They take none."""
    behind.do(_MOVE, ids=[each.id for each in hired], move="go_away")


def standing(house: House, hired: Hired) -> str:
    """What somebody does now: away, available, ringing, in_call, wrapping."""
    [(found,)] = house.rows("SELECT standing FROM desk_receptionist WHERE id = %s", hired.id)
    return str(found)


def calls_at_desk(house: House, since: int = 0) -> list[dict[str, Any]]:
    """The calls at the desk with ids above `since`, oldest first: what became of each."""
    rows = house.rows(
        "SELECT id, state, call_sid, receptionist_id, outcome, caller_id FROM desk_deskcall"
        " WHERE id > %s ORDER BY id",
        since,
    )
    names = ("id", "state", "call_sid", "receptionist_id", "outcome", "caller_id")
    return [dict(zip(names, row, strict=True)) for row in rows]


@asynccontextmanager
async def phone_of(
    house: House, folder: Path, hired: Hired, *, hertz: float, answers: bool = True
) -> AsyncIterator[Baresip]:
    """Their baresip, registered: it speaks a tone and answers by itself, or by `do("accept")`."""
    mode = "auto" if answers else "manual"
    line = account(
        hired.username, hired.realm, hired.sip_password, proxy=house.sip, answermode=mode
    )
    async with baresip(folder, line, hertz=hertz) as phone:
        await phone.says("200 OK")
        yield phone
