"""Secrets never reach a log."""

from __future__ import annotations

import pytest

from deskbell.foundation.logs import without_secrets


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
    ],
)
def test_values_named_like_secrets_are_taken_out(line: str) -> None:
    assert "hunter2" not in without_secrets(line)


def test_other_words_stay() -> None:
    assert without_secrets("call CA1 from +12125550101 ended") == "call CA1 from +12125550101 ended"
