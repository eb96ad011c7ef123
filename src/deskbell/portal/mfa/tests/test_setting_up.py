"""Enabling and disabling MFA, recovery codes and passkeys: the person's own pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from deskbell.accounts.models import Account, User
from deskbell.platform.jobs import run_job
from deskbell.portal.mfa import actions, has_mfa, having_mfa
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
Make = Callable[[User], Client]
Code = Callable[..., str]


def key_on(page: str) -> str:
    """The key that the page shows to be typed."""
    found = re.search(r">([A-Z2-7 ]{39})</textarea>", page)
    assert found
    return found[1].replace(" ", "")


def enable(client: Client, code: Code) -> str:
    """Connects an app; gives the page of recovery codes."""
    key = key_on(client.get("/profile/mfa/app/").content.decode())
    answer = client.post("/profile/mfa/app/", {"code": code(secret=key)}, follow=True)
    return answer.content.decode()


def told(number: int) -> str:
    """The mail that the n-th job of this kind would send."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT payload FROM pgqueuer"
            " WHERE entrypoint = 'portal.send_second_factor' ORDER BY id"
        )
        rows = cursor.fetchall()
    run_job("portal.send_second_factor", bytes(rows[number][0]))
    return str(mail.outbox[-1].subject) + str(mail.outbox[-1].body)


def test_enabling_asks_the_password_first(browser: Make, alice: User) -> None:
    client = browser(alice)
    answer = client.get("/profile/mfa/app/")
    assert answer.headers["Location"] == "/profile/confirm/?next=%2Fprofile%2Fmfa%2Fapp%2F"
    wrong = client.post("/profile/confirm/?next=/profile/mfa/app/", {"password": "wrong"})
    assert wrong.status_code == 422
    assert "not your password" in wrong.content.decode()
    assert client.get("/profile/mfa/app/").status_code == 302
    right = client.post("/profile/confirm/?next=/profile/mfa/app/", {"password": PASSWORD})
    assert right.headers["Location"] == "/profile/mfa/app/"
    assert client.get("/profile/mfa/app/").status_code == 200


def test_enabling_gives_ten_codes_once(confirmed: Make, alice: User, code: Code) -> None:
    client = confirmed(alice)
    page = enable(client, code)
    codes = re.findall(r"<code>(\d{4} \d{4})</code>", page)
    assert len(set(codes)) == 10
    file = re.search(r'href="data:text/plain;charset=utf-8,([^"]+)"', page)
    assert file
    assert codes[0] in unquote(file[1])
    again = client.get("/profile/mfa/codes/").content.decode()
    assert "not shown again" in again
    assert codes[0] not in again
    assert has_mfa(alice)
    assert "An authenticator app was connected" in told(-1)


def test_secrets_are_kept_sealed(confirmed: Make, alice: User, code: Code) -> None:
    client = confirmed(alice)
    key = key_on(client.get("/profile/mfa/app/").content.decode())
    client.post("/profile/mfa/app/", {"code": code(secret=key)})
    rows = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert key not in rows
    assert len(rows) > 100


def test_the_picture_has_the_key_and_the_address(confirmed: Make, alice: User) -> None:
    page = confirmed(alice).get("/profile/mfa/app/").content.decode()
    assert f"otpauth://totp/alice%40example.com?secret={key_on(page)}&amp;issuer=Deskbell" in page
    assert "data:image/svg+xml;base64," in page


def test_two_tabs_show_the_same_key(confirmed: Make, alice: User, code: Code) -> None:
    client = confirmed(alice)
    first, second = (key_on(client.get("/profile/mfa/app/").content.decode()) for _ in range(2))
    assert first == second
    client.post("/profile/mfa/app/", {"code": code(secret=first)})
    late = client.post("/profile/mfa/app/", {"code": code(secret=second)}, follow=True)
    assert "Your authenticator app is connected" in late.content.decode()
    assert Authenticator.objects.filter(type="totp").count() == 1


def test_a_wrong_code_connects_nothing_and_keeps_the_key(
    confirmed: Make, alice: User, code: Code
) -> None:
    client = confirmed(alice)
    key = key_on(client.get("/profile/mfa/app/").content.decode())
    wrong = client.post("/profile/mfa/app/", {"code": "000000"})
    assert wrong.status_code == 422
    assert "not the code that your authenticator app shows" in wrong.content.decode()
    assert key_on(wrong.content.decode()) == key
    assert not has_mfa(alice)


