"""API tokens: made, used as often as they may be, revoked; and whoever tries wrong ones."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection

from deskbell.accounts import actions, queries
from deskbell.accounts.errors import TokenNotFound, TooOften
from deskbell.accounts.models import Account, ApiToken, WrongTokens
from deskbell.accounts.rules import ACCESSES, SCOPE_RIGHTS, Right
from deskbell.accounts.scopes import Scope
from deskbell.foundation.errors import InvalidInput, NotAllowed, NotSignedIn

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def made(account: Account, at: datetime, name: str = "CRM") -> str:
    return actions.make_api_token(account=account, name=name, scopes=["messages:read"], at=at)


def test_a_minute_holds_so_many_uses_and_begins_with_the_first(acme: Account, at: datetime) -> None:
    token = made(acme, at)
    for second in (0, 1, 59):
        actions.use_api_token(token, at=at + second * SECOND, per_minute=3)
    with pytest.raises(TooOften) as raised:
        actions.use_api_token(token, at=at + 59.5 * SECOND, per_minute=3)
    assert raised.value.seconds == 1
    actions.use_api_token(token, at=at + MINUTE, per_minute=3)
    found = ApiToken.objects.get()
    assert (found.use_count, found.minute_count) == (4, 1)  # the refused one is no use
    assert (found.last_used_at, found.minute_began_at) == (at + MINUTE, at + MINUTE)


def test_tokens_do_not_share_a_limit(acme: Account, at: datetime) -> None:
    one, other = made(acme, at), made(acme, at)
    actions.use_api_token(one, at=at, per_minute=1)
    actions.use_api_token(other, at=at, per_minute=1)
    with pytest.raises(TooOften):
        actions.use_api_token(one, at=at, per_minute=1)


def test_a_clock_that_was_put_back_locks_nobody_out(acme: Account, at: datetime) -> None:
    token = made(acme, at)
    actions.use_api_token(token, at=at + timedelta(days=1), per_minute=1)
    actions.use_api_token(token, at=at, per_minute=1)


@pytest.mark.django_db(transaction=True)
def test_the_limit_is_exact_however_many_ask_at_once(at: datetime) -> None:
    account = actions.open_account(number="W0411", name="Acme", time_zone="UTC", at=at)
    token = made(account, at)

    def use(_: int) -> str:
        try:
            actions.use_api_token(token, at=at, per_minute=50)
        except TooOften:
            return "refused"
        finally:
            connection.close()
        return "used"

    with ThreadPoolExecutor(8) as pool:
        assert Counter(pool.map(use, range(80))) == {"used": 50, "refused": 30}
    assert ApiToken.objects.get().use_count == 50


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_fell_is_opened_anew(at: datetime) -> None:
    account = actions.open_account(number="W0411", name="Acme", time_zone="UTC", at=at)
    token = made(account, at)
    connection.connection.close()
    assert actions.use_api_token(token, at=at, per_minute=5).account == account
    assert ApiToken.objects.get().use_count == 1


def test_a_revoked_token_is_none_at_once(acme: Account, other: Account, at: datetime) -> None:
    token = made(acme, at)
    [found] = queries.api_tokens(acme)
    with pytest.raises(TokenNotFound):
        actions.revoke_api_token(account=other, token_id=found.pk, at=at)
    actions.revoke_api_token(account=acme, token_id=found.pk, at=at)
    with pytest.raises(NotSignedIn):
        actions.use_api_token(token, at=at, per_minute=5)
    with pytest.raises(TokenNotFound):
        actions.revoke_api_token(account=acme, token_id=found.pk, at=at)
    assert [each.revoked_at for each in queries.api_tokens(acme)] == [at]


@pytest.mark.parametrize(
    ("name", "scopes", "field"),
    [(" ", ["a"], "name"), ("x" * 101, ["a"], "name"), ("\0", ["a"], "name"), ("x", [], "scopes")],
)
def test_what_a_token_needs(
    acme: Account, at: datetime, name: str, scopes: list[str], field: str
) -> None:
    with pytest.raises(InvalidInput) as raised:
        actions.make_api_token(account=acme, name=name, scopes=scopes, at=at)
    assert raised.value.field == field


@pytest.mark.parametrize("scope", Scope)
def test_nobody_makes_a_token_for_what_they_may_not_do(
    acme: Account, at: datetime, scope: Scope
) -> None:
    def make(held: frozenset[Right]) -> str:
        return actions.make_api_token(
            account=acme, name="CRM", scopes=["messages:read", scope], at=at, held=held
        )

    right = SCOPE_RIGHTS.get(scope)
    if right is not None:
        with pytest.raises(NotAllowed, match=f"{scope} needs the {ACCESSES[right].name} access"):
            make(frozenset(Right) - {right})
        assert not ApiToken.objects.exists()
    assert make(frozenset({right} if right else ()))


def test_writing_and_hearing_need_rights_and_other_reading_none() -> None:
    free = {scope for scope in Scope if scope not in SCOPE_RIGHTS}
    assert free == {Scope.MESSAGES_READ, Scope.TO_DOS_READ, Scope.WEBHOOKS_READ}


def test_wrong_tokens_are_counted_by_address_and_minute(db: None, at: datetime) -> None:
    def count(address: str, after: timedelta = timedelta()) -> int:
        return actions.count_wrong_token(address=address, at=at + after)[0]

    assert [count("192.0.2.1"), count("192.0.2.1"), count("192.0.2.2")] == [1, 2, 1]
    assert [count("2001:db8::1"), count("2001:db8::2"), count("2001:db8:0:1::1")] == [1, 2, 1]
    assert [count("192.0.2.1", MINUTE - SECOND), count("192.0.2.1", MINUTE)] == [3, 1]
    assert count("no address at all" * 9) == 1
    count("192.0.2.9", timedelta(days=2))
    assert WrongTokens.objects.count() == 1  # what is old is gone
