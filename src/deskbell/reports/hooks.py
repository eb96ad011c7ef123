"""What reports tell the rooms above. See ARCHITECTURE.md for who listens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskbell.platform.hooks import Hook

if TYPE_CHECKING:
    from .models import Export

# An export is done or has failed; fired in the transaction in which that is written, once.
export_ended: Hook[Export] = Hook("reports.export_ended")
