"""Sessions: what is listed, what ends them, and that polls do not keep them alive."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from django.utils import timezone

from deskbell.accounts.models import KnownDevice, User
from deskbell.portal.sign_in import jobs, seen
from deskbell.portal.sign_in.sessions import end_all_sessions, end_other_sessions, sessions_of

from .conftest import Clock, SignIn

pytestmark = pytest.mark.django_db


def is_in(client: Client) -> bool:
    """Whether a page is shown to whoever is signed in."""
    return client.get("/profile/sessions/").status_code == 200


def id_of(client: Client) -> int:
    found: int = UserSession.objects.get(session_key=client.session.session_key).pk
    return found


def text_of(client: Client) -> str:
    return client.get("/profile/sessions/").content.decode()


def test_every_place_is_listed_and_this_one_marked(alice: User, bob: User, sign_in: SignIn) -> None:
    here = sign_in(**{"User-Agent": "Firefox/130 Windows"})
    sign_in(**{"User-Agent": "Chrome/128 Android"})
    sign_in(email="bob@example.com", **{"User-Agent": "Opera Linux"})
    text = text_of(here)
    assert "Firefox on Windows" in text
    assert "Chrome on Android" in text
    assert "Opera" not in text
    assert text.count("This device") == 1


def test_one_session_is_ended_and_no_other(alice: User, sign_in: SignIn) -> None:
    here, there = sign_in(), sign_in()
    here.post(f"/profile/sessions/{id_of(there)}/end/")
    assert is_in(here)
    assert not is_in(there)
    assert not Session.objects.filter(session_key=there.session.session_key).exists()


def test_nobody_ends_the_session_of_another(alice: User, bob: User, sign_in: SignIn) -> None:
    alices, bobs = sign_in(), sign_in(email="bob@example.com")
    answer = alices.post(f"/profile/sessions/{id_of(bobs)}/end/", follow=True)
    assert "over already" in answer.content.decode()
    assert is_in(bobs)


def test_sign_out_everywhere_asks_first_and_then_is_everywhere(
    alice: User, sign_in: SignIn
) -> None:
    here, there = sign_in(remember="on"), sign_in()
    asked = here.get("/profile/sessions/end-all/").content.decode()
    assert "this one too" in asked
    assert is_in(there)
    answer = here.post("/profile/sessions/end-all/", follow=True)
    assert "You are signed out everywhere" in answer.content.decode()
    assert not is_in(here)
    assert not is_in(there)
    assert not KnownDevice.objects.exists()


def test_sign_out_everywhere_else_leaves_this_one(alice: User, sign_in: SignIn) -> None:
    here, there = sign_in(), sign_in()
    here.post("/profile/sessions/end-others/")
    assert is_in(here)
    assert not is_in(there)
    assert KnownDevice.objects.count() == 1


def test_the_doors_of_other_rooms(alice: User, bob: User, sign_in: SignIn) -> None:
    here, there = sign_in(), sign_in()
    bobs = sign_in(email="bob@example.com")
    request: Any = RequestFactory().get("/")
    request.user, request.session = alice, here.session
    assert end_other_sessions(request) == 1
    assert is_in(here)
    assert not is_in(there)
    assert end_all_sessions(alice) == 1
    assert not is_in(here)
    assert is_in(bobs)


def test_a_session_that_began_before_is_listed_once_it_is_used(alice: User, client: Client) -> None:
    client.force_login(alice)
    assert "This device" in text_of(client)


def test_a_new_password_ends_all_sessions(alice: User, sign_in: SignIn) -> None:
    there = sign_in()
    alice.set_password("Fresh-brewed-7")
    alice.save()
    assert not is_in(there)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock(timezone.now())
    monkeypatch.setattr(seen, "now", found)
    return found


def seen_at(client: Client) -> datetime:
    found: datetime = UserSession.objects.get(pk=id_of(client)).last_seen_at
    return found


def test_last_seen_is_written_every_five_minutes_and_never_by_a_page_that_asks_by_itself(
    alice: User, sign_in: SignIn, clock: Clock
) -> None:
    client = sign_in()
    client.get("/")
    first = seen_at(client)
    clock.pass_by(minutes=4)
    client.get("/")
    assert seen_at(client) == first
    clock.pass_by(minutes=2)
    client.get("/messages/live/", headers={"HX-Request": "true"})
    assert seen_at(client) == first
    client.get("/")
    assert seen_at(client) == clock.at


def test_a_clock_that_was_put_back_stops_nothing(
    alice: User, sign_in: SignIn, clock: Clock
) -> None:
    client = sign_in()
    client.get("/")
    clock.pass_by(days=-3)
    client.get("/")
    assert seen_at(client) == clock.at


def test_what_is_over_is_not_listed_and_cleared_up(alice: User, sign_in: SignIn) -> None:
    here, there = sign_in(), sign_in()
    Session.objects.filter(session_key=there.session.session_key).update(
        expire_date=timezone.now() - timedelta(days=1)
    )
    assert len(sessions_of(alice, here.session.session_key)) == 1
    jobs.forget()
    assert UserSession.objects.count() == 1
    assert is_in(here)


@pytest.mark.parametrize("remember", ["on", ""])
def test_who_asks_is_kept_and_others_until_the_browser_closes(
    alice: User, sign_in: SignIn, remember: str
) -> None:
    client = sign_in(remember=remember)
    cookie = client.cookies["sessionid"]
    assert bool(cookie["max-age"]) is bool(remember)
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    client.get("/")
    assert bool(client.cookies["sessionid"]["max-age"]) is bool(remember)


def test_a_session_from_before_signing_in_is_worth_nothing(
    alice: User, sign_in: SignIn, client: Client
) -> None:
    session = client.session
    session["x"] = 1
    session.save()
    client.cookies["sessionid"] = str(session.session_key)
    sign_in(client)
    assert client.session.session_key != session.session_key
    thief = Client()
    thief.cookies["sessionid"] = str(session.session_key)
    assert not is_in(thief)
    chosen = Client()
    chosen.cookies["sessionid"] = "chosenbysomebodyelse0123456789ab"
    sign_in(chosen)
    assert chosen.cookies["sessionid"].value != "chosenbysomebodyelse0123456789ab"


def test_while_an_operator_acts_as_somebody_sessions_are_out_of_reach(
    alice: User, olivia: User, sign_in: SignIn, settings: Any
) -> None:
    from deskbell.portal import acting

    alices, olivias = sign_in(), sign_in(email="olivia@example.com")
    request: Any = RequestFactory().get("/")
    session = olivias.session
    request.user, request.session = olivia, session
    acting.begin(request, person=alice, reason="helping", at=timezone.now())
    session.save()
    assert olivias.get("/profile/sessions/").status_code == 403
    assert olivias.post("/profile/sessions/end-all/").status_code == 403
    assert is_in(alices)
    own = UserSession.objects.get(session_key=session.session_key)
    assert own.user_id == olivia.pk
