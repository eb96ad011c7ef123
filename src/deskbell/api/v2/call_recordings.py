"""Call recordings over the API: what was recorded when, of which call, and where to hear it.

Source: seed 000, "Call Recordings API"; design, portal API, "Call recordings".
"""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from ninja import Field, Query, Router, Schema

from deskbell.accounts.models import Account
from deskbell.calls import queries
from deskbell.calls.queries import Wanted
from deskbell.foundation import clock
from deskbell.foundation.errors import InvalidInput, NotFound

from . import call_recording_shapes as shapes
from .auth import Scope, TokenRequest, needs
from .paging import Paging, lead_on
from .parameters import Day, Id, end_of, start_of
from .shapes import Fault

router = Router(tags=["Call Recordings"])
READ = needs(Scope.CALL_RECORDINGS_READ)


class Filters(Schema):
    """Which recordings to list; those that meet all that is given."""

    from_date: Day | None = Field(
        None, description="Recorded on this day or later, MM-DD-YYYY in the account's time zone."
    )
    to_date: Day | None = Field(
        None, description="Recorded on this day or earlier, MM-DD-YYYY in the account's time zone."
    )


@router.get(
    "/call-recordings",
    response={200: shapes.CallRecordingsAnswer, 401: Fault, 403: Fault, 422: Fault},
    summary="List call recordings",
    **READ,
)
def list_call_recordings(
    request: TokenRequest, filters: Query[Filters], paging: Query[Paging]
) -> HttpResponse:
    """The account's call recordings that can be heard, newest first.

    X-Total-Count says how many there are on all pages; Link leads to the first, previous, next and
    last page. Recordings are kept 31 days, or less where the account says so.
    """
    account, at = request.auth.account, clock.now()
    found = queries.recordings(_wanted(filters, account))
    rows = [shapes.shown(each, account_number=account.number, at=at) for each in paging.of(found)]
    answer = JsonResponse({"data": rows})
    lead_on(answer, request, paging, found.count())
    return answer


@router.get(
    "/call-recordings/{recording_id}",
    response={200: shapes.CallRecordingAnswer, 401: Fault, 403: Fault, 404: Fault},
    summary="Get a single call recording",
    **READ,
)
def get_call_recording(request: TokenRequest, recording_id: Id) -> HttpResponse:
    """One call recording, with a new address of its audio."""
    found = queries.recordings().filter(pk=recording_id).first()
    if found is None:
        raise NotFound(f"There is no recording {recording_id}")
    account = request.auth.account
    row = shapes.shown(found, account_number=account.number, at=clock.now())
    return JsonResponse({"data": row})


def _wanted(filters: Filters, account: Account) -> Wanted:
    first, last = filters.from_date, filters.to_date
    if first and last and last < first:
        raise InvalidInput("to_date comes before from_date; swap them", field="to_date")
    zone = account.time_zone
    return Wanted(
        since=start_of(first, zone) if first else None, until=end_of(last, zone) if last else None
    )
