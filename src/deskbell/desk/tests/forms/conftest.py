"""A script, a call in a receptionist's hands, and what saves and sends its form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from deskbell.scripts.rules import Case, Closing, Condition, Content, Kind, Relay, Send, Step

if TYPE_CHECKING:  # pytest loads this file before Django is set up
    from deskbell.accounts.models import Account, PhoneNumber, User
    from deskbell.desk.models import DeskCall, Receptionist
    from deskbell.oncall.models import EscalationLevel
    from deskbell.scripts.models import Script

Write = Callable[..., Any]


@pytest.fixture
def desk(rita: User, at: datetime) -> Receptionist:
    """A receptionist in a call."""
    from deskbell.desk.models import Receptionist, Standing

    return Receptionist.objects.create(user=rita, standing=Standing.IN_CALL, since=at)


@pytest.fixture
def level(in_acme: Account, at: datetime) -> EscalationLevel:
    """Acme's level for emergencies."""
    from deskbell.oncall.actions import add_level

    return add_level(account_id=in_acme.pk, name="Emergencies", at=at)


@pytest.fixture
def content(level: EscalationLevel) -> Content:
    """Asks why; a toothache goes to the level, a question waits, a wrong number is nobody's."""
    return Content(
        greeting="Hello",
        steps=(
            Step("why", Kind.CHOICE, "Why", options=("Toothache", "Question", "Wrong", "Other")),
            Step("past", Kind.BRANCH, on="why", cases=(Case(("Wrong",), "end"),)),
            Step("name", Kind.TEXT, "Name", field="first_name", is_required=True),
            Step("phone", Kind.PHONE, "Phone", field="phone"),
            Step("insurance", Kind.TEXT, "Insurance"),
            Step("content", Kind.LONG_TEXT, "Message", field="content"),
        ),
        closings=(
            _closing("held", "Kept", "Question", Send.CHECK_IN, disposition="Question"),
            _closing("wrong", "Wrong number", "Wrong", Send.NOBODY),
            Closing("sent", "Message taken", disposition="Message"),
        ),
        relays=(Relay("why", ("Toothache",), level.pk, is_emergency=True),),
    )


def _closing(key: str, name: str, why: str, send: Send, **fields: Any) -> Closing:
    return Closing(key, name, when=(Condition("why", (why,)),), send=send, **fields)


@pytest.fixture
def script(
    in_acme: Account,
    content: Content,
    acme_number: PhoneNumber,
    level: EscalationLevel,
    at: datetime,
) -> Script:
    """A published script that Acme's number reads."""
    from deskbell.scripts import actions as scripts

    made = scripts.add_script(account_id=in_acme.pk, name="Main", by="o", at=at, content=content)
    scripts.publish(script=made, known_levels=[level.pk], by="o", at=at)
    scripts.use_script(number=acme_number, script=made, at=at)
    return made


@pytest.fixture
def desk_call(
    in_acme: Account, acme_number: PhoneNumber, desk: Receptionist, at: datetime
) -> DeskCall:
    """A call in the receptionist's hands."""
    from deskbell.calls.actions import begin
    from deskbell.desk.models import DeskCall, DeskCallKind, DeskCallState

    call = begin(
        account_id=in_acme.pk,
        sid="CA" + "1" * 32,
        number=acme_number,
        caller_id="+12125550199",
        caller_name="",
        dialled=acme_number.number,
        at=at,
    )
    return DeskCall.objects.create(
        account_id=in_acme.pk,
        kind=DeskCallKind.INCOMING,
        state=DeskCallState.IN_HAND,
        call=call,
        call_sid=call.sid,
        room="desk-1",
        number=acme_number,
        caller_id=call.caller_id,
        entered_at=at,
        rank_at=at,
        receptionist=desk,
    )


@pytest.fixture
def save(in_acme: Account, desk_call: DeskCall, desk: Receptionist, at: datetime) -> Write:
    """Saves the call's form; by default the first of it."""
    from deskbell.desk.actions import forms

    return _with(forms.save_form, in_acme, desk_call, desk, at, revision=0)


@pytest.fixture
def submit(in_acme: Account, desk_call: DeskCall, desk: Receptionist, at: datetime) -> Write:
    """Sends the call's form."""
    from deskbell.desk.actions import forms

    return _with(forms.submit_form, in_acme, desk_call, desk, at)


def _with(
    action: Write, account: Account, call: DeskCall, desk: Receptionist, at: datetime, **more: Any
) -> Write:
    from deskbell.desk.queries.forms import form_to_fill

    def do(answers: dict[str, str], **fields: Any) -> Any:
        given: dict[str, Any] = {
            "form_uuid": form_to_fill(call).form_uuid,
            "desk_call": call,
            "account_id": account.pk,
            "receptionist": desk,
            "answers": answers,
            "at": at,
            **more,
        }
        return action(**given | fields)

    return do
