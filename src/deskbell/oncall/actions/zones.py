"""Calendars of an account that lives by another time zone from now on."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from deskbell.accounts.models import Account
from deskbell.platform.changes import touch

from ..models import Event, Override
from ..queries import wall, zone_of
from ..rules import span_of
from .occurrences import rewrite


def follow_zone(*, account_id: int, at: datetime) -> None:
    """Has shifts and covers keep their times of day, in the zone that the account has now.

    Writes every occurrence and cover of the account anew. Needs its scope, or a system scope.
    """
    with transaction.atomic():
        account = Account.objects.get(pk=account_id)
        rows = Event.objects.filter(account_id=account_id).order_by("pk")
        for event in rows.select_for_update(of=("self",), no_key=True).select_related("account"):
            rewrite(event, at)
        covers = Override.objects.filter(account_id=account_id).order_by("pk")
        for cover in covers.select_for_update(of=("self",)):
            span = span_of(wall(cover.starts), wall(cover.ends), zone_of(account))
            if span.start < span.end:  # the change of the clocks may leave no minute of it
                cover.span = DateTimeTZRange(span.start, span.end)
                cover.save(update_fields=["span"])
        touch(account_id)
