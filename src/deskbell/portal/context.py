"""What every page's frame shows: the account, the accounts to switch to, the menu."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    """The frame's part of a template's context."""
    return {"account": getattr(request, "account", None)}
