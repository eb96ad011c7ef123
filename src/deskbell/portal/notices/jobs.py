"""The mails that are sent about what happens. They hold links, and nothing of any message."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from deskbell.accounts import actions
from deskbell.accounts.models import Account, User, UserStatus
from deskbell.accounts.notices import Notice
from deskbell.foundation.clock import now
from deskbell.messages.models import Message
from deskbell.platform.jobs import job
from deskbell.platform.tenancy import account_scope

from ..mails import address_of, send
from .wanting import TOGETHER, people_who_want

MOST_LINKS: Final = 20
WHAT_CHANGED: Final = {
    "joined": "You belong to {account} now.",
    "changed": "What you may do in {account} was changed.",
    "removed": "You no longer belong to {account}.",
    "left": "You no longer belong to {account}.",
    "switched off": "You can no longer sign in.",
    "reactivated": "You can sign in again.",
    "staff": "What you do on the staff of Deskbell was changed.",
}


@job("portal.send_taken")
def send_taken(account_id: int, minute: str) -> None:
    """Tells who wants it which messages were taken in a minute (ISO 8601, when it began)."""
    began = datetime.fromisoformat(minute)
    with account_scope(account_id):
        found = Message.objects.filter(created_at__gte=began, created_at__lt=began + TOGETHER)
        ids = list(found.order_by("pk").values_list("pk", flat=True))
    _tell_of_messages(account_id, ids, Notice.MESSAGE_TAKEN, "message_taken")


@job("portal.send_exhausted")
def send_exhausted(account_id: int, message_ids: list[int]) -> None:
    """Tells who wants it which messages nobody acknowledged, of those that are open still."""
    with account_scope(account_id):
        found = Message.objects.filter(pk__in=message_ids, acknowledged_at=None)
        ids = list(found.order_by("pk").values_list("pk", flat=True))
    _tell_of_messages(account_id, ids, Notice.MESSAGE_EXHAUSTED, "message_exhausted")


def _tell_of_messages(account_id: int, ids: list[int], notice: Notice, template: str) -> None:
    account = Account.objects.filter(pk=account_id).first()
    if account is None or not ids:
        return
    count = "A new message" if len(ids) == 1 else f"{len(ids):,} new messages"
    subject = f"{count} for {account.name}"
    if notice is Notice.MESSAGE_EXHAUSTED:
        what = "a message" if len(ids) == 1 else f"{len(ids):,} messages"
        subject = f"Nobody acknowledged {what} for {account.name}"
    links = [address_of("messages:message", each) for each in ids[:MOST_LINKS]]
    for person in people_who_want(account_id, notice):
        send(
            person.email,
            subject,
            f"portal/notices/{template}.txt",
            person=person,
            account=account,
            count=len(ids),
            links=links,
            more=len(ids) - len(links),
            all_messages=address_of("messages"),
            profile=address_of("profile"),
        )


@job("portal.send_access")
def send_access(user_id: int, account_id: int | None, what: str, by: str) -> None:
    """Tells a person what somebody else changed of what they may do, if they want to know."""
    person = User.objects.filter(pk=user_id).exclude(status=UserStatus.DELETED).first()
    if person is None or Notice.ACCESS_CHANGED not in person.notices:
        return
    if by == person.email:
        return
    account = Account.objects.filter(pk=account_id).first() if account_id else None
    name = account.name if account else "an account"
    words = WHAT_CHANGED[what].format(account=name)
    send(
        person.email,
        words.removesuffix("."),
        "portal/notices/access_changed.txt",
        person=person,
        words=words,
        by=by,
        portal=address_of("dashboard"),
        profile=address_of("profile"),
    )


@job("portal.send_email_link")
def send_email_link(change_id: int) -> None:
    """Mails the link to a new address there; the link is made here, so that no queue holds it.

    Where somebody signs in with the address already, they are told so instead, and nobody else.
    """
    made = actions.token_for_email(change_id=change_id, at=now())
    if made is None:
        return
    change, token = made
    holder = User.objects.with_email(change.email)
    if holder is not None and holder.pk != change.user_id:
        send(
            change.email,
            "Your email address is in use at Deskbell",
            "portal/notices/email_taken.txt",
        )
        return
    send(
        change.email,
        "Confirm your email address for Deskbell",
        "portal/notices/email_link.txt",
        person=change.user,
        url=address_of("profile:confirm_email", token),
    )


@job("portal.send_email_changed")
def send_email_changed(user_id: int, before: str, now_is: str) -> None:
    """Tells the old address that it is no longer the person's."""
    person = User.objects.filter(pk=user_id).first()
    if person is not None:
        send(
            before,
            "Your email address for Deskbell is another one now",
            "portal/notices/email_changed.txt",
            person=person,
            after=now_is,
        )


@job("portal.send_password_changed")
def send_password_changed(user_id: int) -> None:
    """Tells a person that their password was changed."""
    person = User.objects.filter(pk=user_id, status=UserStatus.ACTIVE).first()
    if person is not None:
        send(
            person.email,
            "Your password for Deskbell was changed",
            "portal/notices/password_changed.txt",
            person=person,
            url=address_of("account_reset_password"),
        )
