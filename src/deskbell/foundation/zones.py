"""Which names are time zones: IANA's, and not whatever else lies beside them on a machine.

Files like `posixrules` and `right/UTC` open as zones on some machines and not on others.
"""

from __future__ import annotations

import functools
import zoneinfo

_NOT_ZONES = frozenset({"localtime", "posixrules", "Factory"})


@functools.cache
def _known() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones()) - _NOT_ZONES


def is_time_zone(name: str) -> bool:
    """Whether `name` is an IANA time zone, old names such as US/Hawaii included."""
    return name in _known()
