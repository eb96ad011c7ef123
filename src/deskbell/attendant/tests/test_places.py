"""Where calls stand: one account's never another's, one decision at a time, whole paths."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest
from django.db import connection, transaction

from deskbell.accounts.models import Account
from deskbell.attendant import actions
from deskbell.attendant.actions.places import enter, locked, move
from deskbell.attendant.models import CallStep, LiveCall, System
from deskbell.attendant.rules import CallState, Phase, Step
from deskbell.attendant.ways import Way
from deskbell.calls.actions import begin
from deskbell.calls.models import Call
from deskbell.foundation.errors import NotFound, OutOfScope
from deskbell.platform.tenancy import account_scope, system_scope

SID = "CA" + "1" * 32
STEPS = [
    Step(0, "", "TIMEOUT"),
    Step(0, "12345678901234567890", "EXTENSION"),
    Step(0, "*", "GO_TO_MENU"),
]


def call_at(system: System, at: datetime) -> Call:
    call = begin(
        account_id=system.account_id,
        sid=SID,
        number=None,
        caller_id="",
        caller_name="",
        dialled="1",
        at=at,
    )
    enter(system=system, call=call, way=Way.TELNYX, state=CallState(step=3, phase=Phase.MENU))
    return call


def test_a_place_is_of_the_scopes_account(system: System, other: Account, at: datetime) -> None:
    with account_scope(system.account_id):
        call = call_at(system, at)
        place = locked(SID)
    with system_scope("every account's"):
        assert locked(SID) == place
    with account_scope(other.pk):
        with pytest.raises(NotFound, match=SID):
            locked(SID)
        with pytest.raises(OutOfScope):
            move(place, state=CallState(), answer="", steps=[], at=at)
        with pytest.raises(OutOfScope):
            enter(system=system, call=call, way=Way.GATEWAY, state=CallState())
    with pytest.raises(OutOfScope):
        locked(SID)


def test_a_call_that_has_a_place_keeps_it(system: System, at: datetime) -> None:
    with account_scope(system.account_id):
        call = call_at(system, at)
        enter(system=system, call=call, way=Way.GATEWAY, state=CallState())
        place = locked(SID)
    assert (place.way, place.state) == (Way.TELNYX, CallState(step=3, phase=Phase.MENU))
    assert (place.system_id, place.version) == (system.pk, system.version)


def test_a_move_is_written_whole_and_in_order(system: System, at: datetime) -> None:
    state = CallState(step=4, phase=Phase.DIALLING, path=("MN1", "MN2"))
    with account_scope(system.account_id):
        menu = actions.add_menu(system=system, name="Main", at=at)
        call = call_at(system, at)
        steps = [*STEPS, Step(menu.pk, "1", "HANGUP")]
        move(locked(SID), state=state, answer="<Response/>", steps=steps, at=at)
        written = CallStep.objects.filter(call=call, account=system.account, at=at).order_by("pk")
        assert list(written.values_list("menu_id", "key", "result")) == [
            (None, "", "TIMEOUT"),
            (None, "1234567890123456", "EXTENSION"),
            (None, "*", "GO_TO_MENU"),
            (menu.pk, "1", "HANGUP"),
        ]
        assert (locked(SID).state, locked(SID).answer) == (state, "<Response/>")
        move(locked(SID), state=CallState(), answer="", steps=[], at=at)
        assert (locked(SID).state, CallStep.objects.count()) == (CallState(), 4)


@pytest.mark.django_db(transaction=True)
def test_a_call_that_is_reported_twice_at_once_gets_one_document(
    system: System, at: datetime
) -> None:
    documents: list[str] = []
    begun = threading.Event()

    def report(*, is_first: bool) -> None:
        try:
            with account_scope(system.account_id), transaction.atomic():
                if not is_first:
                    begun.wait(10)
                call = begin(
                    account_id=system.account_id,
                    sid=SID,
                    number=None,
                    caller_id="",
                    caller_name="",
                    dialled="1",
                    at=at,
                )
                begun.set()
                documents.append(actions.answer(system=system, call=call, at=at))
        finally:
            connection.close()

    threads = [threading.Thread(target=report, kwargs={"is_first": one}) for one in (True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    with account_scope(system.account_id):
        assert LiveCall.objects.get().answer == documents[0] == documents[1]
        assert CallStep.objects.filter(result="NO_MENU").count() == 1
