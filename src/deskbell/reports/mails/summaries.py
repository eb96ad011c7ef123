"""The daily summary: what was yesterday, who is on call, and what is open, as links alone."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db.models import Count, Q, QuerySet

from deskbell.accounts.models import Account, Membership, UserStatus
from deskbell.calls.queries import by_day
from deskbell.foundation.dates import date_words
from deskbell.foundation.errors import NotFound
from deskbell.messages.models import SELF_TEST, Message, MessageStatus
from deskbell.oncall.queries import on_call_now

from ..models import DailySummary
from .letters import address_of, letter
from .posting import Refused, post

MOST_LINKS: Final = 20
_SIGNER: Final = signing.Signer(salt="deskbell.reports.summary", sep=".")
_OVER: Final = timedelta(hours=12)


def send_summary(*, summary_id: int, due_at: datetime, at: datetime) -> None:
    """Mails a summary of the day before `due_at`; nothing where it is no longer wanted.

    One of somebody who left the account or can no longer sign in is forgotten. Raises what has the
    job run again, for half a day. Needs the account's scope.
    """
    rows = DailySummary.objects.select_related("account", "user")
    summary = rows.filter(pk=summary_id).first()
    if summary is None or at - due_at >= _OVER:
        return
    belongs = Membership.objects.filter(user=summary.user_id, account=summary.account_id).exists()
    if not belongs or summary.user.status != UserStatus.ACTIVE:
        summary.delete()
        return
    try:
        post(compose(summary, due_at), since=due_at, at=at)
    except Refused:
        return  # the next one comes tomorrow


def compose(summary: DailySummary, at: datetime) -> EmailMultiAlternatives:
    """The mail of the day before `at`, with what mail programs need to end it by one click
    (RFC 8058)."""
    account, stop = summary.account, stop_url(summary)
    mail = letter(
        summary.user.email,
        f"Yesterday at {account.name}",
        "summary",
        key=f"summary-{summary.pk}-{at:%Y%m%d%H%M}",
        person=summary.user,
        account=account,
        profile=address_of("profile"),
        stop=stop,
        **_yesterday(account, at),
        **_open(),
    )
    mail.extra_headers["List-Unsubscribe"] = f"<{stop}>"
    mail.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return mail


def stop_url(summary: DailySummary) -> str:
    """The link that ends a person's summaries of an account; whoever has it can do that alone."""
    return address_of("stop_summary", _SIGNER.sign(f"{summary.account_id}-{summary.user_id}"))


def read_stop(token: str) -> tuple[int, int]:
    """The account and the person of a link. Raises NotFound for one that is none of ours."""
    try:
        account_id, user_id = map(int, _SIGNER.unsign(token).split("-"))
    except (signing.BadSignature, ValueError) as error:
        raise NotFound("This link is not complete: copy all of it.") from error
    return account_id, user_id


def _yesterday(account: Account, at: datetime) -> dict[str, Any]:
    zone = ZoneInfo(account.time_zone)
    today = at.astimezone(zone).date()
    day = today - timedelta(days=1)
    since, until = (datetime.combine(each, time(), zone) for each in (day, today))
    taken = _messages().filter(created_at__gte=since, created_at__lt=until)
    is_exhausted = Q(status=MessageStatus.EXHAUSTED, acknowledged_at=None)
    counts = taken.aggregate(
        taken=Count("pk"),
        acknowledged=Count("pk", filter=~Q(acknowledged_at=None)),
        exhausted=Count("pk", filter=is_exhausted),
    )
    [used] = by_day(day, day)
    on_call = on_call_now(account.pk, at)
    return {
        **counts,
        "still_open": counts["taken"] - counts["acknowledged"] - counts["exhausted"],
        "day_words": date_words(day),
        "calls": used.usage.calls,
        "minutes": f"{used.usage.seconds / 60:,.0f}",
        "on_call": [
            (level.name, ", ".join(each.name for each in people) or "nobody")
            for level, people in on_call
        ],
    }


def _open() -> dict[str, Any]:
    found = _messages().filter(acknowledged_at=None)
    ids = list(found.order_by("created_at", "pk").values_list("pk", flat=True)[:MOST_LINKS])
    return {
        "links": [address_of("messages:message", each) for each in ids],
        "more": found.count() - len(ids),
        "all_messages": address_of("messages"),
    }


def _messages() -> QuerySet[Message]:
    """Messages of callers: those with which Deskbell tests itself are none."""
    return Message.objects.exclude(origin=SELF_TEST)
