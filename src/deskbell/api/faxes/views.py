"""Reports on our faxes; each acts once however often it is played to us, or changes nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from deskbell.delivery import actions
from deskbell.delivery.faxing.telnyx import Report, read_report
from deskbell.foundation import clock
from deskbell.platform.tenancy import account_scope

from ..errors import with_errors
from ..voice.carriers import carrier_named, check_genuine
from ..voice.requests import check_size


@csrf_exempt
@with_errors
def telnyx_status(request: HttpRequest) -> HttpResponse:
    """Telnyx says how a fax is; 204 also for one that we do not know, 403 for a forged report."""
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    check_size(request)
    check_genuine(request, carrier_named("telnyx"))
    _keep(read_report(request.body))
    return HttpResponse(status=204)


def _keep(report: Report) -> None:
    account, _, delivery = report.state.partition(":")
    is_ours = all(
        part.isascii() and part.isdigit() and len(part) < 19 for part in (account, delivery)
    )
    if report.outcome is None or not is_ours:
        return
    with account_scope(int(account)):
        actions.report(
            delivery_id=int(delivery),
            outcome=report.outcome,
            at=clock.now(),
            provider_id=report.provider_id,
        )
