"""A job belongs to the transaction it was queued in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction

from deskbell.platform import jobs


@jobs.job("tests.note")
def note(word: str) -> None:
    seen.append(word)


seen: list[str] = []


def queued() -> list[tuple[str, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT entrypoint, payload FROM pgqueuer WHERE entrypoint LIKE 'tests.%' ORDER BY id"
        )
        return [(name, bytes(payload)) for name, payload in cursor.fetchall()]


@pytest.mark.django_db
def test_a_rollback_takes_the_job_with_it() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        jobs.enqueue(note, word="lost")
        assert len(queued()) == 1
        raise ZeroDivisionError
    assert queued() == []


@pytest.mark.django_db
def test_a_key_is_queued_once() -> None:
    assert jobs.enqueue(note, key="k", word="one")
    assert not jobs.enqueue(note, key="k", word="two")
    many = {"k": {"word": "two"}, "l": {"word": "three"}, "m": {"word": "four"}}
    assert jobs.enqueue_many(note, many) == 2
    assert jobs.enqueue_many(note, many) == jobs.enqueue_many(note, {}) == 0
    assert [payload for _, payload in queued()] == [
        b'{"word": "one"}',
        b'{"word": "three"}',
        b'{"word": "four"}',
    ]


@pytest.mark.django_db
def test_a_timer_waits_and_a_past_one_does_not() -> None:
    jobs.enqueue(note, after=timedelta(hours=1), word="later")
    jobs.enqueue(note, after=timedelta(hours=-1), word="now")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pgqueuer"
            " WHERE entrypoint LIKE 'tests.%' AND execute_after > now()"
        )
        assert cursor.fetchone() == (1,)


def test_a_job_runs_by_its_name() -> None:
    jobs.run_job("tests.note", b'{"word": "hello"}')
    assert seen[-1] == "hello"
