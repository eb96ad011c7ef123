"""The dashboard, on-call and attendant pages, and changing the account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from deskbell.accounts.actions import join
from deskbell.accounts.models import Account, Membership, PhoneNumber, User
from deskbell.calls.actions import recount
from deskbell.calls.models import Call
from deskbell.contacts.actions import add_contact, add_method
from deskbell.contacts.models import DeliveryMethod
from deskbell.foundation.sids import new_sid
from deskbell.messages.models import Message
from deskbell.oncall.actions import add_event
from deskbell.oncall.models import EscalationLevel
from deskbell.platform.tenancy import account_scope
from deskbell.portal.charts import nice_top
from deskbell.portal.context import initials_of
from deskbell.portal.dashboard.chart import chart_of
from deskbell.portal.dashboard.figures import Day, Usage, usage_to_date, waiting
from deskbell.portal.duty import on_call_now

pytestmark = pytest.mark.django_db


def call(account: Account, at: datetime, seconds: int, *, agent: int | None = None) -> None:
    """A call that has ended."""
    Call(
        account=account,
        sid=new_sid("CA"),
        number_dialed="2125550142",
        started_at=at,
        ended_at=at + timedelta(seconds=seconds),
        connection_sec=seconds,
        talk_sec=seconds if agent else 0,
        agent_id=agent,
    ).save()


def test_usage_is_this_months_by_the_accounts_clock(acme: Account) -> None:
    at = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
    with account_scope(acme.pk):
        call(acme, datetime(2026, 3, 1, 4, 59, tzinfo=UTC), 600)  # still February in New York
        call(acme, datetime(2026, 3, 1, 5, 0, tzinfo=UTC), 60)
        call(acme, datetime(2026, 3, 4, 4, 0, tzinfo=UTC), 120, agent=3)  # the evening of the 3rd
        call(acme, at + timedelta(days=1), 600)
        recount(account=acme, since=date(2026, 2, 1), until=date(2026, 3, 31))
        usage = usage_to_date(acme, at)
    assert usage.days == [Day(1, 1.0), Day(2), Day(3, 0.0, 2.0), Day(4)]
    assert (usage.standard, usage.assisted, usage.total) == (1.0, 2.0, 3.0)
    assert len(usage.last_month) == 28
    assert usage.last_month[-1] == Day(28, 10.0)
    assert (usage.whole_before, usage.so_far_before) == (10.0, 0.0)


def test_last_month_ends_where_it_ends(acme: Account) -> None:
    for at, days, before in (
        (datetime(2026, 3, 31, 12, tzinfo=UTC), 31, 28),
        (datetime(2026, 1, 1, 12, tzinfo=UTC), 1, 31),
        (datetime(2026, 4, 1, 3, tzinfo=UTC), 31, 28),  # the evening of March in New York
        (datetime(2024, 3, 1, 5, tzinfo=UTC), 1, 29),
    ):
        with account_scope(acme.pk):
            usage = usage_to_date(acme, at)
        assert (len(usage.days), len(usage.last_month)) == (days, before)
        assert [number for number, _, _ in usage.beside] == list(range(1, max(days, before) + 1))


def test_last_month_stands_behind_this_one() -> None:
    first = datetime(2026, 2, 1, tzinfo=UTC)
    january = [Day(1, 30.0, 10.0), *map(Day, range(2, 31)), Day(31, 5.0)]
    usage = Usage(first, [Day(1, 10.0)], january)
    chart = chart_of(usage, 28)
    assert chart.marks == [40, 20, 0]  # the higher of both months
    assert [(each.x, each.height) for each in chart.behind] == [(0, 100.0), (360, 12.5)]
    assert usage.before.month == 1


def test_the_chart_never_overflows() -> None:
    days = [Day(1, 100.0, 60.0), Day(2), Day(3, 0.5)]
    chart = chart_of(Usage(datetime(2026, 2, 1, tzinfo=UTC), days), 28)
    assert chart.width == 28 * 12
    assert chart.marks == [200, 100, 0]
    assert all(bar.assisted_y >= 0 for bar in chart.bars)
    assert chart.bars[0].assisted_y + chart.bars[0].assisted_height == chart.bars[0].standard_y


@pytest.mark.parametrize(
    ("most", "top"), [(0, 10), (10, 10), (10.1, 20), (26, 30), (99, 100), (4321, 5000)]
)
def test_the_chart_ends_at_a_round_number(most: float, top: int) -> None:
    assert nice_top(most) == top


def test_open_messages_are_counted_by_age(
    take: Callable[..., Message], acme: Account, at: datetime
) -> None:
    for minutes in (0, 14, 15, 59, 60, 239, 240, 1439, 1440, 9000):
        take(f"{minutes} old", at=at - timedelta(minutes=minutes))
    with account_scope(acme.pk):
        found = waiting(at)
    assert [age.count for age in found.ages] == [2, 2, 2, 2, 2]
    assert found.longest[0].content == "9000 old"


def test_the_dashboard_counts_and_links(page: Client, take: Callable[..., Message]) -> None:
    take("one")
    second = take("two")
    page.post(f"/messages/{second.pk}/acknowledge/")
    text = page.get("/").content.decode()
    for label in ("New Messages", "Delivered Messages", "Monthly Usage", "Last Login"):
        assert label in text
    assert 'widget-figure">1<' in text
    assert "?tab=acknowledged" in text
    assert "There is no escalation level yet" in text
    assert "No minutes were used this month yet" in text


def _method(account: Account, name: str, at: datetime) -> DeliveryMethod:
    contact = add_contact(account_id=account.pk, name=name, at=at)
    return add_method(contact=contact, kind="email", address=f"{name}@example.com", at=at)


def _shift(
    level: EscalationLevel, method: DeliveryMethod, starts: datetime, ends: datetime
) -> None:
    zone = ZoneInfo(level.account.time_zone)
    add_event(
        level=level,
        methods=[method],
        starts=starts.astimezone(zone).replace(tzinfo=None),
        ends=ends.astimezone(zone).replace(tzinfo=None),
        at=starts,
    )


def test_shifts_that_touch_are_one_watch(page: Client, acme: Account, at: datetime) -> None:
    hour = timedelta(hours=1)
    with account_scope(acme.pk):
        level = EscalationLevel(account=acme, name="First line", created_at=at)
        level.save()
        alice, bob = _method(acme, "alice", at), _method(acme, "bob", at)
        _shift(level, alice, at - hour, at + hour)
        _shift(level, alice, at + hour, at + 2 * hour)
        _shift(level, bob, at + 2 * hour, at + 3 * hour)
        [duty] = on_call_now(acme.pk, at)
        [gap] = on_call_now(acme.pk, at + 4 * hour)
    assert [(each.name, each.ends) for each in duty.now] == [("alice", at + 2 * hour)]
    assert [(each.name, each.starts) for each in duty.next] == [("bob", at + 2 * hour)]
    assert (gap.now, gap.next) == ([], [])
    assert "First line" in page.get("/oncall/").content.decode()


def test_an_account_without_levels_is_told(page: Client) -> None:
    assert "There is no escalation level yet" in page.get("/oncall/").content.decode()


def test_changing_the_account(page: Client, alice: User, acme: Account, other: Account) -> None:
    assert "Change account" not in page.get("/").content.decode()
    assert page.post("/account/", {"account": other.pk}).status_code == 404
    join(user=alice, account=other)
    text = page.get("/").content.decode()
    assert "Change account" in text
    assert "Acme Dental" in text
    page.post("/account/", {"account": other.pk})
    assert "Europe/London" in page.get("/").content.decode()
    Membership.objects.filter(user=alice, account=other).delete()
    assert "America/New_York" in page.get("/").content.decode()


@pytest.mark.parametrize("posted", ["", "abc", "²", "0", "99999999999999999999999"])
def test_nonsense_is_no_account(page: Client, posted: str) -> None:
    assert page.post("/account/", {"account": posted}).status_code == 404


def test_staff_enter_every_account(
    signed_in: Callable[[User], Client], olivia: User, acme: Account, other: Account
) -> None:
    client = signed_in(olivia)
    client.post("/account/", {"account": other.pk})
    assert "Europe/London" in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Alice", "A"), ("Ada M. King", "AK"), ("bob@example.com", "BE"), ("", "?")],
)
def test_initials(name: str, initials: str) -> None:
    assert initials_of(name) == initials


def test_an_unknown_page_is_said_in_words(page: Client, acme_number: PhoneNumber) -> None:
    answer = page.get("/no-such-page/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
