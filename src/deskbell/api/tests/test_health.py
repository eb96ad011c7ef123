"""What a monitor of the deployment is told."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client

from deskbell.accounts.models import Account
from deskbell.foundation.clock import now
from deskbell.messages.actions import Taken, take
from deskbell.platform.tenancy import account_scope


def told(client: Client) -> tuple[int, dict[str, object]]:
    answer = client.get("/health/escalation")
    return answer.status_code, json.loads(answer.content)


@pytest.mark.parametrize(("seconds", "status"), [(30, 200), (90, 503)])
def test_it_fails_when_a_message_is_late_by_over_a_minute(
    client: Client, acme: Account, seconds: int, status: int
) -> None:
    assert told(client) == (200, {"well": True, "due": 0, "late_seconds": 0.0})
    due = now() - timedelta(seconds=seconds)
    with account_scope(acme.pk):
        take(account_id=acme.pk, taken=Taken("The tooth hurts"), at=due)
    code, said = told(client)
    assert (code, said["well"], said["due"]) == (status, status == 200, 1)
