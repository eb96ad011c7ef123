"""To Dos that real workers run in real time: on time, once each, whoever dies over them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.delivery.transports.email.tests.peer import Peer as MailServer
from deskbell.delivery.transports.sms.tests.peer import Peer as Carrier
from deskbell.foundation.clock import now
from deskbell.todos.actions import Fields, add_to_do
from deskbell.todos.models import Run, Schedule, ToDo
from tests.workers import Hook, Worker, until

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
StartWorker = Callable[..., Worker]
MORTAL = ("-m", "tests.mortal_worker")
# Where workers die over one To Do, what becomes of its run, and how often its text has left.
DEATHS = (
    (
        (
            "runs are about to be made",
            "runs are made",
            "runs are committed",
            "a run's job is taken",
            "a run's result is committed",
        ),
        "sent",
        1,
    ),
    (("a run is claimed",), "unknown", 0),
    (("a run is sent",), "unknown", 1),
    (("a run's result is written",), "unknown", 1),
)


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> Iterator[Carrier]:
    """A carrier that the workers' environment names."""
    with Carrier() as peer:
        monkeypatch.setenv("DESKBELL_TEXTS", f"http://bell:secret@127.0.0.1:{peer.port}")
        yield peer


@pytest.fixture
def start(carrier: Carrier, start_worker: StartWorker, hook: Hook) -> StartWorker:
    """Starts workers that may reach the carrier, which is on a private address."""
    hook.port = carrier.port
    return start_worker


def text(account: Account, words: str, **changes: Any) -> ToDo:
    told: dict[str, Any] = {"delivery_type": "sms", "contact": "+12125550134"}
    fields = Fields(**(told | changes), message_text=words)
    return add_to_do(
        account_id=account.pk, fields=fields, when={"rule": "immediately"}, at=now(), by="Alice"
    )


def all_ended() -> bool:
    no_more = not Schedule.objects.filter(next_occurrence__isnull=False).exists()
    return no_more and not Run.objects.filter(ended_at=None).exists()


def has_died(worker: Worker, times: int) -> bool:
    return worker.log.read_text().count(" ended when ") == times


def test_a_worker_may_die_at_every_step_of_a_run(
    in_acme: Account, acme_number: PhoneNumber, carrier: Carrier, start: StartWorker
) -> None:
    worker, died = start(*MORTAL, *(point for points, _, _ in DEATHS for point in points)), 0
    for points, state, count in DEATHS:
        words, died = points[-1], died + len(points)
        to_do = text(in_acme, words)
        until(partial(has_died, worker, died), 60)
        until(all_ended, 60)
        [run] = Run.objects.filter(to_do=to_do)
        bodies = [form["Body"] for _, _, form in carrier.asked]
        assert (run.state, bodies.count(words)) == (state, count), points
        to_do.refresh_from_db()
        assert not to_do.is_sending


def test_two_workers_run_what_is_due_at_one_instant_once(
    in_acme: Account,
    acme_number: PhoneNumber,
    carrier: Carrier,
    start: StartWorker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with MailServer() as mails:
        monkeypatch.setenv("DESKBELL_EMAIL_URL", f"smtp://127.0.0.1:{mails.port}")
        start()
        start()
        texted = [text(in_acme, f"Text {number}") for number in range(60)]
        mailed = [
            text(in_acme, f"Mail {number}", delivery_type="email", contact="bob@example.com")
            for number in range(20)
        ]
        until(all_ended, 60)
        due = now() + timedelta(seconds=1)  # all of them once more, as one
        Schedule.objects.update(next_occurrence=due)
        until(lambda: Run.objects.filter(due_at=due).count() == len(texted + mailed), 60)
        until(all_ended, 60)
        ends = Counter(Run.objects.values_list("state", "answer"))
        assert ends == {
            ("sent", "The text server took it"): 2 * len(texted),
            ("sent", "The mail server took it"): 2 * len(mailed),
        }
        began = list(Run.objects.filter(due_at=due).values_list("began_at", flat=True))
        assert all(each and each >= due for each in began)
        bodies = Counter(form["Body"] for _, _, form in carrier.asked)
        assert bodies == {each.message_text: 2 for each in texted}
        assert len(mails.mails) == 2 * len(mailed)
