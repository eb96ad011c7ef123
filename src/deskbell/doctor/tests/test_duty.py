"""Gaps among shifts, and chains that end."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from deskbell.doctor.findings import Finding
from deskbell.doctor.rules.duty import LOOKED_AHEAD, Duty, Span, examine, gaps

AT = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)  # ten in the morning in New York
HOUR = timedelta(hours=1)
END = AT + LOOKED_AHEAD
NEW_YORK = ZoneInfo("America/New_York")
ALL: tuple[Span, ...] = ((AT - HOUR, END + HOUR),)


WELL = Duty(level_id=7, name="First line", repeat=1, spans=ALL)


def found(**fields: Any) -> list[Finding]:
    return list(examine([replace(WELL, **fields)], AT, NEW_YORK))


def test_a_level_with_somebody_all_the_time_is_well() -> None:
    assert found() == []
    meeting = ((AT + HOUR, END), (AT - HOUR, AT + HOUR))
    assert found(spans=meeting) == []


def test_a_level_without_a_shift() -> None:
    [one] = found(spans=((AT - HOUR, AT), (END, END + HOUR)))
    assert (one.code, one.severity, one.kind, one.sid) == (
        "level_without_shift",
        "error",
        "level",
        "7",
    )
    [one] = found(spans=(), has_net=True)
    assert (one.code, one.severity) == ("level_without_shift", "warning")


def test_gaps_are_said_in_the_accounts_time() -> None:
    [one] = found(spans=((AT - HOUR, AT + HOUR), (AT + 3 * HOUR, END)))
    assert (one.code, one.severity) == ("level_with_gaps", "warning")
    assert one.words == (
        'Nobody is on call on "First line" at times: '
        "Wednesday, March 4, 2026, 11 AM to Wednesday, March 4, 2026, 1 PM."
    )
    [one] = found(spans=((AT - HOUR, END - HOUR),), has_net=True)
    assert (one.code, one.severity) == ("level_with_gaps", "hint")


def test_many_gaps_are_counted() -> None:
    nights = tuple(
        (AT + timedelta(days=day), AT + timedelta(days=day, hours=8)) for day in range(14)
    )
    [one] = found(spans=nights)
    assert one.words.endswith("; 11 more times.")


def test_chains_that_end() -> None:
    [one] = found(repeat=0)
    assert (one.code, one.severity) == ("chain_ends", "warning")
    [one] = found(repeat=0, is_next=True)
    assert (one.code, one.severity) == ("chain_ends", "hint")
    assert found(repeat=0, has_next=True) == []
    assert found(repeat=1) == []


def test_a_level_that_is_rung_needs_a_phone() -> None:
    assert [one.code for one in found(is_rung=True)] == ["level_without_phone"]
    assert found(is_rung=True, has_phone=True) == []
    assert [one.code for one in found(is_rung=True, spans=())] == ["level_without_shift"]


def test_gaps_of_spans_that_overlap_and_stand_in_any_order() -> None:
    spans = [(AT + 5 * HOUR, AT + 6 * HOUR), (AT, AT + 2 * HOUR), (AT + HOUR, AT + 3 * HOUR)]
    assert gaps(spans, AT, AT + 6 * HOUR) == [(AT + 3 * HOUR, AT + 5 * HOUR)]
    assert gaps([], AT, AT) == []
