"""The envelope of an answer: `{"data": …, "code": 200, "message": "OK"}`.

Source: seed 002, all of its examples; HTTP 200 also for creation ("200 Created (OK)").
"""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpResponse, JsonResponse
from ninja import Field
from pydantic import BaseModel, create_model

from deskbell import audit

from .codes import code
from .errors import sorted_codes
from .fields import Shown

JSON = {"ensure_ascii": False}
NAMES = ("name", "email_id", "number", "sid")


def answer_of(data: type[BaseModel]) -> type[BaseModel]:
    """The shape of an answer that carries one thing of a kind."""
    return create_model(
        f"{data.__name__}Answer",
        __doc__="What was asked for.",
        data=(data, ...),
        code=(Literal[200], ...),
        message=(str, ...),
    )


class Fault(BaseModel):
    """Why not."""

    errorCode: str = Field(description="One of the codes below.")  # noqa: N815 the seed's name
    message: str
    data: dict[str, Any] = Field(
        description="The sid of what was not found or is in the way, else the request's body."
    )
    details: str = Field("", description="Says more, where there is more to say.")


def ok(data: dict[str, Any]) -> HttpResponse:
    """The answer that carries `data`."""
    content = {"data": data, "code": 200, "message": "OK"}
    return JsonResponse(content, json_dumps_params=JSON)


def shown(row: Shown) -> HttpResponse:
    """The answer that carries one thing; the audit log calls it by what it is called there."""
    named = (getattr(row, name, None) for name in NAMES)
    audit.note_here(subject=next((str(each) for each in named if each), ""))
    return ok(row.written())


ALWAYS = (401, 403, 429)  # what every operation can answer
BODY = (400, 413, 415, 453, 454)  # what one with a JSON body can answer
QUERY = (400, 454)  # what a list can answer


def declared(answer: Any, *codes: int) -> dict[str, Any]:
    """What an operation is declared with: its answer, and the codes with which it can fail."""
    rows = [code(number) for number in dict.fromkeys((*codes, *ALWAYS))]
    statuses = sorted({row.status for row in rows})
    return {
        "response": {200: answer, **dict.fromkeys(statuses, Fault)},
        "openapi_extra": {"x-errors": [row.described() for row in sorted_codes(rows)]},
    }
