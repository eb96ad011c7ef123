"""What tests of escalation share: time that passes, and what a message went through."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection

from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery.models import Delivery
from deskbell.messages.models import Message
from deskbell.messages.queries import activities_of
from deskbell.oncall import actions

Way = Callable[[str], DeliveryMethod]
Always = Callable[..., None]
Take = Callable[..., Message]
NO_MORE = "no level follows, and the operator is told"


def drive(at: datetime, until: datetime) -> None:
    """Lets time pass from step to step, to `until`."""
    while at <= until:
        actions.run_due(at)
        due = Message.objects.filter(next_escalation_at__gt=at).order_by("next_escalation_at")
        at = due.values_list("next_escalation_at", flat=True).first() or until + timedelta(days=1)


def story(message: Message) -> list[str]:
    return [each.text for each in activities_of(message)][1:]  # without "Message taken"


def attempts(at: datetime) -> list[tuple[int, str, int, str]]:
    """Every delivery: seconds since `at`, level, attempt, to whom."""
    made = Delivery.objects.order_by("created_at", "id").values_list(
        "created_at", "level_name", "attempt", "contact_name"
    )
    return [
        (int((created - at).total_seconds()), level, number, name)
        for created, level, number, name in made
    ]


def jobs(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pgqueuer WHERE entrypoint = %s", [name])
        count: int = cursor.fetchone()[0]
    return count
