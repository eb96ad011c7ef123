"""What is wrong with schedules: hours that nothing answers, and days that are over."""

from __future__ import annotations

from collections.abc import Iterator

from deskbell.foundation.dates import dates_words

from ..findings import Facts, Finding, Kind, Severity
from .hours import WEEK, holes, in_words
from .survey import Survey

_SHORTEST = 60
_MOST_NAMED = 3


def examine(survey: Survey, facts: Facts) -> Iterator[Finding]:
    """The findings about the schedules of one system."""
    yield from _holes(survey)
    yield from _gone_menus(survey)
    yield from _past(survey, facts)


def _holes(survey: Survey) -> Iterator[Finding]:
    system = survey.system
    found = holes(system.week)
    if not found:
        return
    advice = "Give these hours a menu: callers hear an apology, and the call ends."
    if found == [(0, WEEK)]:
        severity = Severity.ERROR
        when = "on any day that is not a special day" if system.dates else "at any time"
    else:
        severity = Severity.WARNING
        when = in_words(found)
    if all(end - start <= _SHORTEST for start, end in found):
        advice = "Let the entry before end at 24:00, or where the next one starts."
    yield Finding(
        severity,
        "hours_without_answer",
        Kind.SCHEDULE,
        system.sid,
        "",
        f'Nothing answers "{system.name}" {when}.',
        advice,
    )


def _gone_menus(survey: Survey) -> Iterator[Finding]:
    system = survey.system
    named = {span.menu for span in system.week} | {span.menu for span in system.dates}
    if named <= survey.menus.keys():
        return
    yield Finding(
        Severity.ERROR,
        "schedule_leads_nowhere",
        Kind.SCHEDULE,
        system.sid,
        "",
        f'The schedule of "{system.name}" names a menu that is not one of this system.',
        "Choose one of its menus.",
    )


def _past(survey: Survey, facts: Facts) -> Iterator[Finding]:
    today = facts.today(survey.system.time_zone)
    past = [span for span in survey.system.dates if today is not None and span.end < today]
    if not past:
        return
    named = [dates_words(span.start, span.end) for span in past[:_MOST_NAMED]]
    if len(past) > _MOST_NAMED:
        named.append(f"{len(past) - _MOST_NAMED} more")
    are = "A special day is" if len(past) == 1 else "Special days are"
    yield Finding(
        Severity.HINT,
        "special_days_past",
        Kind.SCHEDULE,
        survey.system.sid,
        "",
        f'{are} over in "{survey.system.name}": {"; ".join(named)}.',
        "Delete what is over, or set it for the next year.",
    )
