"""Reads a whole plan and says what callers would stumble over: pure, by one small rule per fault.

Source: design, product, "Doctor"; design, attendant API, "What a caller meets".
"""

from __future__ import annotations

from deskbell.attendant.rules.plans import Plan

from ..findings import Facts, Finding, worst_first
from . import announcements, extensions, menus, numbers, schedules, systems
from .survey import survey

__all__ = ["examine"]


def examine(plan: Plan, facts: Facts | None = None) -> list[Finding]:
    """All findings about a plan, the worst first.

    `facts` are what the plan itself does not say. Any plan can be examined, also one whose
    references lead nowhere.
    """
    known = facts or Facts()
    surveys = [survey(plan, system, known) for system in plan.systems]
    found = [
        finding
        for one in surveys
        for rules in (systems, schedules, menus, extensions)
        for finding in rules.examine(one, known)
    ]
    found += announcements.examine(plan, surveys, known)
    found += numbers.examine(plan)
    return worst_first(found)
