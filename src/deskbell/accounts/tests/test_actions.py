"""People, tokens and numbers: what is refused, and in which words."""

from __future__ import annotations

from datetime import datetime

import pytest

from deskbell.accounts import actions, queries
from deskbell.accounts.errors import EmailTaken, NumberTaken
from deskbell.accounts.models import Account, ApiToken, PhoneNumber, User, UserStatus
from deskbell.foundation.errors import InvalidInput, NotSignedIn, OutOfScope
from deskbell.platform.tenancy import account_scope, system_scope
from tests.cast import PASSWORD


def test_two_people_cannot_have_one_address_in_any_case(alice: User, at: datetime) -> None:
    with pytest.raises(EmailTaken, match=r"alice@example\.com"):
        actions.add_user(email="ALICE@example.com", name="", password=PASSWORD, at=at)


def test_a_time_zone_is_an_iana_name(db: None, at: datetime) -> None:
    for wrong in ("Mars/Olympus", "", "../etc/passwd", "EST5"):
        with pytest.raises(InvalidInput, match="America/New_York"):
            actions.open_account(number="W1", name="A", time_zone=wrong, at=at)


@pytest.mark.parametrize("spelling", ["+12125550142", "2125550142", "1 (212) 555-0142"])
def test_a_number_is_found_in_every_spelling(acme_number: PhoneNumber, spelling: str) -> None:
    with system_scope("a call comes in"):
        assert queries.number_for(spelling) == acme_number


def test_a_number_belongs_to_one_account(
    acme_number: PhoneNumber, other: Account, at: datetime
) -> None:
    with account_scope(other.pk), pytest.raises(NumberTaken, match="in use"):
        actions.add_number(account=other, number="(212) 555-0142", at=at)


@pytest.mark.parametrize(
    ("number", "extension"), [("none", ""), ("2125550199", "12x"), ("2125550199", "1" * 13)]
)
def test_numbers_that_are_none(acme: Account, at: datetime, number: str, extension: str) -> None:
    with account_scope(acme.pk), pytest.raises(InvalidInput):
        actions.add_number(account=acme, number=number, extension=extension, at=at)


def test_no_rows_without_a_scope(acme_number: PhoneNumber) -> None:
    with pytest.raises(OutOfScope):
        PhoneNumber.objects.count()


def test_no_rows_of_another_account(acme_number: PhoneNumber, other: Account) -> None:
    with account_scope(other.pk):
        assert not PhoneNumber.objects.exists()
        with pytest.raises(OutOfScope):
            acme_number.save()
        with pytest.raises(OutOfScope):
            acme_number.delete()
        with pytest.raises(OutOfScope):
            PhoneNumber.objects.bulk_create([acme_number])


def test_tokens_are_kept_as_hashes_and_counted(acme: Account, at: datetime) -> None:
    token = actions.make_api_token(account=acme, name="crm", scopes=["messages:read"], at=at)
    assert token not in str(list(ApiToken.objects.values_list("token_hash", "name")))
    assert actions.use_api_token(token, at=at, per_minute=600).account == acme
    assert ApiToken.objects.get().use_count == 1
    ApiToken.objects.update(revoked_at=at)
    with pytest.raises(NotSignedIn):
        actions.use_api_token(token, at=at, per_minute=600)


def test_a_suspended_user_has_no_token(alice: User, at: datetime) -> None:
    token = actions.make_user_token(user=alice, at=at)
    assert actions.use_user_token(alice.sid, token, at=at) == alice
    alice.status = UserStatus.SUSPENDED
    alice.save()
    with pytest.raises(NotSignedIn):
        actions.use_user_token(alice.sid, token, at=at)
