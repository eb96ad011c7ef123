"""What the list of messages says beside what all pages do."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest

from deskbell.messages.queries import HowMany

from ..messages.undoing import undone_by
from ..pages import here

register = template.Library()


@register.filter
def thousands(count: int) -> str:
    """`12,345`."""
    return f"{count:,}"


@register.filter
def how_many_words(total: HowMany) -> str:
    """`12,345`, or `more than 10,000` where nobody counted further."""
    return f"{total.count:,}" if total.is_exact else f"more than {total.count:,}"


@register.filter
def undoes(tags: str | None) -> str:
    """What the button of a notice with these tags would undo; "" for other notices."""
    return undone_by(tags or "")


@register.simple_tag(takes_context=True)
def this_page(context: dict[str, Any]) -> str:
    """The address of the page that a person looks at, for forms that lead back to it."""
    request = context.get("request")
    return here(request) if isinstance(request, HttpRequest) else ""
