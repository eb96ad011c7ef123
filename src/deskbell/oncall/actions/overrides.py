"""Overrides: for a span somebody else is on call, or more people, or fewer.

Source: design, on call, "Overrides and cover".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from deskbell.contacts.models import Contact, DeliveryMethod

from ..models import EscalationLevel, Override


def add_override(
    *,
    account_id: int,
    level: EscalationLevel | None,
    kind: str,
    contact: Contact | None,
    methods: Sequence[DeliveryMethod],
    starts: datetime,
    ends: datetime,
    at: datetime,
    by: str = "",
    note: str = "",
) -> Override:
    """To come."""
    raise NotImplementedError


def edit_override(*, override: Override, at: datetime, **changes: Any) -> Override:
    """To come."""
    raise NotImplementedError


def remove_override(*, override: Override) -> None:
    """To come."""
    raise NotImplementedError
