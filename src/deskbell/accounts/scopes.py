"""What an API token of /api/v2 may be allowed. Source: design, portal API."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Scope(StrEnum):
    """What a token may be allowed."""

    MESSAGES_READ = "messages:read"
    MESSAGES_WRITE = "messages:write"
    CALL_RECORDINGS_READ = "call_recordings:read"
    TO_DOS_READ = "to_dos:read"
    TO_DOS_WRITE = "to_dos:write"
    WEBHOOKS_READ = "webhooks:read"
    WEBHOOKS_WRITE = "webhooks:write"


WORDS: Final = {
    Scope.MESSAGES_READ: "Read messages and their activities",
    Scope.MESSAGES_WRITE: "Acknowledge messages",
    Scope.CALL_RECORDINGS_READ: "List call recordings and listen to them",
    Scope.TO_DOS_READ: "Read To Dos",
    Scope.TO_DOS_WRITE: "Create and delete To Dos",
    Scope.WEBHOOKS_READ: "Read webhooks",
    Scope.WEBHOOKS_WRITE: "Create, change and delete webhooks",
}
