"""Removing the second factor of somebody who lost their device: who may, and what it ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import connection
from django.test import Client

from deskbell.accounts.actions import join
from deskbell.accounts.models import Account, User
from deskbell.foundation.errors import Conflict, NotAllowed
from deskbell.platform.jobs import run_job
from deskbell.portal import mfa

pytestmark = pytest.mark.django_db
WithApp = Callable[[User], list[str]]


def test_an_operator_removes_it_and_the_person_is_told(
    bob: User,
    olivia: User,
    browser: Callable[[User], Client],
    with_app: WithApp,
    code: Callable[..., str],
    clock: Any,
) -> None:
    with_app(bob)
    client = browser(bob)
    client.post("/sign-in/code/", {"code": code()})
    assert client.get("/").status_code == 200
    mfa.reset(user=bob, by=olivia, at=clock.at)
    assert client.get("/").status_code == 302
    assert not Authenticator.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT payload FROM pgqueuer"
            " WHERE entrypoint = 'portal.send_second_factor' ORDER BY id DESC"
        )
        run_job("portal.send_second_factor", bytes(cursor.fetchall()[0][0]))
    assert "was removed for you" in str(mail.outbox[-1].body)
    assert browser(bob).get("/").status_code == 200


def test_the_administrator_of_the_only_account_may(
    alice: User, bob: User, with_app: WithApp, clock: Any
) -> None:
    with_app(bob)
    mfa.reset(user=bob, by=alice, at=clock.at)
    assert not mfa.has_mfa(bob)


def test_nobody_else_may(
    alice: User,
    bob: User,
    charlie: User,
    rita: User,
    olivia: User,
    other: Account,
    with_app: WithApp,
    clock: Any,
) -> None:
    for person in (alice, bob, rita, olivia):
        with_app(person)
    wrong = [(bob, bob), (alice, bob), (bob, charlie), (bob, rita), (rita, alice), (olivia, olivia)]
    for user, by in wrong:
        with pytest.raises(NotAllowed):
            mfa.reset(user=user, by=by, at=clock.at)
        assert mfa.has_mfa(user)
    join(user=bob, account=other)  # who works elsewhere too is the operator's
    with pytest.raises(NotAllowed, match="Only an operator"):
        mfa.reset(user=bob, by=alice, at=clock.at)


def test_there_must_be_one(alice: User, olivia: User, clock: Any) -> None:
    with pytest.raises(Conflict, match="has no MFA"):
        mfa.reset(user=alice, by=olivia, at=clock.at)
