"""A file against the account that is to have it: everything that is wrong names its line."""

from __future__ import annotations

from ..rules.checks import faults
from ..rules.plans import Plan
from .against import account_faults
from .apply import respelt
from .text import read_plan


def plan_for(account_id: int, text: str, live: Plan) -> Plan:
    """The plan of a file, with the account's spelling of its numbers and those it leaves out.

    `live` is what the account has now. Raises InvalidInput: `line 12: …`.
    """
    written = read_plan(text)
    plan = respelt(written.plan, live)
    written.check(faults(plan))
    written.check(account_faults(account_id, plan, live))
    return plan
