"""The one place that asks what time it is.

Rules and actions take `at`; only the edges (views, jobs, the gateway) call `now()`, so that
tests and the time machine can decide what time it is.
"""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)
