"""Messages that are sent every so often to see that somebody is reached.

A self-test is a message like any other: it goes the whole chain, is delivered, escalated and
acknowledged as a caller's is. What it adds is the question whether somebody acknowledged it in
time, and the alarm where nobody did.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from deskbell.accounts.models import Account
from deskbell.foundation.durations import in_words
from deskbell.foundation.errors import InvalidInput
from deskbell.messages.actions import Taken, take
from deskbell.messages.models import SELF_TEST, Message
from deskbell.platform.changes import touch
from deskbell.platform.tenancy import account_scope, system_scope

from ..alarms import alarm
from ..models import EscalationLevel, SelfTest

SHORTEST_EVERY, LONGEST_EVERY = 600, 31 * 24 * 3600
SHORTEST_WITHIN = 60


def add_self_test(
    *, level: EscalationLevel, every_seconds: int, within_seconds: int, at: datetime
) -> SelfTest:
    """Has a level tested every so often, for the first time at once; one that it has is changed.

    The operator is alarmed where nobody acknowledges a test within `within_seconds`. Raises
    InvalidInput.
    """
    if not SHORTEST_EVERY <= every_seconds <= LONGEST_EVERY:
        raise InvalidInput("A level is tested every 10 minutes to 31 days", field="every")
    if not SHORTEST_WITHIN <= within_seconds <= every_seconds:
        raise InvalidInput(
            "Somebody has at least a minute to acknowledge a test, and until the next at most",
            field="within",
        )
    with transaction.atomic():
        test, _ = SelfTest.objects.update_or_create(
            level=level,
            defaults={
                "account_id": level.account_id,
                "every_seconds": every_seconds,
                "within_seconds": within_seconds,
                "is_on": True,
                "next_at": at,
            },
        )
        touch(level.account_id)
    return test


def remove_self_test(*, level: EscalationLevel) -> bool:
    """Ends the tests of a level; gives whether it had any. A test under way stays a message."""
    with transaction.atomic():
        removed, _ = SelfTest.objects.filter(level=level).delete()
        touch(level.account_id)
    return removed > 0


def send_self_test(*, level: EscalationLevel, at: datetime) -> Message:
    """Sends a test message to a level once, whether or not it is tested every so often."""
    return _send(level, at)


def run_self_tests(at: datetime) -> int:
    """Sends the tests that are due, and judges those that were sent: acknowledged in time or not.

    Works across accounts, a test a transaction. Gives how many were sent.
    """
    sent = 0
    with system_scope("levels of all accounts are tested"):
        for test_id, account_id in _to_look_at(at):
            with account_scope(account_id):
                sent += _run(test_id, at)
    return sent


def _to_look_at(at: datetime) -> list[tuple[int, int]]:
    found = SelfTest.objects.filter(Q(is_on=True, next_at__lte=at) | _under_way())
    return list(found.order_by("pk").values_list("pk", "account_id"))


def _under_way() -> Q:
    """The tests that were sent and not judged since."""
    judged = Q(passed_at__gte=F("sent_at")) | Q(failed_at__gte=F("sent_at"))
    return Q(sent_at__isnull=False) & ~judged


def _run(test_id: int, at: datetime) -> int:
    with transaction.atomic():
        rows = SelfTest.objects.select_for_update(of=("self",)).select_related("level")
        test = rows.filter(pk=test_id).first()
        if test is None:
            return 0
        _judge(test, at)
        if not test.is_on or test.next_at > at:
            return 0
        test.message_id, test.sent_at = _send(test.level, at).pk, at
        # From when it was due, not from now: a test stays at its time of day. What was missed
        # while nothing ran is not made up for.
        every = timedelta(seconds=test.every_seconds)
        test.next_at += every * ((at - test.next_at) // every + 1)
        test.save()
    return 1


def _judge(test: SelfTest, at: datetime) -> None:
    """Says whether the test that is under way passed or failed, once that is certain."""
    if test.sent_at is None or not SelfTest.objects.filter(_under_way(), pk=test.pk).exists():
        return
    by = test.sent_at + timedelta(seconds=test.within_seconds)
    message = Message.objects.filter(pk=test.message_id or 0).first()
    acknowledged = message.acknowledged_at if message else None
    if acknowledged is not None and acknowledged <= by:
        test.passed_at = acknowledged
        test.save()
    elif at >= by:
        test.failed_at = at
        test.save()
        alarm(
            "A self-test was not acknowledged",
            f"Nobody acknowledged the self-test of {test.level} ({test.account}) within"
            f" {in_words(test.within_seconds)}; it was sent at {test.sent_at:%Y-%m-%d %H:%M} UTC.",
            account_id=test.account_id,
        )


def _send(level: EscalationLevel, at: datetime) -> Message:
    account = Account.objects.get(pk=level.account_id)
    content = (
        f"This is a self-test of Deskbell for {account.name}, level {level.name}. Nobody called."
        " Please acknowledge it, so that we know that you can be reached."
    )
    return take(
        account_id=level.account_id,
        taken=Taken(
            content, escalation_level_id=level.pk, first_name="Self-test", origin=SELF_TEST
        ),
        at=at,
    )
