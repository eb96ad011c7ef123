"""Every address that the web side answers, read from its URL patterns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


def patterns(inside: list[Any] | None = None, before: str = "") -> Iterator[str]:
    """Every URL pattern there is, whole, but for the demo's own pages."""
    for each in get_resolver().url_patterns if inside is None else inside:
        here = before + str(each.pattern)
        if here.startswith(("demo/", "admin/")):  # the admin: `test_emergency_admin`, all of it
            continue
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns, here)
        elif isinstance(each, URLPattern):
            yield here
