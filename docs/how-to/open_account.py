"""Opens an account with one number, one menu and one person on call. Change what stands first.

open-an-account.md, beside this file, says how to run it.
"""

import secrets
import sys
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction

from deskbell.accounts import actions as accounts
from deskbell.attendant import actions as attendant
from deskbell.attendant.rules import WeekSpan
from deskbell.contacts.actions import add_contact
from deskbell.delivery.actions import add_checked_method
from deskbell.foundation import clock
from deskbell.oncall import actions as oncall
from deskbell.platform.tenancy import account_scope

COMPANY, TIME_ZONE, NUMBER = "Corner Bakery", "Europe/Berlin", "+12125550160"
EMAIL = "owner@bakery.example"
GREETING = "Corner Bakery, good day. To leave a message, press 1."

at = clock.now()
today = at.astimezone(ZoneInfo(TIME_ZONE)).date()
password = secrets.token_urlsafe(9) + "-aA1"
with transaction.atomic():
    account = accounts.open_account(number="W0500", name=COMPANY, time_zone=TIME_ZONE, at=at)
    owner = accounts.add_user(email=EMAIL, name="Owner", password=password, at=at)
    accounts.join(user=owner, account=account, role="BG_ADMIN")
    token = accounts.make_api_token(
        account=account, name="First token", scopes=["messages:read", "messages:write"], at=at
    )
    with account_scope(account.pk):
        # Who is on call: the owner, every day, by email; three times, five minutes apart.
        contact = add_contact(account_id=account.pk, name="Owner", at=at)
        by_email = add_checked_method(contact=contact, kind="email", address=EMAIL, at=at)
        level = oncall.add_level(
            account_id=account.pk, name="On call", at=at, repeat=2, repeat_seconds=300
        )
        oncall.add_event(
            level=level,
            methods=[by_email],
            starts=datetime.combine(today, time(0, 0)),
            ends=datetime.combine(today, time(23, 59)),
            frequency="daily",
            at=at,
        )
        # What callers meet: one menu, at all hours.
        system = attendant.add_system(
            account=account, at=at, name="Main line", time_zone=TIME_ZONE, voicemail_level=level
        )
        greeting = attendant.add_announcement(
            account=account, name="Greeting", body=GREETING, at=at
        )
        menu = attendant.add_menu(
            system=system,
            at=at,
            name="Menu",
            announcement=greeting,
            keys=[{"menuKey": "1", "menuAction": {"actionType": "VOICEMAIL"}}],
            timeout_action={"actionType": "VOICEMAIL"},
        )
        week = [WeekSpan(menu.sid, day, time(0, 0), time(0, 0)) for day in range(1, 8)]
        attendant.set_weekly_schedule(system=system, entries=week, at=at)
        number = accounts.add_number(account=account, number=NUMBER, at=at)
        attendant.assign_number(system=system, phone_number=number, at=at)
sys.stdout.write(f"Sign in as {EMAIL} with {password}\nToken for /api/v2: {token}\n")
