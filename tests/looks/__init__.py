"""Every page there is, who looks at it, and what they do there first, for what examines pages.

A new page is a line in its room's module; what stands in it only after a step is a line with that
step. A new room is a module here and its name in `ROOMS`.
"""

from __future__ import annotations

from tests.looks import (
    accounts,
    attendant,
    audit,
    billing,
    callers,
    dashboard,
    desk,
    exports,
    messages,
    mfa,
    oncall,
    operations,
    operators,
    outside,
    people,
    recordings,
    schedules,
    scripts,
    sign_in,
    todos,
    webhooks,
)
from tests.looks.look import Demo, Look

# the order in which one person looks: what a look changes, the next ones see
ROOMS = (
    sign_in,
    dashboard,
    messages,
    webhooks,
    callers,
    desk,
    recordings,
    exports,
    schedules,
    accounts,
    oncall,
    todos,
    scripts,
    attendant,
    audit,
    people,
    billing,
    operators,
    operations,
    outside,
    mfa,
)


def every_look(demo: Demo) -> list[Look]:
    """Every page there is, and what it looks like while somebody works with it."""
    return [look for room in ROOMS for look in room.looks(demo)]


__all__ = ["Demo", "Look", "every_look"]
