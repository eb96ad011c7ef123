"""Signing in with Google: who the provider says it is, and everything that may not count.

The provider is a real one, a process of its own; only its name is Google.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from deskbell.accounts.models import User, UserStatus
from deskbell.audit.models import Entry
from deskbell.foundation.openid import OpenIdProvider
from deskbell.platform.tenancy import system_scope
from deskbell.portal.sign_in.providers import address_of, is_of_one
from tests.openid import Provider, come_back, leave, running_provider

pytestmark = pytest.mark.django_db
GOOGLE = OpenIdProvider("google", "Google", "https://accounts.google.com", "deskbell", "a secret")


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with running_provider() as found:
        yield found


@pytest.fixture
def google(running: Provider, settings: Any) -> Provider:
    settings.SOCIALACCOUNT_PROVIDERS = running.settings()
    settings.OPENID_PROVIDERS = (GOOGLE,)
    return running


def words_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def confirm(client: Client, google: Provider, sub: str, **form: str) -> Any:
    """The whole way to the provider and back, as `sub` there."""
    return come_back(client, google.answers(leave(client, **form), sub))


def is_signed_in(client: Client) -> bool:
    return client.get("/profile/sessions/").status_code == 200


@pytest.mark.parametrize("sub", ["alice", "shouting"])
def test_whoever_is_known_by_their_address_comes_to_the_dashboard(
    client: Client, google: Provider, alice: User, sub: str
) -> None:
    answer = confirm(client, google, sub)
    assert answer.headers["Location"] == "/"
    assert "<h1>Dashboard</h1>" in client.get("/").content.decode()


def test_the_password_stays_and_nothing_of_the_provider_is_kept(
    client: Client, google: Provider, alice: User
) -> None:
    before = User.objects.get(pk=alice.pk).password
    confirm(client, google, "alice")
    assert User.objects.get(pk=alice.pk).password == before
    assert not SocialAccount.objects.exists()
    assert not EmailAddress.objects.exists()
    assert User.objects.count() == 1


def test_a_password_that_somebody_else_chose_ends(
    client: Client, google: Provider, alice: User
) -> None:
    """The provider checked that the address is alice's; whoever added her may know the password."""
    User.objects.filter(pk=alice.pk).update(email_proved=False)
    confirm(client, google, "alice")
    assert is_signed_in(client)
    alice.refresh_from_db()
    assert alice.email_proved
    assert not alice.has_usable_password()


def test_the_page_that_was_asked_for_is_shown(
    client: Client, google: Provider, alice: User
) -> None:
    answer = confirm(client, google, "alice", next="/messages/?tab=acknowledged")
    assert answer.headers["Location"] == "/messages/?tab=acknowledged"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example/",
        "http://localhost/",
        "javascript:alert(1)",
        "https:///elsewhere.example",
        "\thttps://elsewhere.example/",
    ],
)
def test_it_leads_nowhere_else(
    client: Client, google: Provider, alice: User, elsewhere: str
) -> None:
    assert confirm(client, google, "alice", next=elsewhere).headers["Location"] == "/"


@pytest.mark.parametrize("sub", ["unchecked", "unsaid", "written", "nameless"])
def test_an_address_that_the_provider_has_not_checked_opens_nothing(
    client: Client, google: Provider, alice: User, sub: str
) -> None:
    answer = confirm(client, google, sub)
    assert answer.status_code == 403
    assert "Google has not checked that the email address" in words_of(answer)
    assert not is_signed_in(client)


@pytest.mark.parametrize("status", [None, UserStatus.SUSPENDED, UserStatus.DELETED])
def test_unknown_and_suspended_people_read_the_same_words(
    client: Client, google: Provider, alice: User, status: str | None
) -> None:
    if status is not None:
        User.objects.filter(pk=alice.pk).update(status=status)
    answer = confirm(client, google, "alice" if status else "stranger")
    assert answer.status_code == 403
    assert "Nobody signs in here with the email address of your Google account" in words_of(answer)
    assert "here to request access" in words_of(answer)
    assert not is_signed_in(client)
    assert User.objects.count() == 1


@pytest.mark.parametrize("sub", ["dotless", "long", "kelvin"])
def test_letters_that_only_look_or_fold_alike_are_somebody_else(
    client: Client, google: Provider, at: datetime, sub: str
) -> None:
    """A dotless i and a long s are I and S in capitals, the kelvin sign is a small k."""
    from deskbell.accounts.actions import add_user

    add_user(email="kiss@example.com", name="", password=None, at=at)
    answer = confirm(client, google, sub)
    assert answer.status_code == 403
    assert "Nobody signs in here with the email address" in words_of(answer)
    assert not is_signed_in(client)


def test_who_does_not_want_is_told_so(client: Client, google: Provider, alice: User) -> None:
    answer = confirm(client, google, "")
    assert "You did not sign in with Google" in words_of(answer)
    assert not is_signed_in(client)


def test_a_link_back_works_once(client: Client, google: Provider, alice: User) -> None:
    back = google.answers(leave(client), "alice")
    assert come_back(client, back).status_code == 302
    client.post("/sign-out/")
    again = come_back(client, back)
    assert again.status_code == 403
    assert "a link of it was used twice" in words_of(again)
    assert not is_signed_in(client)


def test_a_link_back_is_worth_nothing_in_another_browser(
    client: Client, google: Provider, alice: User
) -> None:
    back = google.answers(leave(client), "alice")
    stranger = Client()
    assert come_back(stranger, back).status_code == 403
    assert not is_signed_in(stranger)


