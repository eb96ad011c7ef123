"""The operator is told, once a minute of each kind at most, and never at anybody's cost."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from django.conf import settings
from django.db import connection

from deskbell.oncall import alarms
from deskbell.oncall.alarms import alarm


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was told before, and alarms go to Olivia and to a chat."""
    monkeypatch.setattr(alarms, "_memory", alarms._Memory())
    told = ("olivia@example.com", "slack://token/a/b")
    monkeypatch.setattr(settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, alarms=told))


def notes() -> list[dict[str, object]]:
    """What is queued to be sent."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT payload FROM pgqueuer WHERE entrypoint = 'delivery.send_note' ORDER BY id"
        )
        return [json.loads(bytes(payload)) for (payload,) in cursor.fetchall()]


@pytest.mark.django_db
def test_an_alarm_is_logged_and_sent(caplog: pytest.LogCaptureFixture) -> None:
    alarm("A message found nobody", "Message 7 of Acme")
    assert "A message found nobody: Message 7 of Acme" in caplog.text
    assert ("email", "olivia@example.com") in [(each["kind"], each["address"]) for each in notes()]


@pytest.mark.django_db
def test_a_storm_of_one_kind_is_one_note_a_minute_that_counts_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = [100.0]
    monkeypatch.setattr("deskbell.oncall.alarms.time.monotonic", lambda: clock[0])
    monkeypatch.setattr(
        settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, alarms=("olivia@example.com",))
    )
    for number in range(50):
        alarm("A message found nobody", f"Message {number}", account_id=0)
    alarm("A self-test was not acknowledged", "Weekday")
    since = "\n\nMore of these may have come since: the log has them all."
    assert [each["text"] for each in notes()] == ["Message 0", f"Message 1{since}", "Weekday"]
    clock[0] += 120
    alarm("A message found nobody", "Message 50")
    assert notes()[-1]["text"] == "Message 50\n\nAnd 48 more of these since the last note."


@pytest.mark.django_db
def test_the_last_of_its_kind_is_told_at_the_end_of_the_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = [100.0]
    monkeypatch.setattr("deskbell.oncall.alarms.time.monotonic", lambda: clock[0])
    alarm("A message found nobody", "Message 1")
    clock[0] += 20
    alarm("A message found nobody", "Message 2")
    with connection.cursor() as cursor:
        cursor.execute("SELECT execute_after - created FROM pgqueuer ORDER BY id")
        waits = [round(wait.total_seconds()) for (wait,) in cursor.fetchall()]
    assert sorted(set(waits)) == [0, 40]
    assert str(notes()[-1]["text"]).startswith("Message 2")


@pytest.mark.django_db
def test_an_alarm_that_cannot_be_sent_harms_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    told = ("this is no address", "olivia@example.com")
    monkeypatch.setattr(settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, alarms=told))
    alarm("A message found nobody", "Message 7")
    assert "cannot be told" in caplog.text
    assert [each["address"] for each in notes()] == ["olivia@example.com"]
