"""Answers whose JSON PostgreSQL builds from the rows, in the order of a shape's fields.

Four times as fast as rows through Python objects (design, house, "Chosen parts"), and `answers`
come out exactly as they were kept.
"""

from __future__ import annotations

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import DateTimeField, Model, QuerySet
from django.http import HttpResponse
from ninja import Schema

from deskbell.foundation.errors import NotFound

# 2025-01-21T22:08:20.671Z (seed 000, "Example Response Format")
_TIME = """to_char(kept.{column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS {name}"""


def many(rows: QuerySet[Model], shape: type[Schema]) -> HttpResponse:
    """`{"data":[…]}` of ordered rows, each as `shape` has it; one query.

    The shape's fields are named as the model's columns are, times are in UTC to the millisecond.
    """
    return _answer(_json("coalesce(json_agg(row_to_json(shown)), '[]')", rows, shape) or "[]")


def one(rows: QuerySet[Model], shape: type[Schema]) -> HttpResponse:
    """`{"data":{…}}` of the first row; one query. Raises NotFound where there is none."""
    found = _json("row_to_json(shown)", rows[:1], shape)
    if found is None:
        raise NotFound("No such thing")
    return _answer(found)


def _answer(json: str) -> HttpResponse:
    return HttpResponse(f'{{"data":{json}}}', content_type="application/json; charset=utf-8")


def _json(what: str, rows: QuerySet[Model], shape: type[Schema]) -> str | None:
    try:
        inner, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return None
    columns = ", ".join(_columns(rows.model, shape))
    outer = f"SELECT ({what})::text FROM (SELECT {columns} FROM ({inner}) AS kept) AS shown"  # noqa: S608 names come from our models, values stay parameters
    with connection.cursor() as cursor:
        cursor.execute(outer, values)
        row = cursor.fetchone()
    return row[0] if row else None


def _columns(model: type[Model], shape: type[Schema]) -> list[str]:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    quote = connection.ops.quote_name
    return [
        (_TIME if isinstance(fields[name], DateTimeField) else "kept.{column} AS {name}").format(
            column=quote(fields[name].column or name), name=quote(name)
        )
        for name in shape.model_fields
    ]
