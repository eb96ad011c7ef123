"""What has a mail sent. Handlers only queue jobs; where nobody wants any, that is one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from allauth.account.models import EmailAddress

from deskbell.accounts import hooks
from deskbell.accounts.hooks import AccessEvent, EmailAsked, EmailChanged, PersonEvent
from deskbell.accounts.notices import Notice
from deskbell.foundation.clock import now
from deskbell.messages import hooks as messages
from deskbell.messages.hooks import MessageEvent
from deskbell.messages.models import Message
from deskbell.platform.jobs import enqueue
from deskbell.platform.tenancy import system_scope

from . import jobs
from .wanting import SETTLED, TOGETHER, accounts_where_wanted, minute_of


def on_taken(events: Sequence[MessageEvent]) -> None:
    """Has those who want it told of all messages of a minute by one mail."""
    wanted = accounts_where_wanted((each.account_id for each in events), Notice.MESSAGE_TAKEN)
    if not wanted:
        return
    ids = [each.message_id for each in events if each.account_id in wanted]
    with system_scope("messages of several accounts may be taken together"):
        taken = list(Message.objects.filter(pk__in=ids).values_list("account_id", "created_at"))
    at = now()
    for account_id, minute in {(account_id, minute_of(when)) for account_id, when in taken}:
        enqueue(
            jobs.send_taken,
            after=minute + TOGETHER + SETTLED - at,
            key=f"notices-{account_id}-{minute:%Y%m%d%H%M}",
            account_id=account_id,
            minute=minute.isoformat(),
        )


def on_exhausted(events: Sequence[MessageEvent]) -> None:
    """Has those who want it told of messages that nobody acknowledged."""
    wanted = accounts_where_wanted((each.account_id for each in events), Notice.MESSAGE_EXHAUSTED)
    ids: dict[int, list[int]] = defaultdict(list)
    for each in events:
        if each.account_id in wanted:
            ids[each.account_id].append(each.message_id)
    for account_id, theirs in ids.items():
        enqueue(jobs.send_exhausted, account_id=account_id, message_ids=theirs)


def on_access_changed(event: AccessEvent) -> None:
    """Has a person told, if they want it, what others changed of what they may do."""
    enqueue(
        jobs.send_access,
        user_id=event.user_id,
        account_id=event.account_id,
        what=event.what,
        by=event.by,
    )


def on_email_asked(event: EmailAsked) -> None:
    """Has the link to a new address mailed there."""
    enqueue(jobs.send_email_link, change_id=event.change_id)


def on_email_changed(event: EmailChanged) -> None:
    """Has the old address told, and forgets what else was known of it as the person's."""
    EmailAddress.objects.filter(user_id=event.user_id).exclude(email__iexact=event.after).delete()
    enqueue(jobs.send_email_changed, user_id=event.user_id, before=event.before, now_is=event.after)


def on_password_changed(event: PersonEvent) -> None:
    """Has the person told."""
    enqueue(jobs.send_password_changed, user_id=event.user_id)


def subscribe() -> None:
    """Called once, when the portal's app is ready."""
    messages.message_taken.subscribe_many(on_taken)
    messages.message_exhausted.subscribe_many(on_exhausted)
    hooks.access_changed.subscribe(on_access_changed)
    hooks.email_asked.subscribe(on_email_asked)
    hooks.email_changed.subscribe(on_email_changed)
    hooks.password_changed.subscribe(on_password_changed)
