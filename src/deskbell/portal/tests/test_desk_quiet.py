"""Desks that ask where nothing changed: who is answered without being looked up, and who is not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.desk.actions import distribute
from deskbell.desk.models import Receptionist
from deskbell.foundation.clock import now
from deskbell.platform.tenancy import system_scope
from deskbell.portal.desk import quiet, regions, views
from tests.at_the_desk import Desk, open_desk

pytestmark = pytest.mark.django_db
LIVE = "/desk/live/"


class Clock:
    """The time of the pages, which a test moves; it starts with a minute."""

    def __init__(self) -> None:
        self.at = now().replace(second=0, microsecond=0)

    def shift(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    for module in (quiet, regions, views):
        monkeypatch.setattr(module, "now", lambda: made.at)
    return made


@pytest.fixture
def desk(clock: Clock, acme: Account, acme_number: PhoneNumber, rita: User) -> Desk:
    regions.TOGETHER.forget()  # versions of other tests are there
    return open_desk(acme, acme_number, rita)


@pytest.fixture
def page(client: Client, desk: Desk, rita: User) -> Client:
    client.force_login(rita)
    return client


def asked(page: Client, tag: str) -> Any:
    return page.get(LIVE, headers={"If-None-Match": tag})


def tag_of(page: Client) -> str:
    return str(page.get(LIVE).headers["ETag"])


def test_a_tag_is_good_for_a_moment_and_is_then_given_anew(
    page: Client, clock: Clock, django_assert_num_queries: Any
) -> None:
    tag = tag_of(page)
    clock.shift(19)
    with django_assert_num_queries(1):
        assert asked(page, tag).status_code == 304
    clock.shift(1)
    later = asked(page, tag)
    assert later.status_code == 304, "nothing changed, but it was asked who asks"
    with django_assert_num_queries(1):
        assert asked(page, later.headers["ETag"]).status_code == 304


def test_an_open_desk_is_seen(page: Client, clock: Clock) -> None:
    tag, began = tag_of(page), clock.at
    for _ in range(60):
        clock.shift(1)
        tag = asked(page, tag).headers["ETag"]
    found = Receptionist.objects.get().seen_at
    assert found is not None
    assert found >= began + timedelta(seconds=20)


def test_nobody_else_has_use_of_a_tag(page: Client, alice: User) -> None:
    """Not somebody without a session, and not somebody else's."""
    tag = tag_of(page)
    assert asked(Client(), tag).status_code == 302
    other = Client()
    other.force_login(alice)
    assert asked(other, tag).status_code == 403


def test_who_has_left_is_sent_to_sign_in_within_twenty_seconds(page: Client, clock: Clock) -> None:
    tag, cookies = tag_of(page), dict(page.cookies)
    page.logout()
    page.cookies.update(cookies)
    clock.shift(20)
    assert asked(page, tag).status_code == 302


@pytest.mark.parametrize(
    ("old", "new"),
    [(".", ".9"), ("-", "-9"), ('"', '"9'), ("-", "- "), ('"', ""), ('"', 'W/"'), (".", "")],
)
def test_a_tag_that_was_changed_is_none(page: Client, old: str, new: str) -> None:
    answer = asked(page, tag_of(page).replace(old, new, 1))
    assert answer.status_code == 200
    assert b"data-region" in answer.content


def test_a_desk_that_was_taken_away_is_gone_at_once(page: Client) -> None:
    tag = tag_of(page)
    with system_scope("a test takes the desk away"):
        Receptionist.objects.all().delete()
    assert asked(page, tag).status_code == 403


def test_what_rings_is_told_at_once_and_the_floor_within_two_seconds(
    page: Client, desk: Desk, clock: Clock, django_capture_on_commit_callbacks: Any
) -> None:
    desk.available()
    tag = tag_of(page)
    with django_capture_on_commit_callbacks(execute=True):
        desk.join()
    assert asked(page, tag).status_code == 304
    clock.shift(2)
    changed = asked(page, tag)
    assert 'id="desk-queue"' in changed.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        distribute(clock.at)
    assert "data-rings" in asked(page, changed.headers["ETag"]).content.decode()
