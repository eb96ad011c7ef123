"""A gateway that repeats before the first answer came: two requests for one step at one instant."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from deskbell.attendant.models import CallStep, System
from deskbell.calls.models import Call
from deskbell.messages.models import Message
from deskbell.platform.tenancy import account_scope
from deskbell.rcml.read import from_xml
from deskbell.rcml.verbs import Gather

FORM = {"CallSid": "CA" + "c" * 32, "From": "+12125550187", "To": "12125550142"}
TIMES = 4


@pytest.fixture
def no_jobs_left(transactional_db: None) -> Iterator[None]:
    """The queue's table is not a model's, so the test database's clean-up forgets it."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM pgqueuer")


def at_once(gateway: Any, path: str, fields: dict[str, str]) -> list[Any]:
    def ask(_number: int) -> Any:
        try:
            return gateway.post(path, fields)
        finally:
            connection.close()

    with ThreadPoolExecutor(TIMES) as threads:
        return list(threads.map(ask, range(TIMES)))


def test_whoever_is_second_gets_the_firsts_answer(
    no_jobs_left: None, gateway: Any, system: System
) -> None:
    answers = at_once(gateway, "/voice/incoming", FORM)
    menu = from_xml(answers[0].content).verbs[0]
    assert isinstance(menu, Gather)
    answers += at_once(gateway, menu.action, FORM | {"Digits": "2"})
    recorded = FORM | {"RecordingSid": "RE" + "e" * 32, "RecordingDuration": "5"}
    answers += at_once(gateway, menu.action.replace("n=1", "n=2"), recorded)
    assert [answer.status_code for answer in answers] == [200] * 3 * TIMES
    for start in range(0, 3 * TIMES, TIMES):
        assert len({answer.content for answer in answers[start : start + TIMES]}) == 1
    with account_scope(system.account_id):
        assert Call.objects.count() == 1
        assert Message.objects.count() == 1
        results = list(CallStep.objects.order_by("id").values_list("result", flat=True))
    assert results == ["ENTERED", "VOICEMAIL", "MESSAGE_TAKEN"]
