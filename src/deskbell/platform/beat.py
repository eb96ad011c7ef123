"""Wakes the workers' beat, which does what is due by the clock.

A row says when something is due; the beat looks at the rows and needs no job for each. It sleeps
until the next of them, a second at most; what is due sooner than that wakes it.
"""

from __future__ import annotations

from django.db import connection

CHANNEL = "deskbell_due"


def wake() -> None:
    """Has every worker look at what is due, once the open transaction is committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
