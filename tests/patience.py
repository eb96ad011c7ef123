"""How long tests wait at most. What they wait for ends the wait, so that patience costs nothing."""

from __future__ import annotations

import asyncio
from typing import Final

# A test names the seconds in which it should come; a busy machine with slow cores takes longer.
PATIENCE: Final = 4.0


def patience(seconds: float) -> asyncio.Timeout:
    """A limit for what should come within `seconds`."""
    return asyncio.timeout(seconds * PATIENCE)
