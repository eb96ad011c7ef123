"""The second step of a sign-in: codes once, guesses limited, clocks off, trusted devices."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import connection
from django.test import Client

from deskbell.accounts.models import User, UserStatus
from deskbell.foundation.errors import InvalidInput
from deskbell.platform.jobs import run_job
from deskbell.portal.mfa import actions
from deskbell.portal.mfa.checking import check_code
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
Make = Callable[[User], Client]
Code = Callable[..., str]
WithApp = Callable[[User], list[str]]
COOKIE = "mfa_trusted"


def is_in(client: Client) -> bool:
    """Whether a browser sees the dashboard."""
    return client.get("/").status_code == 200


def queued() -> list[bytes]:
    """What the person is going to be told."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT payload FROM pgqueuer"
            " WHERE entrypoint = 'portal.send_second_factor' ORDER BY id"
        )
        return [bytes(row[0]) for row in cursor.fetchall()]


def test_the_password_alone_is_not_enough(
    browser: Make, with_app: WithApp, alice: User, code: Code
) -> None:
    with_app(alice)
    client = browser(alice)
    assert not is_in(client)
    assert "Second step" in client.get("/sign-in/code/").content.decode()
    assert client.post("/sign-in/code/", {"code": code()}).headers["Location"] == "/"
    assert is_in(client)


def test_nobody_comes_to_the_second_step_without_the_first(
    client: Client, alice: User, with_app: WithApp, code: Code
) -> None:
    with_app(alice)
    for ask in (client.get, client.post):
        assert ask("/sign-in/code/").headers["Location"] == "/sign-in/"
    assert client.post("/sign-in/code/options/").headers["Location"] == "/sign-in/"


@pytest.mark.parametrize(("way", "is_asked_here"), [("all", True), ("others", False)])
def test_signing_out_everywhere_trusts_no_device_any_more(
    browser: Make, with_app: WithApp, alice: User, code: Code, clock: Any, way: str, *,
    is_asked_here: bool,
) -> None:  # fmt: skip
    with_app(alice)
    here, there = browser(alice), browser(alice)
    for each in (here, there):
        each.post("/sign-in/code/", {"code": code(), "trust": "on"})
        clock.forward(seconds=30)
        assert is_in(each)
    here.post(f"/profile/sessions/end-{way}/")
    for each, is_asked in ((there, True), (here, is_asked_here)):
        each.post("/sign-out/")
        each.post("/sign-in/", {"login": alice.email, "password": PASSWORD})
        assert is_in(each) != is_asked


def test_a_code_is_read_in_groups(
    browser: Make, with_app: WithApp, alice: User, code: Code
) -> None:
    with_app(alice)
    client, typed = browser(alice), code()
    client.post("/sign-in/code/", {"code": f" {typed[:3]}-{typed[3:]} "})
    assert is_in(client)


def test_a_code_counts_once(browser: Make, with_app: WithApp, alice: User, code: Code) -> None:
    with_app(alice)
    first, second = browser(alice), browser(alice)
    first.post("/sign-in/code/", {"code": code()})
    answer = second.post("/sign-in/code/", {"code": code()})
    assert "This code was used already" in answer.content.decode()
    assert not is_in(second)


def test_a_code_is_not_replayed_later_in_its_time(
    browser: Make, with_app: WithApp, alice: User, code: Code, clock: Any
) -> None:
    """It still counts half a minute after its own, which is longer than allauth remembers it."""
    with_app(alice)
    stolen = code()
    browser(alice).post("/sign-in/code/", {"code": stolen})
    clock.forward(seconds=30)
    thief = browser(alice)
    thief.post("/sign-in/code/", {"code": stolen})
    assert not is_in(thief)


