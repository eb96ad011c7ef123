"""Kinds of columns that Django does not have."""

from __future__ import annotations

from typing import Any

from django.db import models
from psycopg.types.json import Json as JsonParameter


class Json(models.JSONField):
    """PostgreSQL's `json`, which keeps the order of keys (`jsonb` does not)."""

    def db_type(self, connection: object) -> str:  # noqa: ARG002 Django passes it
        """The column's type."""
        return "json"

    def get_db_prep_value(self, value: Any, connection: object, prepared: bool = False) -> Any:  # noqa: ARG002 Django's signature
        """The value as a parameter of that type: Django's own would pass through `jsonb`."""
        return JsonParameter(value)

    def from_db_value(self, value: Any, *_details: object) -> Any:
        """The value as it came: psycopg has read `json` already."""
        return value