def test_a_page_that_was_open_for_too_long_has_to_be_asked_again(
    client: Client, google: Provider, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from allauth.socialaccount.internal import statekit

    back = google.answers(leave(client), "alice")
    monkeypatch.setattr(statekit, "STATE_TTL", -1)
    assert come_back(client, back).status_code == 403
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "path",
    [
        "/sign-in/with/google/back/",
        "/sign-in/with/google/back/?code=guessed&state=guessed",
        "/sign-in/with/google/back/?error=server_error",
        "/sign-in/with/google/back/?state=%00&code=%00",
    ],
)
def test_guessed_links_back_open_nothing(
    client: Client, google: Provider, alice: User, path: str
) -> None:
    assert client.get(path).status_code == 403
    assert not is_signed_in(client)


def test_a_guessed_code_with_a_state_of_ones_own_opens_nothing(
    client: Client, google: Provider, alice: User
) -> None:
    state = parse_qs(urlsplit(leave(client)).query)["state"][0]
    answer = client.get(f"/sign-in/with/google/back/?code=guessed&state={state}")
    assert answer.status_code == 403
    assert not is_signed_in(client)


def test_another_provider_than_the_settings_name_is_nobody(
    client: Client, google: Provider
) -> None:
    assert client.post("/sign-in/with/facebook/").status_code == 404
    assert client.get("/sign-in/with/facebook/back/?code=1&state=2").status_code == 404


def test_a_link_cannot_start_it_nor_join_accounts(
    client: Client, google: Provider, alice: User
) -> None:
    assert client.get("/sign-in/with/google/").headers["Location"] == "/sign-in/"
    client.force_login(alice)
    address = google.answers(leave(client, process="connect"), "stranger")
    assert come_back(client, address).status_code == 403
    assert not SocialAccount.objects.exists()


def test_the_way_there_asks_for_no_more_than_the_address_and_proves_the_way_back(
    client: Client, google: Provider
) -> None:
    asked = parse_qs(urlsplit(leave(client, scope="drive", auth_params="prompt=none")).query)
    assert sorted(asked["scope"][0].split()) == ["email", "openid", "profile"]
    assert asked["code_challenge_method"] == ["S256"]
    assert "prompt" not in asked
    assert asked["redirect_uri"] == ["http://testserver/sign-in/with/google/back/"]


def test_a_provider_that_does_not_answer_is_said_in_words(client: Client, settings: Any) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = Provider("http://127.0.0.1:1").settings()
    answer = client.post("/sign-in/with/google/")
    assert answer.status_code == 502
    assert "Google cannot be reached now" in words_of(answer)


def test_the_session_of_before_is_worth_nothing(
    client: Client, google: Provider, alice: User
) -> None:
    back = google.answers(leave(client), "alice")
    fixed = client.cookies["sessionid"].value
    come_back(client, back)
    assert client.cookies["sessionid"].value != fixed
    thief = Client()
    thief.cookies["sessionid"] = fixed
    assert not is_signed_in(thief)


def test_the_audit_log_has_who_signed_in_and_nobody_who_did_not(
    client: Client, google: Provider, alice: User
) -> None:
    confirm(client, google, "stranger")
    confirm(client, google, "alice")
    with system_scope("looking at the log"):
        [entry] = Entry.objects.filter(act="openid_connect_callback")
    assert entry.who == alice


@pytest.mark.parametrize(("kept", "is_kept"), [("on", True), ("", False)])
def test_who_asks_stays_signed_in(
    client: Client, google: Provider, alice: User, kept: str, is_kept: bool
) -> None:
    confirm(client, google, "alice", **({"remember": kept} if kept else {}))
    assert bool(client.cookies["sessionid"]["max-age"]) is is_kept


def test_the_button_is_there_only_where_it_works(client: Client, settings: Any) -> None:
    assert "Google" not in client.get("/sign-in/").content.decode()
    settings.OPENID_PROVIDERS = (GOOGLE,)
    text = client.get("/sign-in/").content.decode()
    assert "Sign in with Google" in text
    assert 'formaction="/sign-in/with/google/"' in text


def test_whoever_has_no_account_yet_is_told_what_to_do(
    client: Client, google: Provider, at: datetime
) -> None:
    from deskbell.accounts.actions import add_user

    add_user(email="alice@example.com", name="", password=None, at=at)
    confirm(client, google, "alice")
    assert "You belong to no account yet" in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("checked", "is_checked"),
    [(True, True), ("true", True), ("True", True), (False, False), ("false", False), (1, False)],
)
def test_providers_write_in_several_ways_that_they_checked(
    checked: object, is_checked: bool
) -> None:
    told = {"email": "alice@example.com", "email_verified": checked}
    assert address_of({"userinfo": told}) == ("alice@example.com", is_checked)


@pytest.mark.parametrize(
    ("data", "counts"),
    [
        ({"userinfo": {"sub": "a"}, "id_token": {"sub": "a"}}, True),
        ({"userinfo": {"sub": "b"}, "id_token": {"sub": "a"}}, False),
        ({"userinfo": {}, "id_token": {"sub": "a"}}, False),
        ({"userinfo": {"sub": ""}, "id_token": {"sub": ""}}, False),
        ({"id_token": {"sub": "a"}}, True),
        ({"userinfo": {"sub": "a"}}, False),
        ({}, False),
    ],
)
def test_what_is_told_must_be_of_whom_the_token_is(data: dict[str, Any], counts: bool) -> None:
    assert is_of_one(data) is counts
