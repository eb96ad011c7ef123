"""What is wrong with scripts: those that cannot be finished, and numbers that have none."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from deskbell.attendant.rules import ActionType
from deskbell.attendant.rules.plans import Plan, SystemPlan
from deskbell.scripts.rules import Content, faults, level_faults

from ..findings import Facts, Finding, Kind, Severity
from .survey import survey

_MOST_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class ScriptRead:
    """A script as far as the doctor looks at it: what is published of it, else its draft, and the
    numbers (as they are written) that it is read on."""

    script_id: int
    name: str
    content: Content
    is_published: bool
    numbers: frozenset[str] = frozenset()


def examine(scripts: Iterable[ScriptRead], levels: Collection[int]) -> Iterator[Finding]:
    """The findings about an account's scripts; `levels` are the ids of its escalation levels."""
    for script in scripts:
        gone = level_faults(script.content, levels)
        if gone:
            yield _level_gone(script, len(gone))
        others = [each.words for each in faults(script.content, levels) if each not in gone]
        if others:
            yield _cannot_finish(script, others)
        if script.numbers and not script.is_published:
            yield _unpublished(script)


def without_script(plan: Plan, scripts: Iterable[ScriptRead], facts: Facts) -> Iterator[Finding]:
    """The numbers whose callers can come to a receptionist who then has no script to read."""
    read = {number for script in scripts for number in script.numbers}
    for system in plan.systems:
        if not _leads_to_receptionists(plan, system, facts):
            continue
        for number in system.numbers:
            if number not in read:
                yield _no_script(number)


def _leads_to_receptionists(plan: Plan, system: SystemPlan, facts: Facts) -> bool:
    found = survey(plan, system, facts)
    return any(
        place.action.type is ActionType.TRANSFER_TO_RECEPTIONIST
        for place in found.places
        if place.menu is None or place.menu.sid in found.reached
    )


def _level_gone(script: ScriptRead, count: int) -> Finding:
    where = "a closing or relay trigger" if count == 1 else f"{count} closings or relay triggers"
    sends = "sends" if count == 1 else "send"
    return _finding(
        Severity.ERROR if script.is_published else Severity.WARNING,
        "script_level_gone",
        script,
        f'In the script "{script.name}" {where} {sends} messages to an escalation level that is '
        "gone: they go to the first level instead.",
        "Choose another level, and publish the script.",
    )


def _cannot_finish(script: ScriptRead, words: list[str]) -> Finding:
    more = f" And {len(words) - _MOST_NAMED} more." if len(words) > _MOST_NAMED else ""
    told = " ".join(words[:_MOST_NAMED]) + more
    return _finding(
        Severity.ERROR if script.is_published else Severity.WARNING,
        "script_cannot_be_finished",
        script,
        f'The script "{script.name}" cannot be '
        f"{'finished' if script.is_published else 'published'} as it is. {told}",
        "Mend it, and publish it.",
    )


def _unpublished(script: ScriptRead) -> Finding:
    numbers = ", ".join(sorted(script.numbers))
    return _finding(
        Severity.WARNING,
        "script_unpublished",
        script,
        f'The script "{script.name}" is to be read on {numbers}, and was never published: '
        "receptionists see the plain form.",
        "Publish it.",
    )


def _no_script(number: str) -> Finding:
    return Finding(
        Severity.WARNING,
        "number_without_script",
        Kind.NUMBER,
        number,
        "",
        f"Callers of {number} can come to a receptionist, who has no script to read: the plain "
        "form is shown.",
        "Choose a script for the number.",
    )


def _finding(severity: Severity, code: str, script: ScriptRead, words: str, advice: str) -> Finding:
    return Finding(severity, code, Kind.SCRIPT, str(script.script_id), "", words, advice)
