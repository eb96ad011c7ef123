"""Answers whose JSON PostgreSQL builds from the rows, in the order of a shape's fields.

Four times as fast as rows through Python objects (design, house, "Chosen parts"), and `answers`
come out exactly as they were kept.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import DateTimeField, Model, QuerySet
from django.http import HttpResponse
from ninja import Schema

from deskbell.foundation.errors import NotFound

# 2025-01-21T22:08:20.671Z (seed 000, "Example Response Format")
_TIME = """to_char(kept.{column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS {name}"""
_ROW: Final = "row_to_json(shown)::text"


@dataclass(frozen=True, slots=True)
class Statement:
    """What is asked of the database, with its values; good for as long as the rows are found so."""

    sql: str
    values: tuple[Any, ...]


def statement(rows: QuerySet[Model], shape: type[Schema]) -> Statement | None:
    """What asks for ordered rows as `shape` has them; None where there can be none."""
    return _statement(f"string_agg({_row(shape)}, ',')", rows, shape)


def many(rows: QuerySet[Model], shape: type[Schema]) -> HttpResponse:
    """`{"data":[…]}` of ordered rows, each as `shape` has it; one query.

    The shape's fields are named as the model's columns are, times are in UTC to the millisecond. A
    shape may say in `beside` which SQL gives the text of further fields, each with a comma in
    front, of a row that is named `kept`.
    """
    return answer_of(statement(rows, shape))


def answer_of(asked: Statement | None) -> HttpResponse:
    """As `many`, for what `statement` made before."""
    return _answer(f"[{_json(asked) or ''}]")


def one(rows: QuerySet[Model], shape: type[Schema]) -> HttpResponse:
    """`{"data":{…}}` of the first row; one query. Raises NotFound where there is none."""
    found = _json(_statement(_row(shape), rows[:1], shape))
    if found is None:
        raise NotFound("No such thing")
    return _answer(found)


def _answer(json: str) -> HttpResponse:
    return HttpResponse(f'{{"data":{json}}}', content_type="application/json; charset=utf-8")


def _statement(what: str, rows: QuerySet[Model], shape: type[Schema]) -> Statement | None:
    """Orders hold: PostgreSQL aggregates a subquery's rows as they come."""
    try:
        inner, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return None
    outer = (
        f"SELECT {what} FROM ({inner}) AS kept"  # noqa: S608 names come from our models, values stay parameters
        f" CROSS JOIN LATERAL (SELECT {_columns(rows.model, shape)} OFFSET 0) AS shown"
    )
    return Statement(outer, tuple(values))


def _json(asked: Statement | None) -> str | None:
    if asked is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(asked.sql, asked.values)
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
