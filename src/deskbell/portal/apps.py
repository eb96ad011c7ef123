"""The room as a Django app."""

from __future__ import annotations

from pathlib import Path

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Named so that its tables start with `portal_`."""

    name = "deskbell.portal"
    label = "portal"

    def ready(self) -> None:
        """Makes the room's jobs known to the worker, and the folder that WhiteNoise looks into."""
        from django.conf import settings

        from . import jobs  # noqa: F401 importing it registers the jobs

        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
