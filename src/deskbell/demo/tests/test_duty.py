"""The demo's calendars: somebody is always there for a week, and then there is something to see."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from deskbell.accounts.models import Account
from deskbell.demo.cast import ACME, BROOK, Business
from deskbell.demo.duty import add_duty
from deskbell.oncall import queries
from deskbell.platform.tenancy import account_scope

DAY = timedelta(days=1)


@pytest.mark.parametrize("later", range(7))
@pytest.mark.parametrize("business", [ACME, BROOK])
def test_a_week_without_a_gap_and_then_one(
    acme: Account, at: datetime, later: int, business: Business
) -> None:
    at += later * (DAY + timedelta(hours=3))
    with account_scope(acme.pk):
        duty = add_duty(business=business, account=acme, at=at)
        names = [level.name for level in queries.levels()]
        assert names == ["On call", "Practice manager", "Emergencies"]
        week = queries.duty(acme.pk, since=at, until=at + 7 * DAY)
        assert all(stretch.contacts for stretch in week)
        first = [each for each in week if each.level_id == duty.first.pk]
        assert {len(stretch.contacts) for stretch in first} == {1}
        kinds = [method.kind for method in queries.on_call(duty.first, at)]
        assert kinds == ["email", "webhook", "sms", *(["call"] if business is ACME else [])]

        [gap] = queries.gaps(duty.first, since=at, until=at + 21 * DAY)
        assert gap.end - gap.start == timedelta(hours=10)
        found = queries.doubles(duty.first, since=at, until=at + 21 * DAY)
        bars = queries.picture(acme.pk, since=at, until=at + 21 * DAY)
    if business is ACME:
        [double] = found
        assert double.end - double.start == timedelta(hours=2)
        assert any(bar.kind == "override" for bar in bars)
