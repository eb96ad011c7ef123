"""Forms that several pages save and send at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest

from deskbell.accounts.models import Account
from deskbell.desk.actions import wrapped_up
from deskbell.desk.models import (
    DeskCall,
    DeskCallState,
    Form,
    Receptionist,
    Standing,
)
from deskbell.foundation.errors import Conflict
from deskbell.messages.models import Message
from deskbell.oncall.tests.test_calendars_races import together

MINUTE = timedelta(minutes=1)
Write = Callable[..., Any]


@pytest.mark.django_db(transaction=True)
def test_two_pages_send_one_form_at_once(acme: Account, desk_call: DeskCall, submit: Write) -> None:
    """In two connections, before the form was ever saved: one message, and both pages get it."""
    for _ in range(5):
        uuid = uuid4()

        def send(uuid: UUID = uuid) -> Any:
            return submit({"content": "Hello"}, form_uuid=uuid)

        found = together(acme.pk, send, send, send)
        assert len({message.pk for message in found}) == 1
    assert Message.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_two_pages_save_one_form_at_once(acme: Account, desk_call: DeskCall, save: Write) -> None:
    """One is kept, and the other is told."""
    for _ in range(5):
        uuid = uuid4()

        def keep(text: str, uuid: UUID = uuid) -> Any:
            try:
                return save({"content": text}, form_uuid=uuid).answers["content"]
            except Conflict:
                return "told"

        found = together(acme.pk, lambda: keep("One"), lambda: keep("Two"))
        kept = Form.objects.get(uuid=uuid)
        assert sorted(found) in (["One", "told"], ["Two", "told"])
        assert kept.answers["content"] in found
        assert kept.revision == 1


@pytest.mark.django_db(transaction=True)
def test_a_form_is_sent_while_its_call_is_done(
    acme: Account, desk_call: DeskCall, desk: Receptionist, submit: Write, at: datetime
) -> None:
    """Nobody waits for one who waits for them, and the message is there."""
    for place in range(1, 6):
        uuid = uuid4()
        state = {"state": DeskCallState.WRAPPING, "wrap_until": at + 2 * MINUTE}
        DeskCall.objects.update(disposition="", **state)
        Receptionist.objects.update(standing=Standing.WRAPPING)

        def send(uuid: UUID = uuid) -> Any:
            return submit({"content": "Hello"}, form_uuid=uuid, disposition="Sales")

        found = together(
            acme.pk, send, partial(wrapped_up, desk_call=desk_call, at=at + MINUTE), send
        )
        assert found[0] == found[2]
        assert Message.objects.count() == place
        desk_call.refresh_from_db()
        assert (desk_call.state, desk_call.disposition) == (DeskCallState.OVER, "Sales")
