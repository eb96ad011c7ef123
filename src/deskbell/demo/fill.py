"""Fills an empty database with the demo, once, and writes `demo.json` at every start.

Tokens are kept as hashes only, so `demo.json` is where they can be read; where it was lost, new
ones are made.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from deskbell import speech
from deskbell.accounts import actions as accounts
from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.api.v2.auth import Scope
from deskbell.desk.actions.staffing import add_receptionist, add_skill
from deskbell.desk.models import Skill
from deskbell.foundation import clock
from deskbell.foundation.environment import environment
from deskbell.lines.models import StaffPhone
from deskbell.platform.tenancy import account_scope, system_scope

from .attendants import add_attendant
from .blocked import add_blocked
from .cast import BUSINESSES, STAFF, Business, Line, Person
from .companies import add_company
from .duty import add_duty, follow_address
from .history import Setting, Sound, write_history
from .large import add_clients, tidy
from .operating import add_operating
from .phones import known_passwords, phones_json, staff_phones_json
from .scale import LARGE, USUAL, Scale
from .scripts import add_scripts
from .to_dos import add_to_dos
from .told import add_webhook, follow_told

SPOKEN = 4
SCOPES = tuple(str(scope) for scope in Scope)


def fill_demo() -> None:
    """Makes what is missing of the demo. Takes seconds the first time, nothing to speak of later.

    Prints what takes long. Writes the database, recordings, and `demo.json` (readable by its owner
    only). All of an account is made in one transaction, so that an interrupted start begins again.
    """
    at = clock.now()
    staff = [_employ(person, at) for person in STAFF]
    is_large = environment().demo_is_large
    for business in BUSINESSES:
        if not Account.objects.filter(number=business.number).exists():
            _tell(f"Making the demo's account {business.name} …")
            _open(business, agent=staff[-1], at=at, scale=_scale(business, is_large))
    add_operating(by=staff[0], at=at)
    if is_large and add_clients(at=at, tell=_tell):
        tidy()
    with system_scope("the demo's webhooks come back to the demo"):
        follow_address()
        follow_told()
    _write_json(environment().data_dir / "demo.json", at)
    _give_desks(at)


def _tell(text: str) -> None:
    print(text, flush=True)  # noqa: T201 progress


def _scale(business: Business, is_large: bool) -> Scale:
    return LARGE[business.number] if is_large else USUAL


def _give_desks(at: datetime) -> None:
    """Receptionists' calls ring their phones, which stand in `demo.json`; they know Spanish."""
    spanish = Skill.objects.filter(name="Spanish").first() or add_skill(name="Spanish", at=at)
    for phone in StaffPhone.objects.filter(user__receptionist=None).select_related("user"):
        add_receptionist(user=phone.user, phone=phone.username, skills=[spanish], at=at)


def _employ(person: Person, at: datetime) -> User:
    found = User.objects.filter(email=person.email).first()
    return found or accounts.add_user(
        email=person.email,
        name=person.name,
        password=person.password,
        at=at,
        staff=person.role,
    )


def _open(business: Business, *, agent: User, at: datetime, scale: Scale) -> None:
    sounds = {text: _speak(text, turn) for turn, text in enumerate(business.reasons[:SPOKEN])}
    with transaction.atomic():
        account = accounts.open_account(
            number=business.number,
            client_id=business.client_id,
            name=business.name,
            time_zone=business.time_zone,
            at=at,
        )
        for person in business.people:
            _join(account, person, at)
        with account_scope(account.pk):
            numbers = [_number(account, business, line, at) for line in business.lines]
            add_company(account=account, business=business, at=at)
            duty = add_duty(business=business, account=account, at=at)
            add_attendant(
                business=business, account=account, numbers=numbers, level=duty.first, at=at
            )
            add_scripts(
                business=business,
                account=account,
                numbers=numbers,
                emergencies=duty.emergencies,
                at=at,
            )
            write_history(
                Setting(
                    business, account, numbers[0], duty.first, duty.email, sounds, agent, at, scale
                )
            )
            add_to_dos(business=business, account=account, at=at)
            add_blocked(account=account, by=business.people[0].name.title(), at=at)
            add_webhook(account=account, by=business.people[0].name.title(), at=at)


def _speak(text: str, turn: int) -> Sound:
    pcm = speech.speak(text, voice="Woman" if turn % 2 else "Man")
    return Sound(text, speech.write_wav(pcm), len(pcm) / 16000)


def _join(account: Account, person: Person, at: datetime) -> None:
    user = accounts.add_user(email=person.email, name=person.name, password=person.password, at=at)
    accounts.join(user=user, account=account, role=person.role)


def _number(account: Account, business: Business, line: Line, at: datetime) -> PhoneNumber:
    return accounts.add_number(
        account=account,
        number=line.number,
        extension=line.extension,
        spoken_name=line.spoken_name,
        company_name=business.name,
        at=at,
        by=business.people[0].email,
    )


def _write_json(path: Path, at: datetime) -> None:
    known: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    tokens = _known_tokens(known)
    passwords = known_passwords(known)
    settings = environment()
    content = {
        "url": settings.public_url,
        "sip": str(settings.sip),
        "accounts": [_account_json(each, tokens, passwords, at) for each in BUSINESSES],
        "staff": [_staff_json(person, passwords, at) for person in STAFF],
    }
    path.touch(mode=0o600)
    path.write_text(json.dumps(content, indent=2) + "\n")


def _staff_json(person: Person, passwords: dict[str, str], at: datetime) -> dict[str, Any]:
    return {
        "name": person.name,
        "email": person.email,
        "password": person.password,
        "role": person.role,
        "phones": staff_phones_json(person, passwords, at),
    }


def _known_tokens(known: dict[str, Any]) -> dict[str, str]:
    """Tokens by the sid of whose they are."""
    found = {}
    for account in known.get("accounts", []):
        found[account["sid"]] = account["api_token"]
        found |= {user["sid"]: user["token"] for user in account["users"]}
    return found


def _account_json(
    business: Business, tokens: dict[str, str], passwords: dict[str, str], at: datetime
) -> dict[str, Any]:
    account = Account.objects.get(number=business.number)
    with account_scope(account.pk):
        numbers = [
            {
                "number": number.number,
                "sid": number.sid,
                "is_extension": number.is_extension,
                "extension": number.extension,
            }
            for number in PhoneNumber.objects.order_by("pk")
        ]
        phones = phones_json(business, account, passwords, at)
    return {
        "number": account.number,
        "sid": account.sid,
        "id": account.pk,
        "name": account.name,
        "time_zone": account.time_zone,
        "numbers": numbers,
        "phones": phones,
        "users": [_user_json(person, tokens, at) for person in business.people],
        "api_token": tokens.get(account.sid)
        or accounts.make_api_token(account=account, name="Demo", scopes=SCOPES, at=at),
    }


def _user_json(person: Person, tokens: dict[str, str], at: datetime) -> dict[str, Any]:
    user = User.objects.get(email=person.email)
    return {
        "name": person.name,
        "email": person.email,
        "password": person.password,
        "role": person.role,
        "sid": user.sid,
        "token": tokens.get(user.sid) or accounts.make_user_token(user=user, at=at),
    }
