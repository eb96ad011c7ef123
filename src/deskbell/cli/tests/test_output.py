"""The log of many processes must stay readable, whatever they write."""

from __future__ import annotations

import io

from deskbell.cli.output import Lines, Log, wants_colour


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_names_stand_in_a_column() -> None:
    stream = io.StringIO()
    log = Log(stream)
    log.line("web", "hello")
    log.line("postgres", "hello")
    assert stream.getvalue() == "web      │ hello\npostgres │ hello\n"


def test_colour_only_on_a_terminal_that_wants_it() -> None:
    assert wants_colour(Terminal(), {})
    assert not wants_colour(Terminal(), {"NO_COLOR": "1"})
    assert not wants_colour(Terminal(), {"TERM": "dumb"})
    assert not wants_colour(io.StringIO(), {})
    stream = Terminal()
    Log(stream, colour=True).line("web", "hello")
    assert stream.getvalue() == "\033[36mweb      │\033[0m hello\n"


def test_a_terminal_that_went_away_stops_nothing() -> None:
    stream = io.StringIO()
    stream.close()
    Log(stream, colour=False).line("web", "hello")


def test_lines_are_whole_though_pieces_are_not() -> None:
    lines = Lines()
    assert lines.feed(b"one\ntw") == ["one"]
    assert lines.feed("o é\r\nthr".encode()) == ["two é"]
    assert lines.end() == ["thr"]
    assert lines.end() == []


def test_a_line_without_end_is_cut() -> None:
    lines = Lines()
    assert [len(line) for line in lines.feed(b"x" * 70_000)] == [70_000]
    assert lines.feed(b"\xff\n") == ["\ufffd"]
