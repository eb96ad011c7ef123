"""The room as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Named so that its tables start with `portal_`."""

    name = "deskbell.portal"
    label = "portal"

    def ready(self) -> None:
        """Makes the room's jobs known to the worker, and its words to the audit log; listens."""
        from .accounts import subscriptions as accounts
        from .audit import words
        from .billing.paying import subscriptions as paying
        from .billing.statements import subscriptions as statements
        from .mfa import jobs as mfa_jobs  # noqa: F401 importing it registers the jobs
        from .notices import subscriptions as notices
        from .sign_in import subscriptions as sign_in

        words.declare_all()
        sign_in.subscribe()
        accounts.subscribe()
        notices.subscribe()
        paying.subscribe()
        statements.subscribe()
