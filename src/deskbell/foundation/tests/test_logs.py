"""Secrets never reach a log."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from deskbell.foundation.logs import without_secrets

SPEAKER = """
import logging
from deskbell.foundation.logs import set_up_logging
set_up_logging(as_json=True)
log = logging.getLogger("room")
parts = {"sid": "CA1", "event": "asks", "facts": {"url": "/x?token=hunter2", "what": "a\\nb"}}
log.info("CA1 asks", extra=parts)
log.warning("call CA" + "7" * 32 + " waits; password=hunter2")
try:
    1 / 0
except ZeroDivisionError:
    log.exception("it broke")
"""


@pytest.mark.parametrize(
    "line",
    [
        "password=hunter2",
        "POST /x?token=hunter2&y=1",
        '{"api_key": "hunter2"}',
        "Authorization: Bearer hunter2",
        "Authorization: Basic hunter2",
        "X-Twilio-Signature: hunter2",
        "secret = 'hunter2'",
        "Internal Server Error: /ack/eyJhIjoxfQ:1vMq:hunter2hunter2",
        "GET /password/1/c9x-hunter2hunter2hunter2/ 500",
        "Method Not Allowed (PROPFIND): /calendars/WzEsImxldmVsIl0.hunter2hunter2.ics",
        "/voice/deliveries/WzEsMl0:1vMq:hunter2hunter2/keys?turn=1",
        "https://bell.example.com/voice/twilio/deliveries/WzEsMl0:1vMq:hunter2hunter2/message",
    ],
)
def test_values_named_like_secrets_are_taken_out(line: str) -> None:
    assert "hunter2" not in without_secrets(line)


def test_other_words_stay() -> None:
    assert without_secrets("call CA1 from +12125550101 ended") == "call CA1 from +12125550101 ended"


def test_json_has_a_line_for_each_event_with_the_call_it_is_about() -> None:
    said = subprocess.run(
        [sys.executable, "-c", SPEAKER],
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=True,
    ).stderr
    assert b"hunter2" not in said
    one, two, three = [json.loads(line) for line in said.splitlines()]
    assert one.pop("at").endswith("+00:00")
    assert one == {
        "level": "info",
        "logger": "room",
        "message": "CA1 asks",
        "call": "CA1",
        "event": "asks",
        "facts": {"url": "/x?token=…", "what": "a\nb"},
    }
    assert (two["level"], two["call"]) == ("warning", "CA" + "7" * 32)
    assert "call" not in three
    assert "ZeroDivisionError" in three["error"]
