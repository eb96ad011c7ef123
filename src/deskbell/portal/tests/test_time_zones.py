"""In whose time zone pages tell what happened, and what is to come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils import timezone

from deskbell.accounts.models import Account, User

if TYPE_CHECKING:
    from deskbell.messages.models import Message

    from .conftest import TakeMessage

pytestmark = pytest.mark.django_db
POLL = {"HX-Source": "div#poll", "HX-Request": "true"}


@pytest.fixture
def in_london(alice: User) -> User:
    User.objects.filter(pk=alice.pk).update(time_zone="Europe/London")
    return alice


@pytest.fixture
def message(take: TakeMessage, at: datetime) -> Message:
    """One that was taken at ten in New York, three in London."""
    return take("The tooth hurts", at=at)


def words(page: Client, path: str, **headers: str) -> str:
    answer = page.get(path, headers=headers)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_what_happened_is_told_in_the_persons_zone(
    page: Client, in_london: User, message: Message
) -> None:
    for path in ("/messages/", f"/messages/{message.pk}/"):
        shown = words(page, path)
        assert "3:00 PM" in shown
        assert "10:00 AM" not in shown
        assert "Europe/London (" in shown
        assert ", yours)" in shown


def test_without_a_zone_of_their_own_it_is_the_accounts(page: Client, message: Message) -> None:
    shown = words(page, "/messages/")
    assert "10:00 AM" in shown
    assert "yours" not in shown
    assert "America/New_York (" in shown


@pytest.mark.parametrize(
    "path", ["/", "/oncall/", "/attendant/", "/attendant/schedules/", "/to-dos/", "/scripts/"]
)
def test_what_is_planned_stays_in_the_accounts_zone(
    page: Client, in_london: User, path: str
) -> None:
    shown = words(page, path)
    assert "America/New_York (" in shown
    assert ", the account&#x27;s)" in shown


def test_a_proof_is_a_document_in_the_accounts_zone(
    page: Client, in_london: User, message: Message
) -> None:
    assert ", the account&#x27;s)" in words(page, f"/messages/{message.pk}/proof/")


def test_two_who_look_at_one_list_are_each_told_their_own_time(
    page: Client,
    signed_in: Callable[[User], Client],
    in_london: User,
    bob: User,
    message: Message,
) -> None:
    bobs = signed_in(bob)
    User.objects.filter(pk=bob.pk).update(time_zone="Asia/Tokyo")
    for _ in range(2):
        assert "3:00 PM" in words(page, "/messages/live/", **POLL)
        assert "12:00 AM" in words(bobs, "/messages/live/", **POLL)  # the day after


def test_days_are_searched_as_they_are_told(
    page: Client, in_london: User, take: TakeMessage, at: datetime
) -> None:
    take("Late", at=at.replace(hour=23, minute=30))  # the same day in London and New York
    later = take("Later", at=at.replace(day=5, hour=2))  # the day after in London alone
    found = page.get("/messages/?from_date=3/5/2026&to_date=3/5/2026").context
    assert [row.pk for row in found["slice"].rows] == [later.pk]


def test_no_zone_is_left_behind_for_the_next_request(page: Client, in_london: User) -> None:
    before = timezone.get_current_timezone_name()
    words(page, "/messages/")
    assert timezone.get_current_timezone_name() == before
    Client().get("/sign-in/")
    assert timezone.get_current_timezone_name() == before


def test_a_zone_that_is_none_any_more_harms_nobody(
    page: Client, alice: User, acme: Account
) -> None:
    User.objects.filter(pk=alice.pk).update(time_zone="America/Nowhere")
    assert "America/New_York (" in words(page, "/messages/")
