"""Legs that leave a room, and why: somebody hung up, or the line was lost."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse

from deskbell.attendant.ways import Way

from ..doors import both_ways
from ..requests import Form
from . import documents
from .answers import said

HAS_ENDED: Final = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


def was_hung_up(form: Form) -> bool:
    """Whether an answered leg ended because somebody wanted it to.

    Our gateways say why a line was lost: of one that the system ended because the room closed they
    say nothing. A carrier says `completed` for one that was hung up, `failed` for one that broke.
    """
    return form.text("CallStatus") == "completed" and not form.text("LostBecause")


def _left(_request: HttpRequest, way: Way) -> HttpResponse:
    """A leg is out of its room: there is nothing more for it. What follows for the others is
    decided when its end is reported."""
    return said(documents.nothing(), way)


left, hosted_left = both_ways(_left)
