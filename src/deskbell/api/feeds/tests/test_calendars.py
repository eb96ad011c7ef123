"""A feed's link: it opens one feed until it is renewed, and says 304 while nothing changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

import icalendar
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from deskbell.accounts.models import Account
from deskbell.contacts.actions import add_contact, add_method, rename_contact
from deskbell.contacts.models import Contact, DeliveryMethod
from deskbell.oncall import actions, feeds
from deskbell.oncall.models import EscalationLevel
from deskbell.platform.tenancy import account_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_acme(acme: Account) -> Iterator[Account]:
    with account_scope(acme.pk):
        yield acme


@pytest.fixture
def method(in_acme: Account, at: datetime) -> DeliveryMethod:
    contact = add_contact(account_id=in_acme.pk, name="Alice", at=at)
    return add_method(contact=contact, kind="email", address="alice@example.com", at=at)


@pytest.fixture
def level(in_acme: Account, method: DeliveryMethod, at: datetime) -> EscalationLevel:
    level = actions.add_level(account_id=in_acme.pk, name="Doctors; on call, all", at=at)
    actions.add_event(
        level=level,
        methods=[method],
        starts=datetime.fromisoformat("2026-03-04 09:00"),
        ends=datetime.fromisoformat("2026-03-04 23:59"),
        frequency="weekly",
        at=at,
    )
    return level


def path_of(url: str) -> str:
    return urlsplit(url).path


def test_a_levels_feed(client: Client, level: EscalationLevel) -> None:
    answer = client.get(path_of(feeds.level_url(level)))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    calendar = icalendar.Calendar.from_ical(answer.content)
    assert str(calendar["NAME"]).replace("\\", "") == "Doctors; on call, all"
    assert b"X-WR-CALNAME:Doctors\\; on call\\, all" in answer.content
    assert calendar["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    [event] = calendar.walk("VEVENT")
    assert str(event["SUMMARY"]) == "Alice"
    assert b"alice@example.com" not in answer.content
    assert [each["TZID"] for each in calendar.walk("VTIMEZONE")] == ["America/New_York"]


def test_a_contacts_feed_says_where(
    client: Client, level: EscalationLevel, method: DeliveryMethod
) -> None:
    answer = client.get(path_of(feeds.contact_url(method.contact)))
    calendar = icalendar.Calendar.from_ical(answer.content)
    assert [str(each["SUMMARY"]) for each in calendar.walk("VEVENT")] == [
        "On call: Doctors; on call, all"
    ]


def test_nothing_new_is_304_and_a_change_is_not(
    client: Client,
    level: EscalationLevel,
    method: DeliveryMethod,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    path = path_of(feeds.level_url(level))
    first = client.get(path)
    with django_assert_num_queries(1):
        again = client.get(path, headers={"If-None-Match": f'"other", {first.headers["ETag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    rename_contact(contact=method.contact, name="Bob")
    changed = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert b"SUMMARY:Bob" in changed.content


def test_head_says_what_get_would(client: Client, level: EscalationLevel) -> None:
    path = path_of(feeds.level_url(level))
    head, whole = client.head(path), client.get(path)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("Content-Type", "ETag"):
        assert head.headers[name] == whole.headers[name]
    assert client.post(path).status_code == 405


def test_a_renewed_link_opens_the_feed_and_the_old_one_nothing(
    client: Client, level: EscalationLevel, method: DeliveryMethod
) -> None:
    for old, owner in (
        (feeds.level_url(level), level),
        (feeds.contact_url(method.contact), Contact.objects.get(pk=method.contact_id)),
    ):
        etag = client.get(path_of(old)).headers["ETag"]
        new = feeds.renew(owner)
        assert new != old
        gone = client.get(path_of(old), headers={"If-None-Match": etag})
        assert gone.status_code == 404
        assert client.get(path_of(new)).status_code == 200


def test_a_link_is_the_same_each_time_and_opens_nothing_else(
    client: Client, level: EscalationLevel
) -> None:
    url = feeds.level_url(level)
    assert feeds.level_url(EscalationLevel.objects.get()) == url
    path = path_of(url)
    body, dot, signature = path.removesuffix(".ics").partition(".")
    for wrong in (
        f"{body}.ics",
        f"{body}{dot}{signature[:-1]}.ics",
        f"{body[:-2]}{dot}{signature}.ics",
        f"{path}x" * 200,
        "/calendars/guessed.ics",
    ):
        assert client.get(wrong).status_code == 404
    level.delete()
    assert client.get(path).status_code == 404


def test_the_cost_does_not_grow_with_the_shifts(
    client: Client,
    level: EscalationLevel,
    method: DeliveryMethod,
    at: datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for day in range(10, 20):
        actions.add_event(
            level=level,
            methods=[method],
            starts=datetime.fromisoformat(f"2026-03-{day} 09:00"),
            ends=datetime.fromisoformat(f"2026-03-{day} 17:00"),
            at=at,
        )
    with django_assert_num_queries(3):
        answer = client.get(path_of(feeds.level_url(level)))
    assert len(icalendar.Calendar.from_ical(answer.content).walk("VEVENT")) == 11
