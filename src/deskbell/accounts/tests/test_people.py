"""People: who may be added and changed, by whom, and who can still sign in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.test import Client

from deskbell.accounts import actions, queries
from deskbell.accounts.errors import (
    AccountNotFound,
    EmailTaken,
    PasswordTooWeak,
    UserElsewhere,
    UserNotFound,
)
from deskbell.accounts.models import Account, User, UserStatus, UserToken
from deskbell.accounts.rules import Right
from deskbell.foundation.errors import InvalidInput, NotSignedIn
from tests.cast import PASSWORD

OTHER_PASSWORD = "Answer-it-2"


def session_lives(client: Client) -> bool:
    """Whether the portal still knows who this is."""
    request = HttpRequest()
    request.session = client.session
    return get_user(request).is_authenticated


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short1!", "8 characters"),
        ("ring-the-bell-1", "upper-case"),
        ("P@ssw0rd", "too common"),
        ("Alice@example.com1", "too similar to the email"),
        ("", "8 characters"),
        ("Aa1!" * 40, "at most 128"),
        ("Aa1!\x00aaaa", "NUL"),
    ],
)
def test_passwords_that_are_too_weak(alice: User, password: str, said: str) -> None:
    with pytest.raises(PasswordTooWeak, match=said) as caught:
        actions.check_password(password, user=alice)
    assert caught.value.field == "password"


def test_the_apis_own_password_is_strong_enough(db: None) -> None:
    actions.check_password("W31Comet0@@!")


def test_a_weak_password_makes_and_changes_nobody(alice: User, at: datetime) -> None:
    with pytest.raises(PasswordTooWeak):
        actions.add_user(email="new@example.com", name="", password="weak", at=at)
    with pytest.raises(PasswordTooWeak):
        actions.edit_user(user=alice, at=at, name="Other", password="weak")
    assert User.objects.get().name == "Alice"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": ""}, "email"),
        ({"email": "a" * 250 + "@example.com"}, "email"),
        ({"email": "a\x00b@example.com"}, "email"),
        ({"name": "x" * 201}, "name"),
        ({"name": "half \ud800"}, "name"),
        ({"status": "ASLEEP"}, "status"),
    ],
)
def test_people_that_cannot_be(alice: User, at: datetime, fields: Any, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        actions.edit_user(user=alice, at=at, **fields)
    assert caught.value.field == field
    with pytest.raises(InvalidInput) as caught:
        actions.add_user(
            password=PASSWORD, at=at, **({"email": "new@example.com", "name": ""} | fields)
        )
    assert caught.value.field == field


def test_only_the_given_fields_change(alice: User, at: datetime) -> None:
    stale = User.objects.get(pk=alice.pk)
    later = at + timedelta(days=1)
    actions.edit_user(user=alice, at=at, email="alice@new.example")
    actions.edit_user(user=stale, at=later, name="Alice A.")
    for each in (stale, User.objects.get(pk=alice.pk)):
        assert (each.name, each.email) == ("Alice A.", "alice@new.example")
        assert each.updated_at == later
        assert each.check_password(PASSWORD)


@pytest.mark.parametrize("status", [UserStatus.SUSPENDED, UserStatus.DELETED])
def test_who_is_switched_off_is_out_everywhere(
    bob: User, client: Client, at: datetime, status: str
) -> None:
    token = actions.make_user_token(user=bob, at=at)
    client.force_login(bob)
    assert session_lives(client)
    actions.edit_user(user=bob, at=at, status=status)
    with pytest.raises(NotSignedIn):
        actions.use_user_token(bob.sid, token, at=at)
    assert not client.login(email=bob.email, password=PASSWORD)
    assert not session_lives(client)
    actions.edit_user(user=bob, at=at, status=UserStatus.ACTIVE)
    assert actions.use_user_token(bob.sid, token, at=at) == bob
    assert client.login(email=bob.email, password=PASSWORD)


def test_a_new_password_ends_sessions(alice: User, client: Client, at: datetime) -> None:
    client.force_login(alice)
    assert session_lives(client)
    actions.edit_user(user=alice, at=at, password=OTHER_PASSWORD)
    assert not session_lives(client)
    assert not client.login(email=alice.email, password=PASSWORD)
    assert client.login(email=alice.email, password=OTHER_PASSWORD)


def test_somebody_without_a_password_cannot_sign_in_yet(
    acme: Account, client: Client, at: datetime
) -> None:
    user = actions.add_member(
        account=acme, email="new@example.com", name="", password=None, role="AA_ADMIN", at=at
    )
    for password in ("", "None", "!"):
        assert not client.login(email=user.email, password=password)


def test_a_member_is_added_whole_or_not_at_all(acme: Account, at: datetime) -> None:
    values = {"email": "new@example.com", "name": "New", "password": PASSWORD}
    with pytest.raises(InvalidInput, match="BG_ADMIN or AA_ADMIN") as caught:
        actions.add_member(account=acme, role="QUEEN", at=at, **values)
    assert caught.value.field == "role"
    assert not User.objects.exists()
    made = actions.add_member(
        account=acme, role="BG_ADMIN", at=at, by="olivia@example.com", status="SUSPENDED", **values
    )
    found = queries.membership(made, acme)
    assert found is not None
    assert (found.role, made.created_by) == ("BG_ADMIN", "olivia@example.com")
    assert (made.status, made.created_at) == ("SUSPENDED", at)


def test_an_address_of_this_account_or_another(
    alice: User, charlie: User, acme: Account, at: datetime
) -> None:
    for email, error in (("ALICE@example.com", EmailTaken), (charlie.email, UserElsewhere)):
        with pytest.raises(error, match=email.lower()):
            actions.add_member(
                account=acme, email=email, name="", password=PASSWORD, role="AA_ADMIN", at=at
            )
    with pytest.raises(EmailTaken):
        actions.edit_user(user=alice, at=at, email=charlie.email)
    assert User.objects.get(pk=alice.pk).email == "alice@example.com"


def test_an_account_changes_its_own_people_alone(
    alice: User, charlie: User, olivia: User, acme: Account, other: Account, at: datetime
) -> None:
    actions.edit_user(user=alice, at=at, account=acme, name="Alice A.")
    with pytest.raises(UserNotFound) as nobody:
        actions.edit_user(user=charlie, at=at, account=acme, name="Mine")
    assert nobody.value.sid == charlie.sid
    actions.join(user=charlie, account=acme, role="AA_ADMIN")
    actions.join(user=olivia, account=acme)
    for person in (charlie, olivia):  # who works elsewhere too cannot be taken over from here
        with pytest.raises(UserElsewhere) as caught:
            actions.edit_user(user=person, at=at, account=acme, password=OTHER_PASSWORD)
        assert caught.value.sid == person.sid
    actions.edit_user(user=charlie, at=at, name="Charlie C.")


def test_a_role_changes_and_accesses_stay(
    bob: User, charlie: User, acme: Account, at: datetime
) -> None:
    actions.join(user=bob, account=acme, role="AA_ADMIN", accesses=[Right.CALL_RECORDING])
    actions.edit_member(user=bob, account=acme, role="", at=at)
    changed = queries.membership(bob, acme)
    assert changed is not None
    assert (changed.role, changed.accesses) == ("", ["call_recording"])
    with pytest.raises(InvalidInput):
        actions.edit_member(user=bob, account=acme, role="QUEEN", at=at)
    with pytest.raises(UserNotFound):
        actions.edit_member(user=charlie, account=acme, role="BG_ADMIN", at=at)


def test_every_use_of_a_token_is_counted(alice: User, at: datetime) -> None:
    token = actions.make_user_token(user=alice, name="Import", at=at)

    def used(seconds: int) -> tuple[datetime | None, int]:
        actions.use_user_token(alice.sid, token, at=at + timedelta(seconds=seconds))
        kept = UserToken.objects.get()
        return kept.last_used_at, kept.use_count

    assert [used(0), used(59)] == [(at, 1), (at + timedelta(seconds=59), 2)]
    for wrong in ((alice.sid, "x"), ("RCS" + "0" * 32, token), ("", "")):
        with pytest.raises(NotSignedIn):
            actions.use_user_token(*wrong, at=at)


def test_an_enterprise_by_its_sid(acme: Account) -> None:
    assert queries.account_by_sid(acme.sid) == acme
    with pytest.raises(AccountNotFound) as caught:
        queries.account_by_sid("EN1")
    assert caught.value.sid == "EN1"