@pytest.mark.django_db(transaction=True)
def test_one_of_two_tabs_with_the_same_code_comes_in(
    alice: User, with_app: WithApp, code: Code, clock: Any
) -> None:
    with_app(alice)
    together, typed, won = Barrier(2), code(), []

    def tab() -> None:
        together.wait()
        try:
            check_code(user=User.objects.get(pk=alice.pk), code=typed, at=clock.at)
            won.append(1)
        except InvalidInput:
            won.append(0)
        finally:
            connection.close()

    threads = [Thread(target=tab) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(won) == [0, 1]


@pytest.mark.parametrize(("off", "way"), [(-90, "behind"), (90, "ahead")])
def test_a_clock_that_is_ninety_seconds_off_is_told(
    browser: Make, with_app: WithApp, alice: User, code: Code, off: int, way: str
) -> None:
    with_app(alice)
    client = browser(alice)
    page = client.post("/sign-in/code/", {"code": code(off)}).content.decode()
    assert f"The clock of your authenticator app is about 90 seconds {way}" in page
    assert not is_in(client)


def test_a_code_guessed_too_early_does_not_count_in_its_time(
    browser: Make, with_app: WithApp, alice: User, code: Code, clock: Any
) -> None:
    with_app(alice)
    client, guessed = browser(alice), code(90)
    client.post("/sign-in/code/", {"code": guessed})
    clock.forward(seconds=90)
    client.post("/sign-in/code/", {"code": guessed})
    assert not is_in(client)
    clock.forward(seconds=30)
    client.post("/sign-in/code/", {"code": code()})
    assert is_in(client)


def test_ten_wrong_codes_lock_and_say_for_how_long_and_the_owner_is_told(
    browser: Make, with_app: WithApp, alice: User, code: Code, clock: Any
) -> None:
    with_app(alice)
    mails = len(queued())
    client = browser(alice)
    for _ in range(10):
        page = client.post("/sign-in/code/", {"code": "000000"}).content.decode()
        assert "not the code that your authenticator app shows" in page
    other = browser(alice)
    page = other.post("/sign-in/code/", {"code": code()}).content.decode()
    assert "Too many wrong codes. Type the next one in 15 minutes" in page
    [payload] = queued()[mails:]
    run_job("portal.send_second_factor", payload)
    assert "somebody else knows yours" in str(mail.outbox[-1].body)
    assert "/password/" in str(mail.outbox[-1].body)
    clock.forward(minutes=16)
    other.post("/sign-in/code/", {"code": code()})
    assert is_in(other)


def test_after_a_lock_each_guess_waits_longer(
    browser: Make, with_app: WithApp, alice: User, clock: Any
) -> None:
    with_app(alice)
    client = browser(alice)
    for _ in range(10):
        client.post("/sign-in/code/", {"code": "000000"})
    for minutes in (15, 30, 60, 60):
        page = client.post("/sign-in/code/", {"code": "000000"}).content.decode()
        assert f"in {minutes} minutes" in page
        clock.forward(minutes=minutes, seconds=1)
        client = browser(alice)
        client.post("/sign-in/code/", {"code": "000000"})


@pytest.mark.django_db(transaction=True)
def test_guesses_at_once_are_counted_one_by_one(alice: User, with_app: WithApp, clock: Any) -> None:
    with_app(alice)
    together, said = Barrier(12), []

    def guess() -> None:
        together.wait()
        try:
            check_code(user=User.objects.get(pk=alice.pk), code="000000", at=clock.at)
        except InvalidInput as error:
            said.append(str(error).startswith("Too many"))
        finally:
            connection.close()

    threads = [Thread(target=guess) for _ in range(12)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(said) == [False] * 10 + [True] * 2


def test_a_recovery_code_works_once(browser: Make, with_app: WithApp, alice: User) -> None:
    codes = with_app(alice)
    first, second = browser(alice), browser(alice)
    first.post("/sign-in/code/", {"code": codes[3]})
    assert is_in(first)
    page = second.post("/sign-in/code/", {"code": codes[3]}).content.decode()
    assert "none of your recovery codes that are left" in page
    assert not is_in(second)
    run_job("portal.send_second_factor", queued()[-1])
    assert "A recovery code was used" in str(mail.outbox[-1].body)
    assert "9 of 10" in first.get("/profile/mfa/").content.decode()


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "\u0661\u0662\u0663\u0664\u0665\u0666", "1" * 64, "1" * 5000, "1e5", "-00001"],
)
def test_other_things_are_refused_in_words(
    browser: Make, with_app: WithApp, alice: User, typed: str
) -> None:
    with_app(alice)
    client = browser(alice)
    answer = client.post("/sign-in/code/", {"code": typed})
    assert answer.status_code == 422
    assert 'class="field-error"' in answer.content.decode()
    assert not is_in(client)


