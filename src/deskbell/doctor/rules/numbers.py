"""What is wrong with numbers: those that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from deskbell.attendant.rules.plans import Plan

from ..findings import Finding, Kind, Severity


def examine(plan: Plan) -> Iterator[Finding]:
    """The findings about the numbers of an account."""
    leading = {number for system in plan.systems for number in system.numbers}
    extensions = {number for system in plan.systems for number in system.extensions}
    for each in plan.numbers:
        if each.is_extension and not {each.number, each.extension} & extensions:
            yield Finding(
                Severity.HINT,
                "extension_unused",
                Kind.NUMBER,
                each.number,
                "",
                f"{each.number} is an extension, and no system has it: callers cannot dial it.",
                "Add it to a system.",
            )
        elif not each.is_extension and each.number not in leading:
            yield Finding(
                Severity.WARNING,
                "number_leads_nowhere",
                Kind.NUMBER,
                each.number,
                "",
                f"{each.number} leads nowhere: it belongs to no system, so that its callers only "
                "hear an apology.",
                "Give it to a system.",
            )
