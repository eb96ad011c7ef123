"""An account's attendant as one value: read from the tables, written to them, exported, imported.

Needs the account's scope, or a system scope.
"""

from .against import account_faults
from .apply import apply, respelt
from .drafting import up_to_date
from .importing import plan_for
from .read import read
from .text import Written, from_yaml, read_plan, to_yaml

__all__ = [
    "Written",
    "account_faults",
    "apply",
    "from_yaml",
    "plan_for",
    "read",
    "read_plan",
    "respelt",
    "to_yaml",
    "up_to_date",
]