def test_who_is_suspended_between_the_steps_stays_out(
    browser: Make, with_app: WithApp, alice: User, code: Code
) -> None:
    with_app(alice)
    client = browser(alice)
    User.objects.filter(pk=alice.pk).update(status=UserStatus.SUSPENDED)
    client.post("/sign-in/code/", {"code": code()})
    assert not is_in(client)


def test_somebody_else_may_sign_in_instead(
    browser: Make, with_app: WithApp, alice: User, bob: User
) -> None:
    with_app(alice)
    client = browser(alice)
    assert client.get("/sign-in/").headers["Location"] == "/sign-in/code/"
    client.post("/sign-in/code/", {"cancel": "1"})
    client.post("/sign-in/", {"login": bob.email, "password": PASSWORD})
    assert is_in(client)


def test_a_vault_with_another_key_is_said(
    browser: Make, with_app: WithApp, alice: User, code: Code, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cryptography.fernet import Fernet

    with_app(alice)
    client = browser(alice)
    monkeypatch.setattr("deskbell.lines.vault._fernet", lambda: Fernet(Fernet.generate_key()))
    page = client.post("/sign-in/code/", {"code": code()}).content.decode()
    assert "its key has changed" in page


def trusting(browser: Make, alice: User, code: Code) -> Client:
    """A browser that was told to trust its device, signed out again."""
    client = browser(alice)
    client.post("/sign-in/code/", {"code": code(), "trust": "on"})
    assert is_in(client)
    client.post("/sign-out/")
    return client


def again(client: Client, user: User, password: str = PASSWORD) -> bool:
    """Types address and password; gives whether that was enough."""
    client.post("/sign-in/", {"login": user.email, "password": password})
    return is_in(client)


def test_a_trusted_device_is_not_asked_again(
    browser: Make, with_app: WithApp, alice: User, code: Code
) -> None:
    with_app(alice)
    client = trusting(browser, alice, code)
    assert client.cookies[COOKIE]["httponly"]
    assert again(client, alice)


def test_a_device_is_trusted_for_its_own_person(
    browser: Make, with_app: WithApp, alice: User, bob: User, code: Code
) -> None:
    with_app(alice)
    with_app(bob)
    assert not again(trusting(browser, alice, code), bob)


def test_a_stolen_cookie_is_worth_nothing_after_a_new_password(
    browser: Make, with_app: WithApp, alice: User, code: Code
) -> None:
    with_app(alice)
    thief = trusting(browser, alice, code)
    alice.set_password("Fresh-brewed-7")
    alice.save()
    assert not again(thief, alice, "Fresh-brewed-7")


def test_devices_are_forgotten_by_a_button(
    browser: Make, with_app: WithApp, alice: User, code: Code, clock: Any
) -> None:
    codes = with_app(alice)
    away = trusting(browser, alice, code)
    clock.forward(minutes=1)
    here = browser(alice)
    here.post("/sign-in/code/", {"code": code()})
    assert "asks for a code" in here.get("/profile/mfa/forget-devices/").content.decode()
    page = here.post("/profile/mfa/forget-devices/", follow=True).content.decode()
    assert "Every trusted device asks for a code" in page
    assert not again(away, alice)
    away.post("/sign-in/code/", {"code": codes[0]})
    assert is_in(away)  # the codes are as they were


def test_a_change_of_factors_ends_trust(
    browser: Make, with_app: WithApp, alice: User, code: Code, clock: Any
) -> None:
    with_app(alice)
    client = trusting(browser, alice, code)
    actions.renew_codes(user=alice, at=clock.at)
    assert not again(client, alice)


@pytest.mark.parametrize("forged", ["x", "W10:sig", "[[1,2]]", "é"])
def test_a_forged_cookie_is_no_trust(
    client: Client, with_app: WithApp, alice: User, forged: str
) -> None:
    with_app(alice)
    client.cookies[COOKIE] = forged
    assert not again(client, alice)


def test_only_apps_and_passkeys_are_second_factors(browser: Make, alice: User) -> None:
    Authenticator.objects.create(user=alice, type="recovery_codes", data={"used_mask": 0})
    assert is_in(browser(alice))
