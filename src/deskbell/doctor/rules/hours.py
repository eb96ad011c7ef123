"""The hours of a week that no entry covers, and how people say them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import time
from typing import Final

from deskbell.attendant.rules import WeekSpan
from deskbell.foundation.dates import DAYS, time_words

DAY: Final = 24 * 60 * 60
WEEK: Final = 7 * DAY
_MOST: Final = 4

Hole = tuple[int, int]


def holes(week: Iterable[WeekSpan]) -> list[Hole]:
    """The spans that no entry covers, in order: first second inside and first outside, counted
    from Monday 00:00. One that passes the end of the week ends beyond it; `(0, WEEK)` is all."""
    covered: list[Hole] = []
    for entry in week:
        first, after = entry.seconds
        covered.append((first, min(after, WEEK)))
        if after > WEEK:
            covered.append((0, after - WEEK))
    found: list[Hole] = []
    reached = 0
    for first, after in sorted(covered):
        if first > reached:
            found.append((reached, first))
        reached = max(reached, after)
    if reached < WEEK:
        found.append((reached, WEEK))
    return _joined(found)


def _joined(found: list[Hole]) -> list[Hole]:
    """The last and the first as one, where they meet between Sunday and Monday."""
    if len(found) > 1 and found[0][0] == 0 and found[-1][1] == WEEK:
        return [*found[1:-1], (found[-1][0], WEEK + found[0][1])]
    return found


def in_words(found: Sequence[Hole]) -> str:
    """`on Monday to Thursday from 6 PM to 8 AM, and from Friday 6 PM to Monday 8 AM`.

    Spans of the same hours are said once, whole days as days; of more than four kinds only the
    number is said of the rest.
    """
    days: dict[tuple[int, int], list[int]] = {}
    longer: list[str] = []
    for start, end in found:
        if start % DAY == 0 and end % DAY == 0:
            whole = range(start // DAY, end // DAY)
            days.setdefault((0, DAY), []).extend(day % 7 for day in whole)
        elif end - start <= DAY:
            days.setdefault((start % DAY, end - start), []).append(start // DAY)
        else:
            longer.append(f"from {_moment(start)} to {_moment(end)}")
    said = [_hours(sorted(on), *span) for span, on in days.items()] + longer
    if len(said) > _MOST:
        said = [*said[:_MOST], f"at {len(said) - _MOST} more times"]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])}, and {said[-1]}"


def _hours(on: list[int], start: int, length: int) -> str:
    every = "every day" if len(on) == 7 else f"on {_run_words(on)}"
    if (start, length) == (0, DAY):
        return f"all day {every}" if len(on) < 7 else "all day, every day"
    return f"{every} from {_clock(start)} to {_clock(start + length)}"


def _run_words(on: list[int]) -> str:
    """`Monday to Thursday, Saturday and Sunday`; a run may go on from Sunday to Monday."""
    runs: list[list[int]] = []
    for day in on:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    if len(runs) > 1 and runs[0][0] == 0 and runs[-1][-1] == 6:
        runs = [*runs[1:-1], runs[-1] + runs[0]]
    parts: list[str] = []
    for run in runs:
        names = [DAYS[day] for day in run]
        parts += [f"{names[0]} to {names[-1]}"] if len(run) > 2 else names
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _moment(second: int) -> str:
    return f"{DAYS[second // DAY % 7]} {_clock(second)}"


def _clock(second: int) -> str:
    second %= DAY
    return time_words(time(second // 3600, second // 60 % 60, second % 60))
