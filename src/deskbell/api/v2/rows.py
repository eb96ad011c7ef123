"""Answers whose JSON PostgreSQL builds from the rows, in the order of a shape's fields.

Four times as fast as rows through Python objects (design, house, "Chosen parts"), and `answers`
come out exactly as they were kept.
"""

from __future__ import annotations

import functools
from typing import Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import DateTimeField, Model, QuerySet
from django.http import HttpResponse
from ninja import Schema

from deskbell.foundation.errors import NotFound

# 2025-01-21T22:08:20.671Z (seed 000, "Example Response Format")
_TIME = """to_char(kept.{column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS {name}"""
_ROW: Final = "row_to_json(shown)::text"


def many(rows: QuerySet[Model], shape: type[Schema]) -> HttpResponse:
    """`{"data":[…]}` of ordered rows, each as `shape` has it; one query.

    The shape's fields are named as the model's columns are, times are in UTC to the millisecond. A
    shape may say in `beside` which SQL gives the text of further fields, each with a comma in
    front, of a row that is named `kept`.
    """
    found = _json(f"string_agg({_row(shape)}, ',')", rows, shape)
    return _answer(f"[{found or ''}]")


def one(rows: QuerySet[Model], shape: type[Schema]) -> HttpResponse:
    """`{"data":{…}}` of the first row; one query. Raises NotFound where there is none."""
    found = _json(_row(shape), rows[:1], shape)
    if found is None:
        raise NotFound("No such thing")
    return _answer(found)


def _answer(json: str) -> HttpResponse:
    return HttpResponse(f'{{"data":{json}}}', content_type="application/json; charset=utf-8")


def _json(what: str, rows: QuerySet[Model], shape: type[Schema]) -> str | None:
    """Orders hold: PostgreSQL aggregates a subquery's rows as they come."""
    try:
        inner, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return None
    outer = (
        f"SELECT {what} FROM ({inner}) AS kept"  # noqa: S608 names come from our models, values stay parameters
        f" CROSS JOIN LATERAL (SELECT {_columns(rows.model, shape)} OFFSET 0) AS shown"
    )
    with connection.cursor() as cursor:
        cursor.execute(outer, values)
        row = cursor.fetchone()
    return row[0] if row else None


def _row(shape: type[Schema]) -> str:
    beside: str = getattr(shape, "beside", "")
    return f"left({_ROW}, -1) || {beside} || '}}'" if beside else _ROW


@functools.cache
def _columns(model: type[Model], shape: type[Schema]) -> str:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    quote = connection.ops.quote_name
    return ", ".join(
        (_TIME if isinstance(fields[name], DateTimeField) else "kept.{column} AS {name}").format(
            column=quote(fields[name].column or name), name=quote(name)
        )
        for name in shape.model_fields
    )
