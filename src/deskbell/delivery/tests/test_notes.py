"""Notes: they go out at least once, are given up in words, and need no account."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from deskbell.accounts.models import Account
from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery import jobs, notes
from deskbell.delivery.tests.cases import queued
from deskbell.delivery.tests.example import Pigeon
from deskbell.delivery.transport import lasting_failure, passing_failure
from deskbell.foundation.errors import InvalidInput, Unreachable


def run(given: dict[str, object]) -> None:
    jobs.send_note.work(**given)


def test_the_operator_gets_one_without_any_account(db: None, pigeon: Pigeon) -> None:
    notes.send_note(kind="pigeon", address=" north tower ", title="Trouble", text="Look")
    [(given, _)] = queued("delivery.send_note")
    run(given)
    [note] = pigeon.notes
    assert (note.address, note.title, note.text) == ("north tower", "Trouble", "Look")
    assert (note.account_id, note.account_name, note.secret) == (0, "", "")


def test_one_for_an_account_has_its_name_and_the_methods_secret(
    acme: Account, method: DeliveryMethod, pigeon: Pigeon
) -> None:
    notes.send_note(
        kind="pigeon", address="north tower", title="Hi", text="Look", account_id=acme.pk
    )
    [(given, _)] = queued("delivery.send_note")
    run(given)
    [note] = pigeon.notes
    assert (note.account_name, note.secret) == ("Acme Dental", "s")


def test_each_try_has_the_same_key(db: None, pigeon: Pigeon) -> None:
    notes.send_note(kind="pigeon", address="north tower", title="Trouble", text="Look")
    [(given, _)] = queued("delivery.send_note")
    pigeon.outcomes = [passing_failure("Fog")]
    with pytest.raises(Unreachable, match="Fog"):
        run(given)
    run(given)
    first, second = pigeon.notes
    assert first.idempotency_key == second.idempotency_key


def test_what_cannot_arrive_is_given_up_in_the_log_without_its_words(
    db: None, pigeon: Pigeon, caplog: pytest.LogCaptureFixture
) -> None:
    notes.send_note(kind="pigeon", address="north tower", title="Trouble", text="A secret thing")
    [(given, _)] = queued("delivery.send_note")
    pigeon.outcomes = [lasting_failure("No such tower"), passing_failure("Fog")]
    run(given)
    assert "A note by pigeon did not go out: No such tower" in caplog.text
    made_at = datetime.fromisoformat(str(given["made_at"])) - timedelta(hours=2)
    run(given | {"made_at": made_at.isoformat()})
    assert "did not go out: Fog" in caplog.text
    assert "secret thing" not in caplog.text


@pytest.mark.parametrize(
    ("kind", "address"), [("owl", "north tower"), ("pigeon", "nowhere"), ("email", "bob")]
)
def test_nobody_can_be_told_at_what_is_no_address(
    db: None, pigeon: Pigeon, kind: str, address: str
) -> None:
    with pytest.raises(InvalidInput):
        notes.send_note(kind=kind, address=address, title="Trouble", text="Look")
    assert queued("delivery.send_note") == []
