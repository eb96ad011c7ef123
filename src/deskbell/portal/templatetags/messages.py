"""What the list of messages says beside what all pages do."""

from __future__ import annotations

from django import template

from deskbell.messages.queries import HowMany

from ..messages.undoing import undone_by

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
