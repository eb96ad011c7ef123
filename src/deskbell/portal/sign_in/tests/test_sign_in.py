"""Signing in: what a person sees with the right password, a wrong one, and too many of them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.test import Client

from deskbell.accounts.models import Account, User, UserStatus
from deskbell.desk.actions.staffing import add_receptionist
from deskbell.platform.jobs import run_job
from deskbell.portal.sign_in.adapter import in_words
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


def sign_in(client: Client, email: str, password: str = PASSWORD) -> str:
    """Posts the form; gives the page that follows, as text."""
    answer = client.post("/sign-in/", {"login": email, "password": password}, follow=True)
    return answer.content.decode()


def test_the_right_password_leads_to_the_dashboard(client: Client, alice: User) -> None:
    text = sign_in(client, "alice@example.com")
    assert "<h1>Dashboard</h1>" in text
    assert (
        "data-close-notice" not in text
    )  # the page itself says it; a notice would hide some of it


@pytest.mark.parametrize("has_desk", [True, False])
def test_a_receptionist_comes_to_the_desk(
    client: Client, acme: Account, rita: User, at: datetime, has_desk: bool
) -> None:
    if has_desk:
        add_receptionist(user=rita, phone="", skills=[], at=at)
    typed = {"login": "rita@example.com", "password": PASSWORD}
    assert client.post("/sign-in/", typed).headers["Location"] == ("/desk/" if has_desk else "/")


def test_an_address_is_known_in_any_case(client: Client, alice: User) -> None:
    assert "<h1>Dashboard</h1>" in sign_in(client, "Alice@Example.COM")


def test_a_wrong_password_is_said_in_words(client: Client, alice: User) -> None:
    text = sign_in(client, "alice@example.com", "wrong")
    assert "do not belong together" in text
    assert client.get("/").status_code == 302


def test_an_unknown_address_gets_the_same_words(client: Client, alice: User) -> None:
    known = sign_in(client, "alice@example.com", "wrong")
    unknown = sign_in(client, "nobody@example.com", "wrong")
    assert "do not belong together" in known
    assert "do not belong together" in unknown


def test_ten_wrong_passwords_lock_the_address_and_say_for_how_long(
    client: Client, alice: User, bob: User
) -> None:
    for _ in range(10):
        assert "do not belong together" in sign_in(client, "alice@example.com", "wrong")
    text = sign_in(client, "alice@example.com")
    assert "locked after too many wrong passwords" in text
    assert re.search(r"Try again in 1[45] minutes", text)
    assert "<h1>Dashboard</h1>" in sign_in(Client(), "bob@example.com")


def test_nine_wrong_passwords_lock_nothing(client: Client, alice: User) -> None:
    for _ in range(9):
        sign_in(client, "alice@example.com", "wrong")
    assert "<h1>Dashboard</h1>" in sign_in(client, "alice@example.com")


def test_sign_out_ends_the_session(client: Client, alice: User) -> None:
    sign_in(client, "alice@example.com")
    client.post("/sign-out/")
    assert client.get("/").headers["Location"] == "/sign-in/?next=/"


@pytest.mark.parametrize("status", [UserStatus.SUSPENDED, UserStatus.DELETED])
def test_who_is_switched_off_cannot_sign_in(client: Client, alice: User, status: str) -> None:
    alice.status = status
    alice.save()
    assert "This sign-in is switched off" in sign_in(client, "alice@example.com")
    assert client.get("/").status_code == 302


def test_suspending_ends_a_session(client: Client, alice: User) -> None:
    sign_in(client, "alice@example.com")
    assert client.get("/").status_code == 200
    User.objects.filter(pk=alice.pk).update(status=UserStatus.SUSPENDED)
    assert client.get("/").status_code == 302


def test_nobody_signs_up_by_themselves(client: Client) -> None:
    assert client.get("/signup/").status_code == 404


def test_the_sign_in_before_this_one_is_kept(client: Client, alice: User) -> None:
    assert "First visit" in sign_in(client, "alice@example.com")
    first = User.objects.get(pk=alice.pk).last_login
    client.post("/sign-out/")
    assert "First visit" not in sign_in(client, "alice@example.com")
    assert User.objects.get(pk=alice.pk).previous_login == first


def test_a_forgotten_password_is_replaced_by_the_link_in_an_email(
    client: Client, alice: User
) -> None:
    for _ in range(11):
        sign_in(client, "alice@example.com", "wrong")
    answer = client.post("/password/", {"email": "alice@example.com"}, follow=True)
    assert "Look into your mailbox" in answer.content.decode()
    run_job("portal.send_reset_link", b'{"user_id": %d}' % alice.pk)
    link = re.search(r"https?://[^/]+(/password/\S+)", str(mail.outbox[0].body))
    assert link
    form = client.get(link[1], follow=True)
    page = form.redirect_chain[-1][0]
    refused = client.post(page, {"password1": "simple", "password2": "simple"})
    assert "upper-case" in refused.content.decode()
    new = "Fresh-brewed-7"
    done = client.post(page, {"password1": new, "password2": new}, follow=True)
    assert "Your password is changed" in done.content.decode()
    assert "<h1>Dashboard</h1>" in sign_in(client, "alice@example.com", new)
    again = Client().get(link[1], follow=True)
    assert "This link no longer works" in again.content.decode()


def test_a_link_to_a_new_password_works_for_a_day(
    client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = datetime(2026, 3, 4, 10, 0)  # noqa: DTZ001 Django reckons these links in naive times
    clock = [asked]
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: clock[0])
    run_job("portal.send_reset_link", b'{"user_id": %d}' % alice.pk)
    link = re.search(r"https?://[^/]+(/password/\S+)", str(mail.outbox[0].body))
    assert link
    for late, is_over in ((0, False), (1, True)):
        clock[0] = asked + timedelta(hours=24, seconds=late)
        text = Client().get(link[1], follow=True).content.decode()
        assert ("This link no longer works" in text) == is_over


def test_asking_for_a_link_tells_nothing_about_an_unknown_address(
    client: Client, alice: User
) -> None:
    answer = client.post("/password/", {"email": "nobody@example.com"}, follow=True)
    assert "Look into your mailbox" in answer.content.decode()
    assert mail.outbox == []


def test_somebody_without_an_account_is_told_what_to_do(client: Client, at: datetime) -> None:
    lone = User(email="lone@example.com", created_at=at, updated_at=at)
    lone.set_password(PASSWORD)
    lone.save()
    text = sign_in(client, "lone@example.com")
    assert "You belong to no account yet" in text


def test_a_page_asked_for_is_shown_after_sign_in(client: Client, alice: User) -> None:
    asked = client.get("/messages/?tab=acknowledged")
    answer = client.post(
        asked.headers["Location"],
        {"login": "alice@example.com", "password": PASSWORD},
        follow=True,
    )
    assert answer.redirect_chain[-1][0] == "/messages/?tab=acknowledged"


def test_sign_in_does_not_send_people_elsewhere(client: Client, alice: User) -> None:
    answer = client.post(
        "/sign-in/?next=https://elsewhere.example/",
        {"login": "alice@example.com", "password": PASSWORD},
    )
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "1 minute"), (61, "2 minutes"), (900, "15 minutes"), (30, "1 minute")],
)
def test_waits_are_rounded_up(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


def test_pages_carry_the_policy(client: Client, alice: User, acme: Account) -> None:
    answer = client.get("/sign-in/")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    body = answer.content.decode()
    assert "style=" not in body
    assert "<style" not in body
    assert not re.search(r"<script(?![^>]*src=)", body)
    assert not re.search(r"\son\w+=", body)
