"""A file against the account that is to have it: everything that is wrong names its line."""

from __future__ import annotations

from deskbell.foundation.errors import InvalidInput

from ..rules.checks import faults
from ..rules.plans import Plan
from .against import account_faults
from .apply import respelt
from .text import Written, read_plan


def plan_for(account_id: int, text: str, live: Plan) -> Plan:
    """The plan of a file, with the account's spelling of its numbers and those it leaves out.

    `live` is what the account has now. Raises InvalidInput: `line 12: …`. A file that was cut short
    is often good YAML, so all systems are only deleted where it says so: `systems: []`.
    """
    written = read_plan(text)
    _check_not_cut(written, live)
    plan = respelt(written.plan, live)
    written.check(faults(plan))
    written.check(account_faults(account_id, plan, live))
    return plan


def _check_not_cut(written: Written, live: Plan) -> None:
    for name, there in (("systems", live.systems), ("announcements", live.announcements)):
        if there and written.document.get(name) is None:
            words = f"the file has no {name}; write {name}: [] if all are to be deleted"
            written.refuse(InvalidInput(words, field=name), (name,))
