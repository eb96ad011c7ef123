"""What a monitor of the deployment is told."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client

from deskbell.accounts.models import Account
from deskbell.foundation.clock import now
from deskbell.messages.actions import Taken, take
from deskbell.oncall.actions import add_level, add_self_test, run_due, run_self_tests
from deskbell.platform.tenancy import account_scope


def told(client: Client) -> tuple[int, dict[str, object]]:
    answer = client.get("/health/escalation")
    return answer.status_code, json.loads(answer.content)


@pytest.mark.parametrize(("seconds", "status"), [(30, 200), (90, 503)])
def test_it_fails_when_a_message_is_late_by_over_a_minute(
    client: Client, acme: Account, seconds: int, status: int
) -> None:
    untested = {"count": 0, "failed": 0, "late": 0, "last_passed_at": None}
    well = {"well": True, "due": 0, "late_seconds": 0.0, "self_tests": untested}
    assert told(client) == (200, well)
    due = now() - timedelta(seconds=seconds)
    with account_scope(acme.pk):
        take(account_id=acme.pk, taken=Taken("The tooth hurts"), at=due)
    code, said = told(client)
    assert (code, said["well"], said["due"]) == (status, status == 200, 1)


def test_it_fails_when_a_self_test_found_nobody(client: Client, acme: Account) -> None:
    at = now() - timedelta(minutes=2)
    with account_scope(acme.pk):
        level = add_level(account_id=acme.pk, name="Weekday", at=at)
        add_self_test(level=level, every_seconds=3600, within_seconds=60, at=at)
        run_self_tests(at)
        run_due(at)
        assert told(client)[0] == 200
        run_self_tests(at + timedelta(minutes=1))
    code, said = told(client)
    assert (code, said["self_tests"]) == (
        503,
        {"count": 1, "failed": 1, "late": 0, "last_passed_at": None},
    )
