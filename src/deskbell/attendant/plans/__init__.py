"""An account's attendant as one value: read from the tables, written to them, exported, imported.

Needs the account's scope, or a system scope.
"""

from .against import account_faults
from .apply import apply, respelt
from .drafting import up_to_date
from .read import read

__all__ = ["account_faults", "apply", "read", "respelt", "up_to_date"]
