"""Lists: what is in them, in which order, and that they cost the same at any length."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest

from deskbell.accounts.models import Account
from deskbell.messages import actions, queries
from deskbell.messages.actions import Taken
from deskbell.messages.models import SELF_TEST
from deskbell.messages.queries import Wanted
from deskbell.platform.tenancy import account_scope


@pytest.fixture(autouse=True)
def three(acme: Account, at: datetime) -> Iterator[None]:
    with account_scope(acme.pk):
        for minutes, (name, content) in enumerate(
            [("Dana", "a toothache"), ("Priya", "the bill, 100% wrong"), ("Noor", "toothbrushes")]
        ):
            actions.take(
                account_id=acme.pk,
                taken=Taken(content, first_name=name, phone=f"+1212555010{minutes}"),
                at=at + timedelta(minutes=minutes),
            )
        yield


def names(**how: object) -> list[str]:
    return [message.first_name for message in queries.listed(tab="new", **how)]  # type: ignore[arg-type]


def test_newest_first_and_sorted_as_asked() -> None:
    assert names() == ["Noor", "Priya", "Dana"]
    assert names(sort="from", descending=False) == ["Dana", "Noor", "Priya"]
    assert names(sort="; DROP TABLE", descending=True) == ["Noor", "Priya", "Dana"]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("tooth", ["Noor", "Dana"]),
        ("TOOTHACHE dana", ["Dana"]),
        ("0101", ["Priya"]),
        ("100%", ["Priya"]),
        ("_", []),
        ("", ["Noor", "Priya", "Dana"]),
    ],
)
def test_search(search: str, found: list[str]) -> None:
    assert names(search=search) == found


def test_counts_follow_acknowledgements(at: datetime) -> None:
    assert queries.counts() == queries.Counts(new=3, acknowledged=0)
    first = queries.listed(tab="new")[0]
    actions.acknowledge(message=first, by="alice", at=at, through="portal")
    assert queries.counts() == queries.Counts(new=2, acknowledged=1)
    assert [message.pk for message in queries.listed(tab="acknowledged")] == [first.pk]


def test_a_self_test_is_listed_while_somebody_is_to_acknowledge_it(
    acme: Account, at: datetime
) -> None:
    first, second = (
        actions.take(
            account_id=acme.pk,
            taken=Taken("This is a test", first_name="Self-test", origin=SELF_TEST),
            at=at,
        )
        for _ in range(2)
    )
    assert queries.counts().new == len(names()) == 5
    actions.acknowledge(message=first, by="alice", at=at, through="portal")
    actions.exhaust(message=second, text="Nobody acknowledged it", at=at)
    assert queries.counts() == queries.Counts(new=3, acknowledged=0)
    assert not queries.listed(tab="acknowledged")
    assert "Self-test" not in names(search="test")


def test_few_queries_a_list(
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    with django_assert_num_queries(1):
        queries.counts()
    with django_assert_num_queries(1):
        list(queries.page(Wanted(tab="new"), start=0, size=25))
    with django_assert_num_queries(1):
        queries.how_many(Wanted(tab="new"))
    # Each search has a limit of time, which costs four statements that do nothing else.
    with django_assert_num_queries(2 + 4):  # what the words are to the database, and how many
        assert queries.how_many(Wanted(tab="new", search="tooth")) == queries.HowMany(2)
    with django_assert_num_queries(6 + 4):  # words, three times near ones, all, rows
        assert len(queries.page(Wanted(search="tooth"), start=0, size=25)) == 2
    with django_assert_num_queries(3 + 4):  # words, all, rows: few are known to be there
        known = queries.HowMany(2)
        assert len(queries.page(Wanted(search="tooth"), start=0, size=25, total=known)) == 2
    with django_assert_num_queries(0 + 4):
        none = queries.HowMany(0)
        assert not queries.page(Wanted(search="%"), start=0, size=25, total=none)
    with django_assert_num_queries(1):
        assert [activity.message.first_name for activity in queries.recent_activities()]
