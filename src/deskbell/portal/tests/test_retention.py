"""How long things are kept: who may say so, what is refused, and what is asked first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from deskbell.accounts.models import Account, User
from deskbell.foundation.clock import now

if TYPE_CHECKING:
    from .conftest import TakeMessage

pytestmark = pytest.mark.django_db
URL = "/accounts/retention/"


def shown(page: Client) -> dict[str, str]:
    """The fields as the page has them."""
    form = page.get(URL).context["form"]
    return {name: str(form[name].value() or "") for name in form.fields}


def test_an_administrator_shortens_it(page: Client, acme: Account) -> None:
    answer = page.post(URL, shown(page) | {"message_days": "90", "recording_days": "7"})
    assert answer.status_code == 302
    acme.refresh_from_db()
    assert (acme.message_days, acme.recording_days) == (90, 7)


@pytest.mark.parametrize("days", ["0", "181", "-1", "many", "", "1e2", "9" * 400])
def test_what_is_no_time_is_refused_beside_its_field(
    page: Client, acme: Account, days: str
) -> None:
    answer = page.post(URL, shown(page) | {"message_days": days, "recording_days": "7"})
    assert answer.status_code == 422
    assert "Type a number from 1 to 180." in answer.content.decode()
    assert 'value="7"' in answer.content.decode()
    acme.refresh_from_db()
    assert (acme.message_days, acme.recording_days) == (180, 31)


def test_what_would_go_is_said_first(page: Client, acme: Account, take: TakeMessage) -> None:
    for days in (20, 30):
        take(at=now() - timedelta(days=days))
    typed = shown(page) | {"message_days": "10"}
    asked = page.post(URL, typed)
    assert "<strong>2 messages</strong>" in asked.content.decode()
    acme.refresh_from_db()
    assert acme.message_days == 180
    sure = asked.context["form"]["sure"].value()
    assert page.post(URL, typed | {"sure": sure}).status_code == 302
    acme.refresh_from_db()
    assert acme.message_days == 10


def test_nobody_overwrites_what_another_saved(page: Client, acme: Account) -> None:
    typed = shown(page) | {"message_days": "90"}
    Account.objects.filter(pk=acme.pk).update(message_days=60)
    answer = page.post(URL, typed)
    assert answer.status_code == 409
    assert "Somebody else saved this" in answer.content.decode()
    acme.refresh_from_db()
    assert acme.message_days == 60


def test_who_may_not_change_it_may_look(
    signed_in: Callable[[User], Client], bob: User, acme: Account
) -> None:
    client = signed_in(bob)
    page = client.get(URL).content.decode()
    assert "needs the Account Management access" in page
    assert "disabled" in page
    assert client.post(URL, {"message_days": "1", "recording_days": "1"}).status_code == 403
    acme.refresh_from_db()
    assert acme.message_days == 180
