"""Devices: the mail about a new one, the cookie, and that a flood of guesses stops strangers only.

What a person would lose: to be told that somebody else has their password, or the way in.
"""

from __future__ import annotations

import json
import re

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from deskbell.accounts.actions import make_user_token, use_user_token
from deskbell.accounts.models import KnownDevice, User
from deskbell.audit.models import Entry
from deskbell.foundation.clock import now
from deskbell.foundation.errors import NotSignedIn
from deskbell.platform.jobs import run_job
from deskbell.platform.tenancy import system_scope
from deskbell.portal.sign_in.devices import COOKIE, in_words

from .conftest import SignIn

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/128.0.0.0 Safari/537.36"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/128.0 Safari/537.36 Edg/128.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1"
SAMSUNG = "Mozilla/5.0 (Linux; Android 14) SamsungBrowser/25.0 Chrome/121.0 Mobile Safari/537.36"
NAMED = [
    (FIREFOX, "Firefox on Windows"),
    (CHROME, "Chrome on Linux"),
    (EDGE, "Edge on Windows"),
    (IPHONE, "Safari on iPhone"),
    (SAMSUNG, "Samsung Internet on Android"),
    ("curl/8.5.0", "A browser"),
    ("", "A browser"),
    ("<script>alert(1)</script> Firefox/1", "Firefox"),
]


def queued(name: str) -> list[dict[str, object]]:
    """What waits in the queue for a kind of job."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM pgqueuer WHERE entrypoint = %s", [name])
        return [json.loads(bytes(payload)) for (payload,) in cursor.fetchall()]


def mails_of_new_devices() -> int:
    return len(queued("portal.send_new_device"))


def wrong(client: Client, times: int, email: str = "alice@example.com") -> str:
    """Guesses; gives the last answer."""
    for _ in range(times):
        answer = client.post("/sign-in/", {"login": email, "password": "wrong"})
    return str(answer.content.decode())


@pytest.mark.parametrize(("agent", "words"), NAMED)
def test_browsers_in_words(agent: str, words: str) -> None:
    assert in_words(agent) == words


def test_a_new_device_is_told_once_and_the_first_of_all_is_not(
    alice: User, sign_in: SignIn
) -> None:
    first = sign_in()
    assert mails_of_new_devices() == 0
    first.post("/sign-out/")
    sign_in(first)
    assert mails_of_new_devices() == 0
    second = sign_in(**{"User-Agent": FIREFOX})
    assert mails_of_new_devices() == 1
    second.post("/sign-out/")
    sign_in(second)
    assert mails_of_new_devices() == 1


def test_the_mail_says_what_when_and_where_and_what_to_do(alice: User, sign_in: SignIn) -> None:
    sign_in()
    sign_in(**{"User-Agent": FIREFOX})
    [told] = queued("portal.send_new_device")
    told |= {"at": "2026-03-04T15:00:00+00:00"}
    run_job("portal.send_new_device", json.dumps(told).encode())
    [sent] = mail.outbox
    assert sent.to == ["alice@example.com"]
    assert "Firefox on Windows, from 127.0.0.1" in sent.body
    assert "March 4, 2026, 10:00 AM (America/New_York)" in sent.body
    assert reverse("account_reset_password") in sent.body
    assert reverse("sessions") in sent.body


def test_who_does_not_want_the_mail_gets_none(alice: User, sign_in: SignIn) -> None:
    User.objects.filter(pk=alice.pk).update(notices=[])
    sign_in()
    sign_in()
    assert mails_of_new_devices() == 0


def test_a_wrong_password_makes_no_device_known(alice: User, client: Client) -> None:
    wrong(client, 1)
    assert COOKIE not in client.cookies
    assert not KnownDevice.objects.exists()


def test_the_cookie_is_kept_from_scripts_and_other_sites(alice: User, sign_in: SignIn) -> None:
    cookie = sign_in().cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert int(cookie["max-age"]) == 400 * 86400


def test_strangers_lock_out_strangers_and_never_the_owners_own_device(
    alice: User, sign_in: SignIn, client: Client
) -> None:
    own = sign_in()
    own.post("/sign-out/")
    assert "locked after too many wrong passwords" in wrong(client, 11)
    assert client.get("/").status_code == 302
    assert sign_in(own).get("/").status_code == 200
    stolen = Client()
    stolen.cookies[COOKIE] = "guessed"
    assert sign_in(stolen).get("/").status_code == 302


def test_on_the_owners_device_guessing_is_stopped_as_well(
    alice: User, bob: User, sign_in: SignIn
) -> None:
    own = sign_in()
    own.post("/sign-out/")
    assert "locked" not in wrong(own, 10)
    assert "locked after too many" in wrong(own, 1)
    assert sign_in(email="alice@example.com").get("/").status_code == 200  # from elsewhere


def test_a_new_password_lets_the_owner_in_while_others_go_on_guessing(
    alice: User, sign_in: SignIn, client: Client
) -> None:
    sign_in().post("/sign-out/")
    KnownDevice.objects.all().delete()
    stranger = Client()
    wrong(stranger, 11)
    run_job("portal.send_reset_link", b'{"user_id": %d}' % alice.pk)
    link = re.search(r"https?://[^/]+(/password/\S+)", str(mail.outbox[0].body))
    assert link
    form = client.get(link[1], follow=True).redirect_chain[-1][0]
    new = "Fresh-brewed-7"
    client.post(form, {"password1": new, "password2": new})
    wrong(stranger, 12)
    assert sign_in(client, password=new).get("/").status_code == 200


def test_the_link_of_a_new_password_ends_what_others_set_up_and_is_logged(
    alice: User, client: Client
) -> None:
    User.objects.filter(pk=alice.pk).update(email_proved=False)
    pair = make_user_token(user=alice, at=now())
    run_job("portal.send_reset_link", b'{"user_id": %d}' % alice.pk)
    link = re.search(r"https?://[^/]+(/password/\S+)", str(mail.outbox[0].body))
    assert link
    form = client.get(link[1], follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": "Fresh-brewed-7", "password2": "Fresh-brewed-7"})
    alice.refresh_from_db()
    assert alice.email_proved
    assert alice.check_password("Fresh-brewed-7")
    with pytest.raises(NotSignedIn):
        use_user_token(alice.sid, pair, at=now())
    with system_scope("test"):
        entry = Entry.objects.get(act="account_reset_password_from_key")
    assert (entry.who, entry.subject) == (alice, alice.email)


def test_a_lock_is_in_the_operators_log_once(alice: User, client: Client) -> None:
    wrong(client, 15)
    with system_scope("looking at the log"):
        [entry] = Entry.objects.filter(act="sign_in_locked")
    assert entry.subject == "alice@example.com"
    assert entry.account is None
    assert entry.who is None
