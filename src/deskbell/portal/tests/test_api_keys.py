"""API keys: shown once, listed without themselves, revoked at once, and nobody else's."""

from __future__ import annotations

import html
import re
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from deskbell.accounts.actions import join, make_api_token, make_user_token
from deskbell.accounts.models import Account, ApiToken, User, UserToken
from deskbell.accounts.scopes import Scope
from deskbell.accounts.tokens import hash_of

pytestmark = pytest.mark.django_db
READS = {"name": "CRM", "scopes": ["messages:read"]}


def words(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def shown_in(answer: Any) -> str:
    """The token, or the pair, in the field to copy it from."""
    found = re.search(r'token-value" readonly value="([^"]+)"', words(answer))
    assert found
    return found[1]


def made(page: Client, path: str, **typed: object) -> str:
    """Makes a token by the form; gives it."""
    answer = page.post(path, typed, follow=True)
    assert answer.redirect_chain[-1][0] == "/keys/made/"
    return shown_in(answer)


def read_messages(token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return Client().get("/api/v2/messages", headers=headers).status_code


def search_systems(pair: str) -> int:
    basic = b64encode(pair.encode()).decode()
    headers = {"Authorization": f"Basic {basic}"}
    return Client().get("/autoattendant/system/search", headers=headers).status_code


def test_a_token_is_shown_once_and_works(page: Client, alice: User) -> None:
    token = made(page, "/keys/new/", **READS)
    assert read_messages(token) == 200
    again = page.get("/keys/made/")
    assert (again.status_code, again.headers["Location"]) == (302, "/keys/")
    listed = words(page.get("/keys/"))
    assert "CRM" in listed
    assert "Read messages and their activities" in listed
    assert "alice@example.com" in listed
    kept = ApiToken.objects.get()
    for secret in (token, hash_of(token)):
        assert secret not in listed
        assert secret not in str(dict(page.session))
    assert (kept.created_by, kept.scopes, kept.use_count) == (alice.email, ["messages:read"], 1)


def test_the_page_that_shows_it_is_kept_by_nobody(page: Client) -> None:
    answer = page.post("/keys/new/", READS, follow=True)
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_token_is_revoked_at_once(page: Client) -> None:
    token = made(page, "/keys/new/", **READS)
    assert read_messages(token) == 200
    revoke = f"/keys/{ApiToken.objects.get().pk}/revoke/"
    asked = words(page.get(revoke))
    assert "Revoke the token CRM?" in asked
    assert "It may no longer: read messages" in asked
    assert "It was used once" in asked
    assert read_messages(token) == 200
    assert page.post(revoke).status_code == 302
    assert read_messages(token) == 404
    assert page.post(revoke).status_code == 404
    assert "CRM" not in words(page.get("/keys/")).partition("tokens-table")[2]
    assert "CRM" in words(page.get("/keys/?show=revoked"))


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({}, "Say what the token is for"),
        ({"name": "  ", "scopes": ["messages:read"]}, "Say what the token is for"),
        ({"name": "CRM"}, "Choose one thing at least"),
        ({"name": "CRM", "scopes": ["everything"]}, "Choose among these"),
        ({"name": "x" * 101, "scopes": ["messages:read"]}, "100 characters at most"),
        ({"name": "a\0b", "scopes": ["messages:read"]}, "ull characters"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    page: Client, typed: dict[str, object], says: str
) -> None:
    answer = page.post("/keys/new/", typed)
    assert answer.status_code == 422
    assert says in words(answer)
    assert not ApiToken.objects.exists()


def test_another_accounts_tokens_are_out_of_reach(
    page: Client, other: Account, at: datetime
) -> None:
    token = make_api_token(account=other, name="Theirs", scopes=["messages:read"], at=at)
    theirs = ApiToken.objects.get()
    assert "Theirs" not in words(page.get("/keys/"))
    for answer in (page.get(f"/keys/{theirs.pk}/revoke/"), page.post(f"/keys/{theirs.pk}/revoke/")):
        assert answer.status_code == 404
    assert read_messages(token) == 200


def test_who_lacks_the_right_sees_their_own_alone(
    signed_in: Callable[[User], Client], bob: User, acme: Account, at: datetime
) -> None:
    make_api_token(account=acme, name="CRM", scopes=["messages:read"], at=at)
    client = signed_in(bob)
    shown = words(client.get("/keys/"))
    assert "CRM" not in shown
    assert "This needs the API Keys access" in shown
    assert "CRM" not in words(client.get("/keys/?format=csv"))
    token = ApiToken.objects.get()
    for path in ("/keys/new/", f"/keys/{token.pk}/revoke/"):
        assert {client.get(path).status_code, client.post(path).status_code} == {403}
    join(user=bob, account=acme, accesses=["api_keys"])
    assert "CRM" in words(client.get("/keys/"))
    assert client.post(f"/keys/{token.pk}/revoke/").status_code == 302


def test_a_token_may_no_more_than_who_makes_it(
    signed_in: Callable[[User], Client], bob: User, acme: Account
) -> None:
    join(user=bob, account=acme, accesses=["api_keys", "to_dos"])
    client = signed_in(bob)
    form = words(client.get("/keys/new/"))
    for offered in ("messages:read", "to_dos:read", "to_dos:write", "webhooks:read"):
        assert f'value="{offered}"' in form
    for held_back, access in (
        ("messages:write", "Message Handling"),
        ("call_recordings:read", "Call Recording"),
        ("webhooks:write", "Account Management"),
    ):
        assert f'value="{held_back}"' not in form
        assert f"needs the {access} access, which you do not have" in form
        answer = client.post("/keys/new/", {"name": "x", "scopes": ["to_dos:write", held_back]})
        assert answer.status_code == 422
    assert not ApiToken.objects.exists()
    made(client, "/keys/new/", name="Reminders", scopes=["to_dos:write"])


def test_an_administrator_is_offered_everything(page: Client) -> None:
    form = words(page.get("/keys/new/"))
    assert form.count('type="checkbox"') == len(Scope)
    assert "which you do not have" not in form


def test_a_pair_of_ones_own(page: Client, alice: User) -> None:
    pair = made(page, "/keys/own/new/", name="Import")
    assert pair.startswith(f"{alice.sid}:")
    assert search_systems(pair) == 200
    kept = UserToken.objects.get()
    assert (kept.name, kept.use_count) == ("Import", 1)
    assert pair not in words(page.get("/keys/"))
    revoke = f"/keys/own/{kept.pk}/revoke/"
    assert "It was used once" in words(page.get(revoke))
    assert page.post(revoke).status_code == 302
    assert search_systems(pair) == 401
    assert page.post(revoke).status_code == 404


def test_a_pair_is_nobody_elses(
    page: Client, bob: User, olivia: User, signed_in: Callable[[User], Client], at: datetime
) -> None:
    token = make_user_token(user=bob, name="Bob's", at=at)
    kept = UserToken.objects.get()
    for client in (page, signed_in(olivia)):
        assert "Bob's" not in words(client.get("/keys/"))
        assert client.post(f"/keys/own/{kept.pk}/revoke/").status_code == 404
    assert search_systems(f"{bob.sid}:{token}") == 200


def test_what_one_made_is_not_shown_to_who_comes_after(
    page: Client, signed_in: Callable[[User], Client], bob: User
) -> None:
    page.post("/keys/new/", READS)
    page.force_login(bob)  # in the same browser
    assert page.get("/keys/made/").status_code == 302


def test_the_list_is_searched_sorted_and_taken_out(
    page: Client, acme: Account, at: datetime
) -> None:
    for index, name in enumerate(("CRM", "=cmd()", "Wallboard")):
        when = at + timedelta(hours=index)
        make_api_token(account=acme, name=name, scopes=["to_dos:read"], at=when)
    found = page.get("/keys/?sort=name&dir=desc&q=o").context["lines"]
    assert [token.name for token, _ in found] == ["Wallboard", "CRM", "=cmd()"]
    csv = page.get("/keys/?format=csv&sort=name&dir=asc").content.decode()
    assert csv.splitlines()[1].startswith("'=cmd()")
    assert len(csv.splitlines()) == 4
    assert "No token has “zzz”" in words(page.get("/keys/?q=zzz"))
