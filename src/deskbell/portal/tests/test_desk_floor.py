"""The floor: who waits, who is on what, the service level, and the calls that were."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.calls.actions import begin, keep_recording
from deskbell.desk import actions
from deskbell.desk.actions import staffing
from deskbell.desk.models import DeskCall, Receptionist
from deskbell.foundation.clock import now
from deskbell.foundation.sids import new_sid
from deskbell.platform.tenancy import account_scope

from .conftest import second_of_sound

pytestmark = pytest.mark.django_db
Wait = Callable[..., DeskCall]


@pytest.fixture
def operator(client: Client, acme: Account, olivia: User) -> Client:
    client.force_login(olivia)
    return client


@pytest.fixture
def ritas(rita: User) -> Receptionist:
    made = staffing.add_receptionist(user=rita, phone="+12125550199", skills=[], at=now())
    return actions.go_available(receptionist=made, at=now())


@pytest.fixture
def waits(acme: Account, acme_number: PhoneNumber) -> Wait:
    """Somebody came so many seconds ago and waits."""

    def make(seconds: float = 0, caller: str = "+16465550123") -> DeskCall:
        at = now() - timedelta(seconds=seconds)
        with account_scope(acme.pk):
            call = begin(
                account_id=acme.pk,
                sid=new_sid("CA"),
                number=acme_number,
                caller_id=caller,
                caller_name="",
                dialled=acme_number.number,
                at=at,
                gateway="http://127.0.0.1:8070",
            )
            return actions.join_queue(call=call, way="gateway", at=at)

    return make


def test_who_waits_and_who_is_there(operator: Client, ritas: Receptionist, waits: Wait) -> None:
    waits(75)
    text = operator.get("/desk/floor/").content.decode()
    assert "(646) 555-0123" in text
    assert re.search(r">1:[1-5]\d<", text)
    assert "Available" in text


def test_an_answered_call_is_in_time_or_not(
    operator: Client, acme: Account, ritas: Receptionist, waits: Wait
) -> None:
    for seconds, caller in ((300, "+16465550101"), (5, "+16465550102")):
        call = waits(seconds, caller)
        with account_scope(acme.pk):
            DeskCall.objects.filter(pk=call.pk).update(
                answered_at=now(), receptionist=ritas, state="over", outcome="handled"
            )
    answer = operator.get("/desk/floor/")
    [lately, _today] = answer.context["spans"]
    assert (lately.level.callers, lately.level.answered, lately.level.percent) == (2, 2, 50)


def test_nothing_new_costs_nothing(
    operator: Client, waits: Wait, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    first = operator.get("/desk/floor/live/")
    same = {"HTTP_IF_NONE_MATCH": first.headers["ETag"]}
    again = operator.get("/desk/floor/live/", **same)  # type: ignore[arg-type]
    assert again.status_code == 304 or again.headers["ETag"] != first.headers["ETag"]
    with django_capture_on_commit_callbacks(execute=True):
        waits()
    assert operator.get("/desk/floor/live/", **same).status_code == 200  # type: ignore[arg-type]


def test_a_supervisor_hears_the_call_of_any_account(
    operator: Client, acme: Account, ritas: Receptionist, waits: Wait
) -> None:
    call = waits()
    with account_scope(acme.pk):
        keep_recording(
            sid=new_sid("RE"), call_sid=call.call_sid, wav=second_of_sound(), seconds=1, at=now()
        )
    [line] = operator.get("/desk/floor/").context["list"].rows
    assert operator.get(line.audio_url).status_code == 200


@pytest.mark.parametrize(
    ("words", "found"), [("acme", 1), ("0123", 1), ("(646) 555", 1), ("brook", 0), ("\0'%_", 0)]
)
def test_calls_are_searched(operator: Client, waits: Wait, words: str, found: int) -> None:
    waits()
    assert operator.get("/desk/floor/", {"q": words}).context["list"].total == found


def test_one_account_alone(operator: Client, acme: Account, other: Account, waits: Wait) -> None:
    waits()
    for account, found in ((acme, 1), (other, 0)):
        answer = operator.get("/desk/floor/", {"account": account.pk})
        assert answer.context["list"].total == found
        assert len(answer.context["waiting"]) == found


def test_the_list_as_a_file_has_no_formulas(operator: Client, waits: Wait) -> None:
    waits(caller="=1+1")
    text = operator.get("/desk/floor/", {"format": "csv"}).content.decode()
    assert "\n=1+1" not in text
    assert ",=1+1" not in text


def test_questions_do_not_grow_with_what_is_shown(
    operator: Client,
    ritas: Receptionist,
    waits: Wait,
    django_assert_max_num_queries: Callable[[int], object],
    at: datetime,
) -> None:
    for place in range(20):
        waits(place, f"+1646555{place:04}")
    with django_assert_max_num_queries(22):  # type: ignore[attr-defined]
        operator.get("/desk/floor/")
