"""The page of performance: who sees whom, which days, in what order."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client

from deskbell.accounts.models import Account, User
from deskbell.desk.models import Receptionist

PAGE = "/desk/performance/"


@pytest.fixture
def desks(acme: Account, rita: User, olivia: User, at: datetime) -> list[Receptionist]:
    return [
        Receptionist.objects.create(user=user, phone=f"staff-{user.pk}", since=at)
        for user in (rita, olivia)
    ]


def seen_by(client: Client, user: User, **asked: str) -> list[str]:
    client.force_login(user)
    answer = client.get(PAGE, asked)
    assert answer.status_code == 200
    return [str(each.receptionist) for each, _ in answer.context["rows"]]


def test_operators_see_everybody_and_a_receptionist_themself(
    client: Client, rita: User, olivia: User, alice: User, desks: list[Receptionist]
) -> None:
    assert seen_by(client, olivia) == ["Olivia", "Rita"]
    assert seen_by(client, olivia, sort="name", dir="desc") == ["Rita", "Olivia"]
    assert seen_by(client, rita) == ["Rita"]
    client.force_login(alice)
    assert client.get(PAGE).status_code == 403


@pytest.mark.parametrize("column", ["offered", "mean_answer", "talk", "away", "nonsense"])
def test_it_is_sorted_by_every_column(
    client: Client, olivia: User, desks: list[Receptionist], column: str
) -> None:
    assert len(seen_by(client, olivia, sort=column, dir="desc")) == 2


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"from_date": "2026-03-05", "to_date": "2026-03-04"}, "to_date"),
        ({"from_date": "2/31/2026"}, "from_date"),
        ({"from_date": "2024-01-01", "to_date": "2026-01-01"}, "to_date"),
    ],
)
def test_wrong_days_are_told_beside_their_field(
    client: Client, olivia: User, desks: list[Receptionist], asked: dict[str, str], field: str
) -> None:
    client.force_login(olivia)
    assert f'id="{field}-error"' in client.get(PAGE, asked).content.decode()


def test_the_file_has_seconds(
    client: Client, olivia: User, desks: list[Receptionist], at: datetime
) -> None:
    Receptionist.objects.update(since=at - timedelta(hours=1))
    client.force_login(olivia)
    day = f"{at:%Y-%m-%d}"
    asked = {"from_date": day, "to_date": day, "format": "csv"}
    [head, *lines] = client.get(PAGE, asked).content.decode().splitlines()
    assert "Away (s)" in head
    assert len(lines) == 2
