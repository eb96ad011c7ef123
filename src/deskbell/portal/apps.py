"""The room as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Named so that its tables start with `portal_`."""

    name = "deskbell.portal"
    label = "portal"

    def ready(self) -> None:
        """Makes the room's jobs known to the worker."""
        from . import jobs  # noqa: F401 importing it registers the jobs
