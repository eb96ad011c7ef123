"""Whoever needs a second factor is led to set one up, and nowhere else until it is done."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from deskbell.accounts.actions import join
from deskbell.accounts.models import Account, User
from deskbell.audit.models import Entry
from deskbell.foundation.environment import environment
from deskbell.platform.tenancy import account_scope
from deskbell.portal.mfa import actions
from deskbell.portal.mfa.rules import code_of, step_at
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
Make = Callable[[User], Client]
Code = Callable[..., str]
WithApp = Callable[[User], list[str]]
SET_UP = "/profile/mfa/"


@pytest.fixture
def strict(acme: Account) -> Account:
    """Acme asks a second factor of everybody."""
    acme.requires_mfa = True
    acme.save()
    return acme


@pytest.fixture
def strict_staff(monkeypatch: pytest.MonkeyPatch) -> None:
    """The deployment asks one of its staff."""
    from dataclasses import replace

    made = replace(environment(), staff_mfa=True)
    for name in ("required", "actions"):
        monkeypatch.setattr(f"deskbell.portal.mfa.{name}.environment", lambda: made)


@pytest.mark.parametrize("path", ["/", "/messages/", "/to-dos/", "/scripts/"])
def test_a_member_is_led_to_set_one_up(
    browser: Make, bob: User, strict: Account, path: str
) -> None:
    client = browser(bob)
    assert client.get(path).headers["Location"] == SET_UP
    assert client.post(path).headers["Location"] == SET_UP
    page = client.get(SET_UP).content.decode()
    assert "Acme Dental needs MFA from everybody who enters it" in page
    assert "/messages/" not in page


def test_a_script_is_told_to_go_there(browser: Make, bob: User, strict: Account) -> None:
    answer = browser(bob).get("/messages/live/", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == SET_UP


def test_setting_up_leads_on_to_where_one_wanted_to_go(
    browser: Make, bob: User, strict: Account, code: Code
) -> None:
    client = browser(bob)
    client.get("/to-dos/")
    page = client.get("/profile/mfa/app/").content.decode()  # the password was typed just now
    key = re.search(r">([A-Z2-7 ]{39})</textarea>", page)
    assert key
    typed = code(secret=key[1].replace(" ", ""))
    codes = client.post("/profile/mfa/app/", {"code": typed}, follow=True).content.decode()
    assert 'href="/to-dos/"' in codes
    assert client.get("/to-dos/").status_code == 200


def test_signing_out_and_another_account_stay_possible(
    browser: Make, bob: User, strict: Account, other: Account
) -> None:
    join(user=bob, account=other)
    client = browser(bob)
    client.post("/account/", {"account": strict.pk})
    assert client.get("/messages/").headers["Location"] == SET_UP
    assert "Change account" in client.get(SET_UP).content.decode()
    client.post("/account/", {"account": other.pk})
    assert client.get("/messages/").status_code == 200
    client.post("/account/", {"account": strict.pk})
    client.post("/sign-out/")
    assert client.get("/").headers["Location"].startswith("/sign-in/")


def test_it_takes_effect_for_who_is_signed_in(browser: Make, bob: User, acme: Account) -> None:
    client = browser(bob)
    assert client.get("/messages/").status_code == 200
    acme.requires_mfa = True
    acme.save()
    assert client.get("/messages/").headers["Location"] == SET_UP
    assert client.get("/messages/live/", headers={"HX-Request": "true"}).status_code == 401


def test_a_session_from_before_proves_the_factor_first(
    bob: User, browser: Make, acme: Account, with_app: WithApp, code: Code
) -> None:
    client = browser(bob)
    with_app(bob)
    acme.requires_mfa = True
    acme.save()
    where = client.get("/messages/").headers["Location"]
    assert where == "/profile/confirm/code/?next=%2Fmessages%2F"
    assert client.post(where, {"code": "000000"}).status_code == 422
    assert client.get("/messages/").status_code == 302
    assert client.post(where, {"code": code(), "next": "/messages/"}).headers["Location"] == (
        "/messages/"
    )
    assert client.get("/messages/").status_code == 200


def test_a_password_does_not_stand_in_for_the_factor(
    bob: User, browser: Make, acme: Account, with_app: WithApp
) -> None:
    client = browser(bob)
    with_app(bob)
    acme.requires_mfa = True
    acme.save()
    client.post("/profile/confirm/", {"password": PASSWORD})
    assert client.get("/messages/").headers["Location"].startswith("/profile/confirm/code/")


def test_a_trusted_device_is_enough(
    browser: Make, bob: User, strict: Account, with_app: WithApp, code: Code
) -> None:
    with_app(bob)
    client = browser(bob)
    client.post("/sign-in/code/", {"code": code(), "trust": "on"})
    client.post("/sign-out/")
    client.post("/sign-in/", {"login": bob.email, "password": PASSWORD})
    assert client.get("/messages/").status_code == 200


@pytest.mark.usefixtures("strict_staff")
def test_staff_are_led_there_where_they_need_one(
    browser: Make, olivia: User, rita: User, bob: User, acme: Account
) -> None:
    for person in (olivia, rita):
        assert browser(person).get("/messages/").headers["Location"] == SET_UP
    assert browser(bob).get("/messages/").status_code == 200


def test_staff_enter_a_strict_account_with_a_factor_alone(
    browser: Make, olivia: User, strict: Account
) -> None:
    assert browser(olivia).get("/messages/").headers["Location"] == SET_UP


def test_acting_that_a_missing_factor_ends_is_written_down(
    browser: Make, olivia: User, bob: User, acme: Account
) -> None:
    client = browser(olivia)
    client.post(reverse("operator:act_as", args=[bob.pk]), {"reason": "Call of 4 March"})
    acme.requires_mfa = True
    acme.save()
    assert client.get("/messages/").headers["Location"] == SET_UP
    assert client.get(SET_UP).wsgi_request.user == olivia
    with account_scope(acme.pk):
        entry = Entry.objects.get(act="acting_ended")
    assert (entry.who, entry.on_behalf) == (bob, olivia.email)
    assert "MFA is needed" in entry.words


@pytest.mark.usefixtures("strict_staff")
def test_staff_cannot_remove_theirs(olivia: User, with_app: WithApp, clock: Any) -> None:
    from deskbell.foundation.errors import Conflict

    with_app(olivia)
    with pytest.raises(Conflict, match="Staff of this Deskbell"):
        actions.disable(user=olivia, at=clock.at)


def test_programs_go_on(client: Client, bob: User, strict: Account) -> None:
    client.force_login(bob)
    assert client.get("/api/v2/messages").status_code in {401, 404}
    assert client.get("/health/live").status_code != 302


def test_who_needs_none_costs_nothing(
    browser: Make, bob: User, acme: Account, django_assert_max_num_queries: Any
) -> None:
    from deskbell.portal.mfa.required import why_needed

    with django_assert_max_num_queries(0):
        assert why_needed(bob, acme) == ""


def test_a_code_of_setting_up_is_not_used_again(bob: User, clock: Any, browser: Make) -> None:
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    typed = code_of(secret, step_at(clock.at))
    actions.enable_app(user=bob, secret=secret, code=typed, at=clock.at)
    client = browser(bob)
    client.post("/sign-in/code/", {"code": typed})
    assert client.get("/").status_code == 302
