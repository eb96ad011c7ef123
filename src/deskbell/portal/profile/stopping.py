"""The link in a daily summary that ends it. Whoever has it can do that, and nothing else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from deskbell import audit
from deskbell.accounts.models import Account, User
from deskbell.foundation.errors import NotFound
from deskbell.platform.tenancy import account_scope
from deskbell.reports import actions, queries
from deskbell.reports.mails.summaries import read_stop

TEMPLATE = "portal/profile/stop_summary.html"


# Mail programs POST to it by themselves (RFC 8058), without a session that could be misused.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop_summary(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, since mail programs follow links to look at them; POST ends the summary.

    404 for a link that is none of ours, or whose person or account is gone.
    """
    try:
        account_id, user_id = read_stop(token)
        account, person = _named(account_id, user_id)
    except NotFound as error:
        return render(request, TEMPLATE, {"words": str(error)}, status=404)
    with account_scope(account_id):
        if request.method == "POST":
            actions.end_summary(account_id=account_id, user_id=user_id)
            audit.note(request, who=person, subject=account.name)
            return redirect("stop_summary", token)
        summary = queries.summary_of(account_id, user_id)
    response = render(request, TEMPLATE, {"of": account, "summary": summary})
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _named(account_id: int, user_id: int) -> tuple[Account, User]:
    account = Account.objects.filter(pk=account_id).first()
    person = User.objects.filter(pk=user_id).first()
    if account is None or person is None:
        raise NotFound("This link leads nowhere any more.")
    return account, person
