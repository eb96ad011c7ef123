"""Passkeys: made with a name, used as second step and alone; what is forged comes to nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from deskbell.accounts.models import User, UserStatus
from deskbell.portal.mfa import has_mfa, passkeys
from deskbell.portal.mfa.actions import MOST_PASSKEYS
from tests.soft_passkey import SoftPasskey

pytestmark = pytest.mark.django_db
Make = Callable[[User], Client]
ADD, MAKE = "/profile/mfa/passkeys/add/", "/profile/mfa/passkeys/options/"
ALONE, ALONE_OPTIONS = "/sign-in/passkey/", "/sign-in/passkey/options/"
CODE_OPTIONS = "/sign-in/code/options/"


def added(client: Client, key: SoftPasskey, name: str = "Telephone") -> Any:
    """Adds a passkey as the script does; gives the answer."""
    credential = key.make(client.post(MAKE).json())
    return client.post(ADD, {"name": name, "credential": credential})


@pytest.fixture
def key(confirmed: Make, alice: User) -> SoftPasskey:
    """alice's passkey."""
    made = SoftPasskey()
    assert added(confirmed(alice), made).headers["Location"] == "/profile/mfa/codes/"
    return made


def test_a_passkey_is_listed_renamed_and_removed(confirmed: Make, alice: User) -> None:
    client = confirmed(alice)
    added(client, SoftPasskey())
    assert has_mfa(alice)
    assert "Telephone" in client.get("/profile/mfa/").content.decode()
    pk = Authenticator.objects.get(type="webauthn").pk
    client.post(f"/profile/mfa/passkeys/{pk}/name/", {"name": "Blue key"})
    assert "Blue key" in client.get("/profile/mfa/").content.decode()
    asked = client.get(f"/profile/mfa/passkeys/{pk}/remove/").content.decode()
    assert "Remove the passkey Blue key?" in asked
    client.post(f"/profile/mfa/passkeys/{pk}/remove/")
    assert not Authenticator.objects.exists()


def test_a_passkey_alone_signs_in(client: Client, key: SoftPasskey) -> None:
    credential = key.use(client.post(ALONE_OPTIONS).json())
    answer = client.post(ALONE, {"credential": credential, "next": "/messages/"})
    assert answer.headers["Location"] == "/messages/"
    assert client.get("/").status_code == 200
    assert client.session.get_expire_at_browser_close()


def test_a_passkey_keeps_a_device_signed_in_where_that_is_wanted(
    client: Client, key: SoftPasskey
) -> None:
    credential = key.use(client.post(ALONE_OPTIONS).json())
    client.post(ALONE, {"credential": credential, "remember": "on"})
    assert not client.session.get_expire_at_browser_close()


def test_a_passkey_is_the_second_step(browser: Make, alice: User, key: SoftPasskey) -> None:
    client = browser(alice)
    assert client.get("/").status_code == 302
    credential = key.use(client.post(CODE_OPTIONS).json())
    client.post("/sign-in/code/", {"credential": credential})
    assert client.get("/").status_code == 200


def test_a_passkey_confirms_who_is_there(browser: Make, alice: User, key: SoftPasskey) -> None:
    client = browser(alice)
    client.post("/sign-in/code/", {"credential": key.use(client.post(CODE_OPTIONS).json())})
    for path in ("/profile/confirm/", "/profile/confirm/code/"):
        credential = key.use(client.post("/profile/confirm/options/").json())
        answer = client.post(path, {"credential": credential, "next": ADD})
        assert answer.headers["Location"] == ADD


def test_an_answer_is_not_replayed(key: SoftPasskey) -> None:
    first, second = Client(), Client()
    credential = key.use(first.post(ALONE_OPTIONS).json())
    second.post(ALONE_OPTIONS)
    second.post(ALONE, {"credential": credential})
    assert second.get("/").status_code == 302
    first.post(ALONE, {"credential": credential})
    assert first.get("/").status_code == 200
    first.post("/sign-out/")
    first.post(ALONE, {"credential": credential})
    assert first.get("/").status_code == 302


def test_a_challenge_is_answered_once(client: Client, key: SoftPasskey) -> None:
    """A wrong answer ends it, so that nobody tries many on one."""
    options = client.post(ALONE_OPTIONS).json()
    client.post(ALONE, {"credential": SoftPasskey().use(options, handle=key.handle)})
    client.post(ALONE, {"credential": key.use(options)})
    assert client.get("/").status_code == 302


def test_the_passkey_of_another_opens_nothing(
    client: Client, confirmed: Make, key: SoftPasskey, bob: User
) -> None:
    theirs = SoftPasskey()
    added(confirmed(bob), theirs)
    credential = theirs.use(client.post(ALONE_OPTIONS).json(), handle=key.handle)
    client.post(ALONE, {"credential": credential})
    assert client.get("/").status_code == 302


def test_a_passkey_that_does_not_know_its_person_does_not_sign_in_alone(
    client: Client, key: SoftPasskey
) -> None:
    key.flags = type(key.flags)(1)
    client.post(ALONE, {"credential": key.use(client.post(ALONE_OPTIONS).json())})
    assert client.get("/").status_code == 302


