"""What the desk's pages share: they are for staff, and they serve every account.

Reads run in a system scope, because calls of all accounts come to one desk; writing goes through
actions in the scope of the call's own account.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, Final, ParamSpec, cast

from django.http import HttpResponseBase
from django.shortcuts import render

from deskbell.desk.models import Receptionist
from deskbell.foundation.errors import NotAllowed
from deskbell.platform.tenancy import system_scope

from ..pages import View, page
from ..tenancy import PortalRequest

P = ParamSpec("P")
STAFF_ONLY: Final = "The desk is for receptionists and operators."
_REASON: Final = "the desk serves every account"


class DeskRequest(PortalRequest):
    """A request of somebody who has a desk; for type checking only."""

    receptionist: Receptionist


def desk_page(view: Callable[Concatenate[DeskRequest, P], HttpResponseBase]) -> View[P]:
    """A page of whoever answers calls: `request.receptionist` is their desk.

    Clients get 403. Staff without a desk are told who gives them one. Runs in a system scope.
    """

    @functools.wraps(view)
    def guarded(request: PortalRequest, *args: P.args, **named: P.kwargs) -> HttpResponseBase:
        if not request.user.is_staff_member:
            raise NotAllowed(STAFF_ONLY)
        with system_scope(_REASON):
            found = Receptionist.objects.filter(user=request.user).first()
            if found is None:
                return render(request, "portal/desk/no_desk.html", status=403)
            found.user = request.user
            request.receptionist = found  # type: ignore[attr-defined]
            return view(cast(DeskRequest, request), *args, **named)

    return page(cast(Callable[Concatenate[PortalRequest, P], HttpResponseBase], guarded))
