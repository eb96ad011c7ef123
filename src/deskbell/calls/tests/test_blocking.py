"""Blocked callers, however their numbers are written, and what a caller did before."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from deskbell.accounts.models import Account
from deskbell.calls import actions, queries
from deskbell.calls.models import BlockedCaller
from deskbell.foundation.errors import InvalidInput
from deskbell.platform.tenancy import account_scope


def block(account: Account, caller_id: str, at: datetime, *, is_refused: bool = True) -> None:
    actions.block(
        account_id=account.pk,
        caller_id=caller_id,
        is_refused=is_refused,
        reason="Sells things",
        by="alice@example.com",
        at=at,
    )


@pytest.mark.parametrize("written", ["+12125550187", "12125550187", "2125550187"])
def test_a_caller_is_blocked_however_the_number_is_written(
    acme: Account, at: datetime, written: str
) -> None:
    with account_scope(acme.pk):
        block(acme, "(212) 555-0187", at)
        found = queries.block_of(acme.pk, written)
        assert found is not None
        assert (found.is_refused, found.caller_id) == (True, "+12125550187")
        assert queries.block_of(acme.pk, "+13125550187") is None


@pytest.mark.parametrize("written", ["", "anonymous", "+0", "client:rita"])
def test_who_has_no_number_is_not_blocked_and_cannot_be(
    acme: Account, at: datetime, written: str
) -> None:
    with account_scope(acme.pk):
        assert queries.block_of(acme.pk, written) is None
        with pytest.raises(InvalidInput):
            block(acme, written, at)


def test_blocking_again_changes_how_and_unblocking_ends_it(acme: Account, at: datetime) -> None:
    with account_scope(acme.pk):
        block(acme, "2125550187", at)
        block(acme, "+1 212 555 0187", at, is_refused=False)
        [row] = queries.blocked()
        assert not row.is_refused
        assert actions.unblock(account_id=acme.pk, caller_id="12125550187")
        assert not actions.unblock(account_id=acme.pk, caller_id="12125550187")
        assert not BlockedCaller.objects.exists()


def test_a_block_is_one_accounts(acme: Account, other: Account, at: datetime) -> None:
    with account_scope(acme.pk):
        block(acme, "+12125550187", at)
    with account_scope(other.pk):
        assert queries.block_of(other.pk, "+12125550187") is None
        assert not queries.blocked().exists()


def test_a_callers_history_is_their_newest_ten_calls(acme: Account, at: datetime) -> None:
    with account_scope(acme.pk):
        made = [
            actions.begin(
                account_id=acme.pk,
                sid=f"CA{number:032x}",
                number=None,
                caller_id="+12125550187" if number else "+12125550199",
                caller_name="",
                dialled="2",
                at=at + timedelta(minutes=number),
            )
            for number in range(14)
        ]
        found = queries.history(acme.pk, "+12125550187", before=made[-1].pk)
        assert found == made[-2:2:-1]
        assert queries.history(acme.pk, "anonymous") == []