def test_a_passkey_without_a_pin_is_not_kept(confirmed: Make, alice: User) -> None:
    answer = added(confirmed(alice), SoftPasskey(knows_its_person=False))
    assert "The passkey was not made" in answer.content.decode()
    assert not has_mfa(alice)


def test_a_passkey_for_another_place_opens_nothing(client: Client, key: SoftPasskey) -> None:
    key.rp_id = "elsewhere.example"
    client.post(ALONE, {"credential": key.use(client.post(ALONE_OPTIONS).json())})
    assert client.get("/").status_code == 302


def test_nobody_takes_the_passkey_of_another(
    confirmed: Make, alice: User, bob: User, key: SoftPasskey
) -> None:
    thief = confirmed(bob)
    answer = added(thief, key)
    assert "registered here already" in answer.content.decode()
    pk = Authenticator.objects.get(type="webauthn").pk
    for verb in ("name", "remove"):
        for ask in (thief.get, thief.post):
            assert ask(f"/profile/mfa/passkeys/{pk}/{verb}/", {"name": "x"}).status_code == 404
    assert has_mfa(alice)


def test_a_suspended_person_does_not_sign_in(client: Client, alice: User, key: SoftPasskey) -> None:
    User.objects.filter(pk=alice.pk).update(status=UserStatus.SUSPENDED)
    credential = key.use(client.post(ALONE_OPTIONS).json())
    page = client.post(ALONE, {"credential": credential}, follow=True).content.decode()
    assert "switched off" in page
    assert client.get("/").status_code == 302


def test_a_name_is_needed_and_short(confirmed: Make, alice: User) -> None:
    client = confirmed(alice)
    for name in ("", "   ", "x" * 61, "\0"):
        assert added(client, SoftPasskey(), name).status_code == 422
    assert not has_mfa(alice)


def test_there_is_an_end_to_passkeys(confirmed: Make, alice: User, key: SoftPasskey) -> None:
    data = Authenticator.objects.get(type="webauthn").data
    for number in range(MOST_PASSKEYS - 1):
        copy = json.loads(json.dumps(data))
        copy["credential"]["id"] = copy["credential"]["rawId"] = f"AAA{number % 8}"
        Authenticator.objects.create(user=alice, type="webauthn", data=copy)
    client = confirmed(alice)
    credential = key.use(client.post(CODE_OPTIONS).json())
    client.post("/sign-in/code/", {"credential": credential})
    client.post("/profile/confirm/", {"password": "Ring-the-bell-1"})
    page = added(client, SoftPasskey()).content.decode()
    assert "as many as there can be" in page, page


def answer_with(**response: object) -> str:
    """Something like the answer of a passkey."""
    whole = {"clientDataJSON": "e30", "authenticatorData": "YQ", "signature": "YQ"} | response
    return json.dumps({"id": "YQ", "response": whole})


HOSTILE = [
    "",
    "[]",
    "null",
    "3",
    '"x"',
    "{",
    "{}",
    '{"id": 1, "response": {}}',
    '{"id": "YQ", "response": []}',
    '{"id": "YQ", "response": {}}',
    answer_with(),
    answer_with(clientDataJSON=1, attestationObject=2),
    answer_with(clientDataJSON="YQ", attestationObject="YQ"),
    answer_with(userHandle="OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5"),
    answer_with(userHandle="_____w"),
    answer_with(userHandle={"a": 1}),
    answer_with(clientDataJSON="A" * 30_000),
    "[" * 5_000,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_no_answer_of_a_passkey_is_refused(
    client: Client, confirmed: Make, alice: User, bob: User, key: SoftPasskey, text: str
) -> None:
    for asked_first in (False, True):
        if asked_first:
            client.post(ALONE_OPTIONS)
        answer = client.post(ALONE, {"credential": text})
        assert answer.headers["Location"] == "/sign-in/"
    theirs = confirmed(bob)
    theirs.post(MAKE)
    assert theirs.post(ADD, {"name": "x", "credential": text}).status_code == 422
    pending = Client()
    pending.post("/sign-in/", {"login": alice.email, "password": "Ring-the-bell-1"})
    pending.post(CODE_OPTIONS)
    assert pending.post("/sign-in/code/", {"credential": text}).status_code == 422
    assert not has_mfa(bob)


def test_only_what_belongs_to_a_passkey_is_kept(confirmed: Make, alice: User) -> None:
    client, key = confirmed(alice), SoftPasskey()
    told = json.loads(key.make(client.post(MAKE).json()))
    told |= {"more": "x" * 100}
    told["response"]["more"] = "x" * 100
    client.post(ADD, {"name": "Telephone", "credential": json.dumps(told)})
    assert "more" not in json.dumps(Authenticator.objects.get(type="webauthn").data)


def test_options_are_for_who_just_confirmed(browser: Make, alice: User) -> None:
    client = browser(alice)
    assert client.post(MAKE, headers={"Accept": "application/json"}).status_code == 401


@pytest.mark.parametrize(("host", "there"), [("deskbell.example", True), ("192.0.2.1", False)])
def test_passkeys_need_a_name(settings: Any, host: str, there: bool) -> None:
    settings.PUBLIC_HOST = host
    assert passkeys.are_possible() is there
