"""What the attendant asks room desk: whether anybody could answer a caller for a receptionist."""

from __future__ import annotations

from deskbell.desk.models import Receptionist


def has_receptionists() -> bool:
    """Whether this deployment has any receptionist at all; one query."""
    return Receptionist.objects.exists()
