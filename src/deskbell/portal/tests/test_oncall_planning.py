"""Looking ahead: gaps and double cover over ninety days, and who a message would reach when."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from deskbell.accounts.models import Account
from deskbell.contacts.actions import add_contact
from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery.actions import add_checked_method
from deskbell.foundation.clock import now
from deskbell.oncall import actions
from deskbell.oncall.models import EscalationLevel
from deskbell.platform.tenancy import account_scope

pytestmark = pytest.mark.django_db
PLAN = "/oncall/plan/"
WHAT_IF = f"{PLAN}what-if/"
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


def way_to(account: Account, name: str) -> DeliveryMethod:
    """A new contact's email."""
    at = now()
    contact = add_contact(account_id=account.pk, name=name, at=at)
    address = f"{name.split(maxsplit=1)[0].lower()}@example.com"
    return add_checked_method(contact=contact, kind="email", address=address, at=at)


def put(level: EscalationLevel, method: DeliveryMethod, first: date, start: int, end: int) -> None:
    """Puts somebody on a level every day from an hour to another; 24 is the end of the day."""
    ends = time(23, 59) if end == 24 else time(end)
    actions.add_event(
        level=level,
        methods=[method],
        starts=datetime.combine(first, time(start)),
        ends=datetime.combine(first, ends),
        at=now(),
        frequency="weekly",
        weekdays=EVERY_DAY,
    )


@pytest.fixture
def levels(acme: Account) -> list[EscalationLevel]:
    """On call: Nina to 6 PM, Otto from 5 PM to 10 PM; then Manager, with Otto at all hours."""
    first = now().astimezone(ZoneInfo(acme.time_zone)).date() - timedelta(days=2)
    with account_scope(acme.pk):
        nina, otto = way_to(acme, "Nina Field"), way_to(acme, "Otto Brandt")
        manager = actions.add_level(account_id=acme.pk, name="Manager", at=now(), position=2)
        on_call = actions.add_level(
            account_id=acme.pk,
            name="On call",
            at=now(),
            position=1,
            repeat=1,
            next_level=manager,
        )
        put(on_call, nina, first, 0, 18)
        put(on_call, otto, first, 17, 22)
        put(manager, otto, first, 0, 24)
    return [on_call, manager]


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_nothing_to_plan_says_what_to_do(page: Client) -> None:
    assert "Make an escalation level" in text_of(page, PLAN)
    assert "There is no level yet" in text_of(page, WHAT_IF)


def test_gaps_and_double_cover_have_links_to_mend_them(
    page: Client, levels: list[EscalationLevel]
) -> None:
    on_call, manager = page.get(PLAN).context["covers"]
    assert 89 <= len(on_call.gaps) <= 91
    assert 89 <= len(on_call.doubles) <= 92
    assert on_call.gaps[1].lasts == "2 hours"
    assert on_call.doubles[1].names == ["Nina Field", "Otto Brandt"]
    assert (manager.gaps, manager.doubles) == ([], [])
    text = text_of(page, PLAN)
    hole = on_call.gaps[1]
    assert hole.starts.endswith("T22:00")
    assert f"on={levels[0].pk}" in text
    assert f"starts={hole.starts}&amp;ends={hole.ends}" in text
    assert "Exactly one contact is on call at every moment" in text
    assert f"view=day&amp;date={on_call.doubles[1].day}" in text


def test_a_level_without_anybody_is_one_long_gap(page: Client, acme: Account) -> None:
    with account_scope(acme.pk):
        actions.add_level(account_id=acme.pk, name="Empty", at=now())
    assert "Nobody is on call on this level in the next 90 days" in text_of(page, PLAN)


def test_what_if_shows_the_whole_chain_with_clock_times(
    page: Client, levels: list[EscalationLevel]
) -> None:
    day = now().date() + timedelta(days=30)
    text = text_of(page, f"{WHAT_IF}?date={day}&time=12:00&level={levels[0].pk}")
    for said in (
        "Attempt 1 on On call: email to Nina Field",
        "Attempt 2 on On call: email to Nina Field",
        "after 5 minutes",
        "Attempt 1 on Manager: email to Otto Brandt",
        "12:00:00 PM EST",
        "12:05:00 PM EST",
        "12:10:00 PM EST",
        "12:15:00 PM EST",
    ):
        assert said in text, said


def test_what_if_at_night_skips_the_level_without_anybody(
    page: Client, levels: list[EscalationLevel]
) -> None:
    day = now().date() + timedelta(days=30)
    answer = page.get(f"{WHAT_IF}?date={day}&time=23:00&level={levels[0].pk}")
    kinds = [line.step.kind for line in answer.context["lines"]]
    assert kinds == ["skipped", "attempt", "exhausted"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("date=tomorrow", "Type a day, as 2026-12-24"),
        ("date=0001-01-01", "Choose a day within ten years"),
        ("time=late", "Type a time, as 18:30"),
        ("level=999999", "This level is not there any more"),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field(
    page: Client, levels: list[EscalationLevel], query: str, words: str
) -> None:
    answer = page.get(f"{WHAT_IF}?{query}")
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_time_that_the_clocks_skip_is_the_first_after_it(
    page: Client, levels: list[EscalationLevel]
) -> None:
    answer = page.get(f"{WHAT_IF}?date=2027-03-14&time=02:30")
    local = answer.context["asked"].at.astimezone(ZoneInfo("America/New_York"))
    assert (local.hour, local.minute) == (3, 0)


def test_many_levels_cost_no_more_queries(
    page: Client,
    acme: Account,
    levels: list[EscalationLevel],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    page.get(PLAN)
    with django_assert_max_num_queries(24) as few:
        page.get(PLAN)
    first = now().date()
    with account_scope(acme.pk):
        method = DeliveryMethod.objects.all()[0]
        for number in range(10):
            level = actions.add_level(account_id=acme.pk, name=f"Level {number}", at=now())
            put(level, method, first, 8, 17)
    with django_assert_max_num_queries(24) as many:
        page.get(PLAN)
    assert len(many) == len(few)
