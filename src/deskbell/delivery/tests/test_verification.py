"""A code proves that somebody reads what we send to an address."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from deskbell.accounts.models import Account
from deskbell.contacts import actions as contacts
from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery import jobs, verification
from deskbell.delivery.tests.cases import SECONDS, queued
from deskbell.delivery.tests.example import Pigeon
from deskbell.delivery.transport import lasting_failure
from deskbell.foundation.errors import InvalidInput
from deskbell.platform.tenancy import account_scope

pytestmark = pytest.mark.usefixtures("scope")


def sent_code(method: DeliveryMethod, pigeon: Pigeon, at: datetime) -> str:
    """Has a code sent, as the worker does; the code, as a person reads it."""
    verification.send_code(method=method, at=at)
    verification.carry_code(method_id=method.pk, at=at)
    found = re.search(r"\b\d{6}\b", pigeon.notes[-1].text)
    assert found
    return found[0]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def verified_at(method: DeliveryMethod) -> datetime | None:
    return DeliveryMethod.objects.get(pk=method.pk).verified_at


def test_the_right_code_verifies(method: DeliveryMethod, pigeon: Pigeon, at: datetime) -> None:
    code = sent_code(method, pigeon, at)
    assert verified_at(method) is None
    assert not verification.confirm(method=method, code=wrong(code), at=at)
    assert verification.confirm(method=method, code=f" {code[:3]} {code[3:]} ", at=at + SECONDS)
    assert verified_at(method) == at + SECONDS
    with pytest.raises(InvalidInput, match="No code is on its way"):
        verification.confirm(method=method, code=code, at=at)


def test_it_says_what_it_is_and_stands_nowhere_in_clear(
    method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    code = sent_code(method, pigeon, at)
    [note] = pigeon.notes
    assert note.title == f"{code} is your code"
    assert "for Acme Dental" in note.text
    assert (note.secret, note.account_name) == ("s", "Acme Dental")
    kept = DeliveryMethod.objects.get(pk=method.pk)
    assert code not in kept.code_hash
    [(given, _)] = queued("delivery.send_code")
    assert given == {"account_id": method.account_id, "method_id": method.pk}


def test_five_wrong_guesses_end_it(method: DeliveryMethod, pigeon: Pigeon, at: datetime) -> None:
    code = sent_code(method, pigeon, at)
    for _ in range(5):
        assert not verification.confirm(method=method, code=wrong(code), at=at)
    with pytest.raises(InvalidInput, match="Too many wrong codes"):
        verification.confirm(method=method, code=code, at=at)
    assert verified_at(method) is None


def test_a_code_is_good_for_ten_minutes(
    method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    code = sent_code(method, pigeon, at)
    with pytest.raises(InvalidInput, match="has expired"):
        verification.confirm(method=method, code=code, at=at + timedelta(minutes=10))


def test_there_is_one_code_a_minute_and_only_the_last_counts(
    method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    first = sent_code(method, pigeon, at)
    with pytest.raises(InvalidInput, match="wait 20 s for another"):
        verification.send_code(method=method, at=at + 40 * SECONDS)
    second = sent_code(method, pigeon, at + 60 * SECONDS)
    later = at + 61 * SECONDS
    if first != second:
        assert not verification.confirm(method=method, code=first, at=later)
    assert verification.confirm(method=method, code=second, at=later)


def test_an_address_gets_few_codes_an_hour_by_however_many_methods(
    method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    contact = method.contact
    for _ in range(verification.MOST_TO_ADDRESS):
        verification.send_code(method=method, at=at)
        contacts.remove_method(method=method)
        method = contacts.add_method(contact=contact, kind="pigeon", address="north tower", at=at)
    with pytest.raises(InvalidInput, match="5 codes were sent there within the hour"):
        verification.send_code(method=method, at=at + 59 * 60 * SECONDS)
    assert len(queued("delivery.send_code")) == verification.MOST_TO_ADDRESS
    verification.send_code(method=method, at=at + 3600 * SECONDS)


def test_another_account_cannot_send_more_there(
    method: DeliveryMethod, pigeon: Pigeon, other: Account, at: datetime
) -> None:
    for minute in range(verification.MOST_TO_ADDRESS):
        verification.send_code(method=method, at=at + minute * 60 * SECONDS)
    with account_scope(other.pk):
        contact = contacts.add_contact(account_id=other.pk, name="Bob", at=at)
        theirs = contacts.add_method(contact=contact, kind="pigeon", address="north tower", at=at)
        with pytest.raises(InvalidInput, match="were sent there within the hour"):
            verification.send_code(method=theirs, at=at + 300 * SECONDS)


def test_an_account_has_few_codes_sent_an_hour(
    method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    for tower in range(verification.MOST_OF_ACCOUNT):
        made = contacts.add_method(
            contact=method.contact, kind="pigeon", address=f"tower {tower}", at=at
        )
        verification.send_code(method=made, at=at)
    with pytest.raises(InvalidInput, match="had 30 codes sent within the hour"):
        verification.send_code(method=method, at=at)


def test_a_code_that_did_not_go_out_says_why(
    method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    pigeon.outcomes = [lasting_failure("No such tower")]
    sent_code(method, pigeon, at)
    assert verification.trouble(method) == "No such tower"
    sent_code(method, pigeon, at + 60 * SECONDS)
    assert verification.trouble(method) == ""


def test_a_method_that_is_gone_gets_none(
    method: DeliveryMethod, pigeon: Pigeon, at: datetime
) -> None:
    verification.send_code(method=method, at=at)
    [(given, _)] = queued("delivery.send_code")
    method.delete()
    jobs.send_code.work(**given)
    assert pigeon.notes == []
