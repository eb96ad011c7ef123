"""Guessing: how many tries are looked at, whom it locks out, and that a flood fills nothing."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection

from deskbell.accounts import queries
from deskbell.accounts.actions import (
    add_user,
    begin_try,
    forget_tries,
    forgive,
    remember_device,
    take_back,
    tries,
    wrong_sign_in,
)
from deskbell.accounts.errors import TooOften
from deskbell.accounts.models import KnownDevice, SignInTries, User, WrongSignIns

pytestmark = pytest.mark.django_db
GUESSES = 1_000  # with a tenth of the room, which takes a tenth of the time of 10,000


def addresses(how_many: int) -> Iterator[str]:
    """So many addresses of so many networks."""
    return (f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}" for number in range(how_many))


def attempt(
    email: str, at: datetime, address: str = "192.0.2.1", device: KnownDevice | None = None
) -> bool:
    """Whether a wrong try was looked at."""
    try:
        begin_try(email=email, address=address, device=device, at=at)
    except TooOften:
        return False
    finally:
        wrong_sign_in(email=email, address=address, at=at)
    return True


def device_of(user: User, at: datetime) -> KnownDevice:
    token, _ = remember_device(user=user, token="", at=at)
    found = queries.known_device(email=user.email, token=token, at=at)
    assert found is not None
    return found


@pytest.mark.parametrize("email", ["alice@example.com", "nobody@example.com"])
def test_ten_are_looked_at_whoever_it_is(alice: User, at: datetime, email: str) -> None:
    assert [attempt(email, at) for _ in range(12)] == [True] * 10 + [False] * 2


def test_an_address_is_one_in_any_case_and_from_anywhere(alice: User, at: datetime) -> None:
    typed = ["alice@example.com", "ALICE@example.com", " Alice@Example.com "] * 4
    looked_at = [
        attempt(email, at, address) for email, address in zip(typed, addresses(12), strict=True)
    ]
    assert looked_at == [True] * 10 + [False] * 2


def test_a_lock_ends_after_a_quarter_of_an_hour_whatever_is_tried(
    alice: User, at: datetime
) -> None:
    for minute in range(15):
        for _ in range(20):
            attempt(alice.email, at + timedelta(minutes=minute))
    with pytest.raises(TooOften) as refused:
        begin_try(
            email=alice.email, address="192.0.2.1", device=None, at=at + timedelta(minutes=14)
        )
    assert refused.value.seconds == 60
    assert attempt(alice.email, at + timedelta(minutes=15))


def test_the_right_password_does_not_count(alice: User, at: datetime) -> None:
    for _ in range(30):
        take_back(begin_try(email=alice.email, address="192.0.2.1", device=None, at=at))
    assert attempt(alice.email, at)


def test_the_last_before_a_lock_is_marked(alice: User, at: datetime) -> None:
    marks = [
        begin_try(email=alice.email, address="192.0.2.1", device=None, at=at).is_last
        for _ in range(10)
    ]
    assert marks == [False] * 9 + [True]


def test_a_reset_password_opens_at_once(alice: User, at: datetime) -> None:
    while attempt(alice.email, at):
        pass
    forgive(email="ALICE@example.com")
    assert attempt(alice.email, at)


def test_one_place_gets_a_hundred_tries_and_locks_nobody_afterwards(
    alice: User, at: datetime
) -> None:
    looked_at = sum(attempt(f"guess{number}@example.com", at) for number in range(150))
    assert looked_at == 100
    for _ in range(20):
        attempt(alice.email, at)
    assert attempt(alice.email, at, "198.51.100.7")


def test_a_network_of_ipv6_is_one_place(alice: User, at: datetime) -> None:
    looked_at = sum(
        attempt(f"guess{number}@example.com", at, f"2001:db8::{number:x}") for number in range(120)
    )
    assert looked_at == 100


def test_a_clock_that_was_put_back_locks_nobody_for_ever(alice: User, at: datetime) -> None:
    while attempt(alice.email, at + timedelta(days=300)):
        pass
    assert attempt(alice.email, at)


def test_guesses_from_as_many_places_leave_few_rows_and_the_owner_in(
    alice: User, bob: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tries, "MOST_STRANGE_KEYS", 500)
    own = device_of(alice, at)
    looked_at = sum(attempt(alice.email, at, address) for address in addresses(GUESSES))
    assert looked_at == 10
    assert WrongSignIns.objects.count() <= tries.MOST_ADDRESSES_AN_HOUR + 1
    assert sum(queries.wrong_sign_ins(at).values_list("count", flat=True)) == GUESSES
    most = queries.wrong_sign_ins(at)[0]
    assert (most.email, most.address) == (alice.email, "")
    room = tries.MOST_STRANGE_KEYS + 64 * 4  # looked after now and then
    assert SignInTries.objects.count() <= room + 3
    with pytest.raises(TooOften):
        begin_try(email=alice.email, address="203.0.113.1", device=None, at=at)
    begin_try(email=alice.email, address="203.0.113.1", device=own, at=at)
    begin_try(email=bob.email, address="203.0.113.1", device=None, at=at)
    forget_tries(at=at + timedelta(minutes=15))
    assert not SignInTries.objects.exists()
    forget_tries(at=at + timedelta(days=31))
    assert not WrongSignIns.objects.exists()


def test_guesses_of_many_addresses_are_folded_and_a_users_lock_is_kept(
    alice: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tries, "MOST_STRANGE_KEYS", 100)
    monkeypatch.setattr(tries, "MOST_ROWS_AN_HOUR", 50)
    while attempt(alice.email, at):
        pass
    for number, address in enumerate(addresses(400)):
        attempt(f"guess{number}@example.com", at, address)
    assert WrongSignIns.objects.count() <= 51
    assert SignInTries.objects.count() <= 100 + 64 * 4
    assert not attempt(alice.email, at, "203.0.113.9")


def test_a_known_device_has_ten_tries_of_its_own(alice: User, bob: User, at: datetime) -> None:
    own = device_of(alice, at)
    while attempt(alice.email, at):
        pass
    assert [attempt(alice.email, at, device=own) for _ in range(11)] == [True] * 10 + [False]


@pytest.mark.django_db(transaction=True)
def test_tries_at_once_count_as_well(alice: User, at: datetime) -> None:
    def guess(_: int) -> bool:
        try:
            return attempt("alice@example.com", at)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        looked_at = list(pool.map(guess, range(40)))
    assert sum(looked_at) == 10


@pytest.mark.parametrize("email", ["", "\0", "x" * 5000, "naïve@exämple.com", "'; DROP TABLE"])
def test_whatever_is_typed_is_counted(at: datetime, alice: User, email: str) -> None:
    assert attempt(email, at)
    assert WrongSignIns.objects.count() == 1


def test_a_device_is_its_persons_alone(alice: User, bob: User, at: datetime) -> None:
    token, was_new = remember_device(user=alice, token="", at=at)
    assert was_new
    assert queries.known_device(email="ALICE@example.com", token=token, at=at)
    assert queries.known_device(email=bob.email, token=token, at=at) is None
    assert queries.known_device(email=alice.email, token="guessed", at=at) is None
    assert queries.known_device(email=alice.email, token="", at=at) is None
    kept, was_new = remember_device(user=bob, token=token, at=at)
    assert (kept, was_new) == (token, True)
    assert remember_device(user=alice, token=token, at=at) == (token, False)


def test_a_device_that_was_away_for_long_is_strange(alice: User, at: datetime) -> None:
    token, _ = remember_device(user=alice, token="", at=at)
    later = at + timedelta(days=400)
    assert queries.known_device(email=alice.email, token=token, at=later) is None
    assert remember_device(user=alice, token=token, at=later) == (token, True)
    assert queries.known_device(email=alice.email, token=token, at=later)


def test_twenty_devices_are_known(alice: User, at: datetime) -> None:
    for number in range(30):
        remember_device(user=alice, token="", at=at + timedelta(days=number))
    found = KnownDevice.objects.filter(user=alice).order_by("last_at")
    assert found.count() == 20
    assert found[0].first_at == at + timedelta(days=10)


def test_a_cookie_that_is_too_long_is_not_kept(alice: User, at: datetime) -> None:
    token, _ = remember_device(user=alice, token="x" * 5000, at=at)
    assert len(token) == 43


def test_a_new_person_hears_of_new_devices(at: datetime, db: None) -> None:
    user = add_user(email="new@example.com", name="", password=None, at=at)
    assert "new_sign_in" in user.notices
