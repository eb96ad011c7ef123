"""The packaged database starts whatever its last end was like."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from deskbell.cli import postgres


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not in tmp_path: as root the server has another user, and pytest closes that to others."""
    base = Path(tempfile.mkdtemp(prefix="deskbell-postgres-"))
    yield base / ("a long name " * 8) / "postgres"
    shutil.rmtree(base, ignore_errors=True)


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


def test_data_outlives_a_killed_server_and_a_pid_used_again(folder: Path) -> None:
    first = postgres.start(folder)
    assert postgres.url_of(folder) == first.url
    with psycopg.connect(first.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    first.process.send_signal(signal.SIGQUIT)
    first.process.wait()
    (folder / "postmaster.pid").write_text(f"{os.getpid()}\n")
    second = postgres.start(folder, for_tests=True)
    try:
        assert rows(second.url, "SELECT number FROM kept") == [(7,)]
    finally:
        second.stop()
    assert not second.launch.sockets.exists()
    assert second.process.returncode == 0


def test_a_server_left_behind_is_ended_first(folder: Path) -> None:
    left = postgres.start(folder, for_tests=True)
    server = postgres.start(folder, for_tests=True)
    try:
        assert left.process.wait(10) == 0
        assert rows(server.url, "SELECT 1") == [(1,)]
    finally:
        server.stop()


def test_what_is_refused_does_not_come_into_the_log(folder: Path) -> None:
    server = postgres.start(folder, for_tests=True)
    try:
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("CREATE TABLE person (email text UNIQUE, password text)")
            connection.execute("INSERT INTO person VALUES ('a@example.com', 'hash')")
            with pytest.raises(psycopg.errors.UniqueViolation):
                connection.execute("INSERT INTO person VALUES ('a@example.com', 'hash')")
    finally:
        server.stop()
    log = folder.with_name("postgres.log").read_text()
    assert "violates unique constraint" in log
    assert "hash" not in log
    assert "a@example.com" not in log


def test_half_made_data_is_made_anew(folder: Path) -> None:
    half = folder.with_name("postgres.new")
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    server = postgres.start(folder, for_tests=True)
    try:
        assert rows(server.url, "SELECT upper('é')") == [("É",)]
        assert rows(server.url, "SHOW listen_addresses") == [("",)]
    finally:
        server.stop()


def test_data_that_is_broken_is_said_with_the_log(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(postgres.PostgresFailed, match=r"did not start; its log is .*postgres\.log"):
        postgres.start(folder)
