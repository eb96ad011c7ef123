"""To Dos that run, by a clock that the test turns: on time, once, and what comes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from deskbell.accounts.models import PhoneNumber
from deskbell.delivery import texting
from deskbell.delivery.tests.example import Behaviour
from deskbell.delivery.transports.email.tests.peer import Peer as MailServer
from deskbell.delivery.transports.sms.tests.peer import Peer as Carrier
from deskbell.foundation import http
from deskbell.foundation.errors import Conflict
from deskbell.todos import actions, queries
from deskbell.todos.actions import ending
from deskbell.todos.models import Run, RunState, ToDo

Make = Callable[..., ToDo]
Work = Callable[[datetime], None]
pytestmark = pytest.mark.django_db
DAILY = {"frequency": "daily", "times": ["11:00 AM", "3:00 PM"]}
ELEVEN = timedelta(hours=1)  # after `at`
MINUTE = timedelta(minutes=1)


def states(to_do: ToDo) -> list[str]:
    """Of its runs, oldest first."""
    return [each.state for each in reversed(queries.runs_of(to_do))]


def last(to_do: ToDo) -> Run:
    found = queries.runs_of(to_do).first()
    assert found
    return found


def test_at_once_is_now_and_never_again(
    make: Make, carrier: Carrier, work: Work, at: datetime
) -> None:
    to_do = make()
    assert actions.next_due() == at
    work(at)
    [(_, headers, form)] = carrier.asked
    assert (form["From"], form["To"]) == ("+12125550142", "+12125550134")
    assert form["Body"] == "Your appointment is coming up."
    run = last(to_do)
    assert (run.state, run.provider_id) == (RunState.SENT, "SM" + "7" * 32)
    assert (run.due_at, run.answer) == (at, "The text server took it")
    assert run.began_at
    assert run.began_at - at < MINUTE
    assert headers["idempotency-key"] == run.key
    found = queries.one(to_do.pk)
    assert (found.run_at, found.is_sending) == (at, False)
    assert (found.schedule.previous_occurrence, found.schedule.next_occurrence) == (at, None)
    assert queries.standing(found) == queries.Standing.DONE
    work(at + timedelta(days=400))
    assert len(carrier.asked) == 1
    assert actions.next_due() is None


def test_it_runs_at_its_times_and_not_between(
    make: Make, carrier: Carrier, work: Work, at: datetime
) -> None:
    to_do = make(DAILY)
    eleven = at + ELEVEN
    assert actions.next_due() == eleven
    for minute in range(-30, 31, 10):
        work(eleven + minute * MINUTE)
    assert [each.due_at for each in queries.runs_of(to_do)] == [eleven]
    for _ in range(3):
        work(eleven + timedelta(hours=4))
    assert states(to_do) == ["sent", "sent"]
    assert len(carrier.asked) == 2
    assert actions.next_due() == eleven + timedelta(days=1)


def test_what_was_missed_runs_late_within_the_hour_or_is_marked(
    make: Make, carrier: Carrier, work: Work, at: datetime
) -> None:
    to_do = make(DAILY)
    three = at + timedelta(hours=5)
    work(three + timedelta(days=1, minutes=59, seconds=59))
    assert states(to_do) == ["missed", "missed", "missed", "sent"]
    assert len(carrier.asked) == 1
    found = queries.one(to_do.pk)
    assert found.schedule.previous_occurrence == three + timedelta(days=1)
    late = make(DAILY)
    work(at + ELEVEN + timedelta(hours=1))
    assert states(late) == ["missed"]
    assert last(late).get_state_display() == "Missed, Deskbell was not running"
    assert not queries.one(late.pk).is_sending


def test_after_weeks_the_last_hundred_are_marked(make: Make, work: Work, at: datetime) -> None:
    times = [f"{hour}:{minute} PM" for hour in range(1, 7) for minute in ("00", "30")]
    to_do = make({"frequency": "daily", "times": times})
    work(at + timedelta(days=100, hours=12))
    assert states(to_do) == ["missed"] * 100


def test_a_run_whose_turn_comes_an_hour_late_is_missed(
    make: Make, carrier: Carrier, at: datetime
) -> None:
    to_do = make()
    actions.run_due(at)
    actions.send(run_ids=[last(to_do).pk], at=at + timedelta(hours=1))
    assert (states(to_do), carrier.asked) == (["missed"], [])


def test_a_run_that_is_queued_twice_goes_once(make: Make, carrier: Carrier, at: datetime) -> None:
    to_do = make()
    actions.run_due(at)
    actions.run_due(at)
    ids = [last(to_do).pk]
    for _ in range(3):
        actions.send(run_ids=ids * 2, at=at)
    assert len(carrier.asked) == 1


def test_a_run_whose_job_was_lost_is_queued_again(
    make: Make, carrier: Carrier, work: Work, at: datetime
) -> None:
    to_do = make()
    actions.run_due(at)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM pgqueuer")
    assert actions.next_due() == at + ending.RETAKEN_AFTER
    work(at + ending.RETAKEN_AFTER)
    assert states(to_do) == ["sent"]


def test_a_run_that_a_dead_worker_held_is_never_sent_again(
    make: Make, carrier: Carrier, work: Work, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from deskbell.todos.actions import running

    class Killed(BaseException):
        pass

    def die(_run: Run, _known: Any) -> Any:
        raise Killed

    to_do = make()
    monkeypatch.setattr(running, "prepare", die)
    with pytest.raises(Killed):
        work(at)
    monkeypatch.undo()
    assert (states(to_do), queries.one(to_do.pk).is_sending) == (["sending"], True)
    for minute in range(0, 70, 7):
        work(at + minute * MINUTE)
    assert (states(to_do), carrier.asked) == (["unknown"], [])
    assert "may have gone out" in last(to_do).answer
    assert not queries.one(to_do.pk).is_sending


@pytest.mark.parametrize(("has_left", "state"), [(True, "unknown"), (False, "waiting")])
def test_a_fault_of_ours_is_written_down(
    make: Make,
    work: Work,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
    caplog: Any,
    has_left: bool,
    state: str,
) -> None:
    from deskbell.todos.actions import running

    def fail(*_: Any) -> Any:
        raise LookupError("nobody thought of it")

    to_do = make()
    monkeypatch.setattr(running, "prepare", (lambda *_: fail) if has_left else fail)
    work(at)
    assert states(to_do) == [state]
    assert "nobody thought of it" in caplog.text


def test_a_passing_failure_is_tried_again_for_a_quarter_of_an_hour(
    make: Make, carrier: Carrier, work: Work, at: datetime
) -> None:
    carrier.behaviour = Behaviour.TRY_LATER
    to_do = make()
    for second in range(0, 1200, 5):
        work(at + timedelta(seconds=second))
    run = last(to_do)
    assert (run.state, run.tries) == ("failed", len(carrier.asked))
    assert run.tries > 3
    assert run.answer.startswith(f"Gave up after {run.tries} tries: ")
    assert run.ended_at
    assert run.ended_at - at <= ending.RETRY_LIMIT
    assert len({headers["idempotency-key"] for _, headers, _ in carrier.asked}) == run.tries


def test_a_passing_failure_may_pass(make: Make, carrier: Carrier, work: Work, at: datetime) -> None:
    carrier.behaviour = Behaviour.TRY_LATER
    to_do = make()
    work(at)
    assert (states(to_do), queries.one(to_do.pk).is_sending) == (["waiting"], True)
    carrier.behaviour = Behaviour.TAKE
    work(at + timedelta(seconds=5))
    assert (states(to_do), last(to_do).tries) == (["sent"], 2)


@pytest.mark.parametrize("behaviour", [Behaviour.HANG, Behaviour.CUT])
def test_without_an_answer_it_is_unknown(
    make: Make,
    carrier: Carrier,
    work: Work,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
    behaviour: Behaviour,
) -> None:
    monkeypatch.setattr(http, "TIMEOUT_SECONDS", 1.0)
    carrier.behaviour = behaviour
    to_do = make()
    for minute in range(20):
        work(at + minute * MINUTE)
    assert (states(to_do), len(carrier.asked)) == (["unknown"], 1)
    assert "not sent again" in last(to_do).answer


def test_what_the_carrier_refuses_has_failed(
    make: Make, carrier: Carrier, work: Work, at: datetime
) -> None:
    carrier.behaviour = Behaviour.REFUSE
    to_do = make()
    work(at)
    assert states(to_do) == ["failed"]
    assert "Invalid 'To' Phone Number" in last(to_do).answer


def test_stop_is_honoured(make: Make, carrier: Carrier, work: Work, at: datetime) -> None:
    to_do = make(DAILY)
    texting.stop(ours="+12125550142", theirs="+12125550134", at=at)
    work(at + ELEVEN)
    assert (states(to_do), carrier.asked) == (["failed"], [])
    assert "STOP" in last(to_do).answer
    texting.start(ours="+12125550142", theirs="+12125550134")
    work(at + timedelta(hours=5))
    assert states(to_do) == ["failed", "sent"]


def test_where_the_account_may_not_reach_nothing_goes(
    make: Make, carrier: Carrier, work: Work, at: datetime
) -> None:
    far = make(contact="+79161234567")
    work(at)
    assert (states(far), carrier.asked) == (["failed"], [])
    assert "its prefixes say so" in last(far).answer


def test_a_number_that_went_sends_no_more(
    make: Make, carrier: Carrier, work: Work, at: datetime, acme_number: PhoneNumber
) -> None:
    to_do = make(DAILY, sender="+12125550142")
    acme_number.delete()
    work(at + ELEVEN)
    assert states(to_do) == ["failed"]
    assert "no longer has the number 2125550142" in last(to_do).answer
    assert queries.one(to_do.pk).from_number == "2125550142"


def test_a_mail_says_who_wrote_it_and_comes_from_us(
    make: Make, mail_server: MailServer, work: Work, at: datetime
) -> None:
    to_do = make(
        delivery_type="email",
        contact="bob@example.com",
        message_text="שלום <b>Bob</b>",
        subject="Soon",
        sender_name="Acme, Dr. Lee",
        from_email="alice@example.com",
    )
    plain = make(delivery_type="email", contact="bob@example.com")
    work(at)
    found = sorted((each.decode() for each in mail_server.mails), key=lambda each: "Soon" in each)
    second, first = found
    assert "Subject: Soon" in first
    assert 'From: "Acme, Dr. Lee" <' in first
    assert "Reply-To: alice@example.com" in first
    assert f"Message-ID: <{last(to_do).key}@" in first
    assert "text/html" not in first
    assert "Subject: A message from Acme Dental" in second
    assert "Reply-To" not in second
    assert [last(each).state for each in (to_do, plain)] == ["sent", "sent"]


@pytest.mark.parametrize(
    ("behaviour", "state"),
    [
        (Behaviour.TRY_LATER, "waiting"),
        (Behaviour.REFUSE, "failed"),
        (Behaviour.CUT, "unknown"),
        (Behaviour.ABSENT, "waiting"),
    ],
)
def test_what_a_mail_server_says(
    make: Make,
    mail_server: MailServer,
    work: Work,
    at: datetime,
    behaviour: Behaviour,
    state: str,
) -> None:
    mail_server.behaviour = behaviour
    if behaviour == Behaviour.ABSENT:
        mail_server.stop()
    to_do = make(delivery_type="email", contact="bob@example.com")
    work(at)
    assert states(to_do) == [state]


def test_paused_it_runs_no_more_until_it_is_resumed(
    make: Make, carrier: Carrier, work: Work, at: datetime
) -> None:
    to_do = make(DAILY)
    actions.pause_to_do(to_do=to_do, at=at)
    assert queries.standing(queries.one(to_do.pk)) == queries.Standing.PAUSED
    work(at + timedelta(days=2))
    resumed = actions.resume_to_do(to_do=to_do, at=at + timedelta(days=2))
    assert resumed.schedule.next_occurrence == at + timedelta(days=2, hours=1)
    assert states(to_do) == []
    work(at + timedelta(days=2, hours=1))
    assert states(to_do) == ["sent"]


def test_pausing_stops_what_waits_for_another_try(
    make: Make, carrier: Carrier, work: Work, at: datetime
) -> None:
    carrier.behaviour = Behaviour.TRY_LATER
    to_do = make()
    work(at)
    actions.pause_to_do(to_do=to_do, at=at + MINUTE)
    for minute in range(1, 20):
        work(at + minute * MINUTE)
    assert (states(to_do), len(carrier.asked)) == (["stopped"], 1)
    assert not queries.one(to_do.pk).is_sending


def test_an_edit_holds_for_the_next_try(
    make: Make, carrier: Carrier, work: Work, at: datetime
) -> None:
    carrier.behaviour = Behaviour.TRY_LATER
    to_do = make(DAILY)
    work(at + ELEVEN)
    fields = actions.Fields("sms", "+12125550135", message_text="Put off")
    actions.edit_to_do(to_do=to_do, fields=fields, when=DAILY, at=at + ELEVEN)
    carrier.behaviour = Behaviour.TAKE
    work(at + ELEVEN + MINUTE)
    assert [form["Body"] for _, _, form in carrier.asked] == [
        "Your appointment is coming up.",
        "Put off",
    ]
    assert states(to_do) == ["sent"]


def test_deleted_while_a_run_waits_nothing_goes(
    make: Make, carrier: Carrier, work: Work, at: datetime
) -> None:
    to_do = make()
    actions.run_due(at)
    actions.delete_to_do(to_do=to_do)
    work(at)
    assert carrier.asked == []
    assert not Run.objects.exists()


def test_deleted_while_it_is_sent_it_is_gone(
    make: Make, work: Work, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from deskbell.delivery.transport import delivered
    from deskbell.todos.actions import running

    to_do = make()

    def prepare(*_: Any) -> Any:
        actions.delete_to_do(to_do=to_do)
        return lambda: delivered("The carrier took it")

    monkeypatch.setattr(running, "prepare", prepare)
    work(at)
    assert not ToDo.objects.exists()


def test_run_now_runs_beside_the_schedule(
    make: Make, carrier: Carrier, work: Work, at: datetime
) -> None:
    to_do = make(DAILY)
    actions.run_now(to_do=to_do, at=at)
    with pytest.raises(Conflict):
        actions.run_now(to_do=to_do, at=at + timedelta(seconds=1))
    work(at + timedelta(seconds=2))
    actions.pause_to_do(to_do=to_do, at=at + MINUTE)
    actions.run_now(to_do=to_do, at=at + MINUTE)
    work(at + MINUTE)
    assert states(to_do) == ["sent", "sent"]
    assert queries.one(to_do.pk).schedule.next_occurrence is None


def test_ten_thousand_schedules_are_taken_in_batches(
    make: Make, carrier: Carrier, at: datetime, django_assert_max_num_queries: Any
) -> None:
    for _ in range(30):
        make(DAILY)
    with django_assert_max_num_queries(20):
        assert actions.run_due(at + ELEVEN) == 30
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'todos.send_texts'")
        assert cursor.fetchone()[0] == 2
    assert actions.run_due(at + ELEVEN) == 0
