"""Views that need a right of the account. Who lacks it is told what they would need."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, Final, ParamSpec, cast

from django.http import HttpResponseBase

from deskbell.accounts.rules import ACCESSES, Right
from deskbell.foundation.errors import NotAllowed

from .pages import View, page
from .tenancy import PortalRequest, held_rights

P = ParamSpec("P")
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def has(request: PortalRequest, right: Right) -> bool:
    """Whether the person has a right in the account."""
    return right in held_rights(request)


def words_of(right: Right) -> str:
    """What somebody without a right is told."""
    if right not in ACCESSES:
        return "This is for the administrators of the account."
    return f"This needs the {ACCESSES[right].name} access, which an administrator can give you."


def check(request: PortalRequest, right: Right) -> None:
    """Raises NotAllowed, in words, where the person lacks the right."""
    if not has(request, right):
        raise NotAllowed(words_of(right))


def page_with(
    right: Right, *, look: bool = False
) -> Callable[[Callable[Concatenate[PortalRequest, P], HttpResponseBase]], View[P]]:
    """A page (`pages.page`) for those who have a right; with `look` everybody may read it."""

    def marked(view: Callable[Concatenate[PortalRequest, P], HttpResponseBase]) -> View[P]:
        @functools.wraps(view)
        def guarded(request: PortalRequest, *args: P.args, **named: P.kwargs) -> HttpResponseBase:
            if not (look and request.method in SAFE):
                check(request, right)
            return view(request, *args, **named)

        return page(cast(Callable[Concatenate[PortalRequest, P], HttpResponseBase], guarded))

    return marked