def test_a_clock_off_by_ninety_seconds_is_told_when_connecting(
    confirmed: Make, alice: User, code: Code
) -> None:
    client = confirmed(alice)
    key = key_on(client.get("/profile/mfa/app/").content.decode())
    page = client.post("/profile/mfa/app/", {"code": code(-90, key)}).content.decode()
    assert "about 90 seconds behind" in page
    assert "Set the date and time of that device to automatic" in page
    assert not has_mfa(alice)


def test_the_first_factor_ends_sessions_that_began_without(
    browser: Make, confirmed: Make, alice: User, code: Code
) -> None:
    elsewhere, here = browser(alice), confirmed(alice)
    assert elsewhere.get("/").status_code == 200
    enable(here, code)
    assert elsewhere.get("/").status_code == 302
    assert here.get("/").status_code == 200


def test_disabling_asks_the_password_and_takes_all_of_it(
    browser: Make, with_app: Callable[[User], list[str]], alice: User, code: Code
) -> None:
    with_app(alice)
    client = browser(alice)
    client.post("/sign-in/code/", {"code": code()})
    assert client.get("/").status_code == 200
    assert client.get("/profile/mfa/disable/").headers["Location"].startswith("/profile/confirm/")
    client.post("/profile/mfa/disable/")
    assert has_mfa(alice)
    client.post("/profile/confirm/", {"password": PASSWORD})
    assert "recovery codes" in client.get("/profile/mfa/disable/").content.decode()
    answer = client.post("/profile/mfa/disable/", follow=True)
    assert "Multi-factor authentication is disabled" in answer.content.decode()
    assert not Authenticator.objects.exists()
    assert "was disabled" in told(-1)


def test_nobody_disables_what_their_account_needs(
    confirmed: Make, alice: User, acme: Account, code: Code
) -> None:
    client = confirmed(alice)
    enable(client, code)
    acme.requires_mfa = True
    acme.save()
    assert "so yours cannot be removed" in client.get("/profile/mfa/").content.decode()
    for path in ("/profile/mfa/disable/", "/profile/mfa/app/remove/"):
        assert "so yours cannot be removed" in client.get(path).content.decode()
        client.post(path)
        assert has_mfa(alice)


def test_new_codes_replace_the_old(confirmed: Make, alice: User, code: Code) -> None:
    client = confirmed(alice)
    old = set(re.findall(r"<code>([\d ]+)</code>", enable(client, code)))
    answer = client.post("/profile/mfa/codes/renew/", follow=True).content.decode()
    new = set(re.findall(r"<code>([\d ]+)</code>", answer))
    assert len(new) == 10
    assert not new & old


def test_codes_are_shown_to_one_of_two_who_ask(
    alice: User, with_app: Callable[[User], object]
) -> None:
    shown = with_app(alice)
    assert shown
    from deskbell.foundation.clock import now

    assert actions.show_codes_once(user=alice, at=now()) == []


def test_who_has_a_factor_is_read_at_once(
    alice: User,
    bob: User,
    with_app: Callable[[User], object],
    django_assert_num_queries: Callable[..., Any],
) -> None:
    with_app(alice)
    with django_assert_num_queries(1):
        assert having_mfa([alice.pk, bob.pk]) == {alice.pk}


@pytest.mark.parametrize(
    "path",
    [
        "/profile/mfa/",
        "/profile/mfa/app/",
        "/profile/mfa/codes/",
        "/profile/mfa/passkeys/add/",
        "/profile/confirm/",
        "/profile/confirm/code/",
    ],
)
def test_nobody_else_comes_near(path: str, client: Client) -> None:
    assert client.get(path).headers["Location"].startswith("/sign-in/?next=")


def test_somebody_without_an_account_sets_it_up_too(db: None, browser: Make, rita: User) -> None:
    assert "Enable MFA" in browser(rita).get("/profile/mfa/").content.decode()


def test_the_way_back_stays_here(browser: Make, alice: User) -> None:
    client = browser(alice)
    form = {"password": PASSWORD, "next": "https://elsewhere.example/"}
    assert client.post("/profile/confirm/", form).headers["Location"] == "/profile/mfa/"


def test_wrong_passwords_lock_as_at_sign_in(browser: Make, alice: User) -> None:
    client = browser(alice)
    for _ in range(10):
        client.post("/profile/confirm/", {"password": "wrong"})
    page = client.post("/profile/confirm/", {"password": PASSWORD}).content.decode()
    assert "locked" in page


def test_who_has_no_password_signs_in_again_first(browser: Make, alice: User) -> None:
    client = Client()
    client.force_login(alice)
    alice.set_unusable_password()
    alice.save()
    client = Client()
    client.force_login(alice)
    page = client.get("/profile/mfa/app/", follow=True).content.decode()
    assert "Choose a password" in page
