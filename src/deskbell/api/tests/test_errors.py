"""Each kind of error has its status, and says no more than it should."""

from __future__ import annotations

import json

import pytest

from deskbell.api.errors import as_response, status_of
from deskbell.foundation import errors
from deskbell.messages.errors import AlreadyAcknowledged


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.InvalidInput("no"), 400),
        (errors.NotSignedIn("no"), 401),
        (errors.NotAllowed("no"), 403),
        (errors.NotFound("no"), 404),
        (AlreadyAcknowledged("rita"), 409),
        (errors.Unreachable("no"), 503),
        (errors.Refused("no"), 502),
        (errors.OutOfScope("secret"), 500),
        (errors.DeskbellError("secret"), 500),
    ],
)
def test_statuses(error: errors.DeskbellError, status: int) -> None:
    assert status_of(error) == status
    assert as_response(error).status_code == status
    assert b"secret" not in as_response(error).content


def test_every_branch_of_the_tree_has_a_status() -> None:
    for kind in errors.DeskbellError.__subclasses__():
        if kind.__module__ == errors.__name__ and kind is not errors.OutOfScope:
            assert status_of(kind("x")) != 500


def test_the_field_at_fault_is_named() -> None:
    answer = json.loads(as_response(errors.InvalidInput("no", field="day")).content)
    assert answer == {"error": {"message": "no", "field": "day"}}
