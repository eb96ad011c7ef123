"""What an error's report may show, also where Deskbell runs for programmers (DESKBELL_DEBUG).

Django hides nothing there; a card's number is no programmer's business either.
"""

from __future__ import annotations

from types import FrameType
from typing import Any, cast

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter

_ALL = "__ALL__"  # what `sensitive_post_parameters` without names leaves in a request


class ReportFilter(SafeExceptionReporterFilter):
    """Hides secrets always; of a request whose every field is one, all variables as well."""

    def is_active(self, request: HttpRequest | None) -> bool:  # noqa: ARG002 Django gives it
        """Always."""
        return True

    def get_traceback_frame_variables(
        self, request: HttpRequest | None, tb_frame: FrameType
    ) -> Any:
        """A frame's variables; none where the request's fields are all secret."""
        if getattr(request, "sensitive_post_parameters", None) == _ALL:
            return []
        return super().get_traceback_frame_variables(cast(HttpRequest, request), tb_frame)
