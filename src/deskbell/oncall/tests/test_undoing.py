"""An acknowledgement that is undone leaves no trace on a message's way, but for what it says."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from deskbell.delivery import actions as deliveries
from deskbell.delivery.models import Delivery, DeliveryState
from deskbell.foundation.errors import Conflict, NotFound
from deskbell.messages import actions as messages
from deskbell.messages.models import Message, MessageStatus
from deskbell.oncall import actions
from deskbell.oncall.models import EscalationLevel
from deskbell.oncall.tests.story import Always, Take, Way, attempts, drive, jobs, story
from deskbell.oncall.tests.test_passing import Chain, chain

__all__ = ["chain"]
STOOD = (
    "status", "read", "next_escalation_at", "escalation_level_id", "escalation_counter",
    "escalation_loops", "acknowledged_at", "acknowledged_by", "acknowledged_from",
    "acknowledged_address", "before_acknowledged",
)  # fmt: skip


def standing(message: Message) -> dict[str, object]:
    found: dict[str, object] = Message.objects.filter(pk=message.pk).values(*STOOD).get()
    return found


def acknowledge(message: Message, at: datetime, by: str = "Alice") -> None:
    messages.acknowledge(message=message, by=by, at=at, through="portal", address="192.0.2.7")


def undo(message: Message, at: datetime, by: str = "Alice") -> Message:
    return messages.undo_acknowledgement(message=message, by=by, at=at)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


@pytest.mark.parametrize(("pressed", "undone"), [(3, 5), (3, 27), (9, 11), (19, 49)])
def test_it_goes_on_as_if_nothing_had_been(
    chain: Chain, taken: Take, at: datetime, pressed: int, undone: int
) -> None:
    message = taken()
    drive(at, at + seconds(pressed))
    before = standing(message)
    acknowledge(message, at + seconds(pressed))
    drive(at + seconds(pressed), at + seconds(undone) - seconds(1))
    assert standing(message)["next_escalation_at"] is None
    found = undo(message, at + seconds(undone))
    assert standing(message) == before
    assert found.next_escalation_at == before["next_escalation_at"]
    drive(at + seconds(undone), at + seconds(500))
    made = attempts(at)
    assert [(level, number, who) for _, level, number, who in made] == [
        ("Weekday", 1, "Bob"), ("Weekday", 2, "Bob"), ("Weekday", 3, "Bob"),
        ("Manager", 1, "Alice"),
    ]  # fmt: skip
    late = [when for when, *_ in made if pressed < when]
    due = before["next_escalation_at"]
    assert isinstance(due, datetime)
    assert late[0] == max((due - at).total_seconds(), undone)
    message.refresh_from_db()
    assert message.status == MessageStatus.EXHAUSTED
    assert "Acknowledgement undone by Alice" in story(message)


def test_one_that_was_just_taken_sets_out(chain: Chain, taken: Take, at: datetime) -> None:
    message = taken()
    acknowledge(message, at)
    actions.run_due(at)
    assert attempts(at) == []
    undo(message, at + seconds(2))
    drive(at + seconds(2), at + seconds(3))
    assert attempts(at) == [(2, "Weekday", 1, "Bob")]


def test_what_was_stopped_is_sent_now(chain: Chain, taken: Take, at: datetime) -> None:
    message = taken()
    drive(at, at)
    acknowledge(message, at + seconds(1))
    stopped = Delivery.objects.get()
    assert stopped.state == DeliveryState.STOPPED
    undo(message, at + seconds(4))
    again = Delivery.objects.get()
    assert (again.state, again.next_try_at, again.finished_at) == (
        DeliveryState.QUEUED, at + seconds(4), None,
    )  # fmt: skip
    assert again.idempotency_key == stopped.idempotency_key
    assert jobs("delivery.send") == 2  # the first may be gone by now, or wait for hours


def test_what_waits_for_another_try_tries_at_once(chain: Chain, taken: Take, at: datetime) -> None:
    message = taken()
    drive(at, at)
    Delivery.objects.update(state=DeliveryState.RETRYING, tries=3, next_try_at=at + seconds(900))
    acknowledge(message, at + seconds(1))
    undo(message, at + seconds(2))
    found = Delivery.objects.get()
    assert (found.state, found.tries) == (DeliveryState.RETRYING, 3)
    assert found.next_try_at == at + seconds(2)


def test_a_level_whose_deliveries_all_failed_meanwhile_is_left(
    chain: Chain, taken: Take, at: datetime
) -> None:
    message = taken()
    drive(at, at)
    acknowledge(message, at + seconds(1))
    Delivery.objects.update(state=DeliveryState.FAILED, finished_at=at + seconds(2))
    undo(message, at + seconds(3))
    assert jobs("oncall.leave_failed") == 1
    assert actions.leave_failed(
        message_id=message.pk, level_id=chain[0].pk, attempt=1, at=at + seconds(3)
    )
    assert attempts(at)[1:] == [(3, "Manager", 1, "Alice")]


def test_a_level_that_is_deleted_meanwhile_ends_nothing(
    chain: Chain, taken: Take, at: datetime
) -> None:
    message = taken()
    drive(at, at)
    acknowledge(message, at + seconds(1))
    actions.leave_deleted(level=chain[0], at=at + seconds(2))
    EscalationLevel.objects.filter(pk=chain[0].pk).delete()
    undo(message, at + seconds(3))
    drive(at + seconds(3), at + seconds(30))
    assert attempts(at)[1:] == [(10, "Manager", 1, "Alice")]


def test_what_arrived_meanwhile_counts(chain: Chain, taken: Take, at: datetime) -> None:
    message = taken()
    drive(at, at)
    Delivery.objects.update(state=DeliveryState.SENDING, claimed_at=at, tries=1)
    acknowledge(message, at + seconds(1))
    Delivery.objects.update(state=DeliveryState.DELIVERED, finished_at=at + seconds(2))
    undo(message, at + seconds(3))
    message.refresh_from_db()
    assert (message.status, message.delivered_at) == (MessageStatus.DELIVERED, at + seconds(2))
    assert message.delivered_to == "Bob"


def test_an_exhausted_one_is_exhausted_again(chain: Chain, taken: Take, at: datetime) -> None:
    message = taken()
    drive(at, at + seconds(500))
    before = standing(message)
    assert before["status"] == MessageStatus.EXHAUSTED
    acknowledge(message, at + seconds(501))
    told = jobs("oncall.tell_operator")
    undo(message, at + seconds(510))
    assert standing(message) == before
    assert jobs("oncall.tell_operator") == told
    assert actions.run_due(at + seconds(4000)) == 0


def test_again_and_again(chain: Chain, taken: Take, at: datetime) -> None:
    message = taken()
    drive(at, at)
    for turn in range(1, 4):
        acknowledge(message, at + seconds(turn))
        undo(message, at + seconds(turn))
    drive(at + seconds(4), at + seconds(10))
    assert attempts(at) == [(0, "Weekday", 1, "Bob"), (10, "Weekday", 2, "Bob")]


def test_only_who_acknowledged_and_not_for_long(chain: Chain, taken: Take, at: datetime) -> None:
    message = taken()
    with pytest.raises(Conflict, match="not acknowledged"):
        undo(message, at)
    acknowledge(message, at)
    with pytest.raises(Conflict, match="only they can undo it"):
        undo(message, at + seconds(1), by="Bob")
    with pytest.raises(Conflict, match="for 30 seconds"):
        undo(message, at + seconds(messages.UNDO_SECONDS) + timedelta(microseconds=1))
    undo(message, at + seconds(messages.UNDO_SECONDS))
    with pytest.raises(Conflict, match="not acknowledged"):
        undo(message, at + seconds(1))
    Message.objects.all().delete()
    with pytest.raises(NotFound):
        undo(message, at + seconds(1))


def test_one_from_before_undoing_was_there_stays(chain: Chain, taken: Take, at: datetime) -> None:
    message = taken()
    acknowledge(message, at)
    Message.objects.update(before_acknowledged=None)
    with pytest.raises(Conflict, match="older"):
        undo(message, at)


def test_a_claim_that_saw_the_acknowledgement_sees_that_it_is_undone(
    way: Way, always: Always, chain: Chain, taken: Take, at: datetime
) -> None:
    """The claim's snapshot is older than the undoing: it reads the message's state once more."""
    from deskbell.delivery.claims import no_longer_wanted
    from deskbell.delivery.parcels import RELATED

    message = taken()
    drive(at, at)
    acknowledge(message, at)
    stale = Delivery.objects.select_related(*RELATED).get()
    assert no_longer_wanted([stale]) == [stale]
    undo(message, at)
    assert stale.message.status == MessageStatus.ACKNOWLEDGED
    assert no_longer_wanted([stale]) == []
    assert deliveries.recover(at) == 0
