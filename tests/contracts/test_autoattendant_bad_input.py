"""Whatever a field is given, the answer is a documented code that names it, never a fault of ours.

The table is made from the OpenAPI description: every field of every body and every parameter of
every list, times every way to be wrong.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.api.autoattendant.callers import Caller
from deskbell.attendant.models import Announcement, System
from deskbell.platform.tenancy import system_scope
from tests.autoattendant import Answer, Api
from tests.autoattendant_operations import BY_NAME, GONE, Operation
from tests.contracts.conftest import Setup

WRONG: dict[str, Any] = {
    "a number": 7,
    "a large number": 10**30,
    "a negative number": -1,
    "a fraction": 1.5,
    "true": True,
    "null": None,
    "empty": "",
    "blank": " ",
    "a text": "nonsense",
    "Unicode": "Zähne \U0001f9b7 \u202e歯",
    "half a character": "\ud83e",
    "NUL": "a\0b",
    "long": "x" * 6000,
    "longer than names": "x" * 201,
    "a list": ["x"],
    "a list of lists": [[]],
    "a list of objects": [{"x": 1}],
    "an object": {"x": {}},
    "an empty object": {},
    "another's sid": "theirs",
}
ABSENT = object()
OTHER_NAMES = {"autoAttendandSid": "autoAttendantSid"}
WRITES = [name for name, each in BY_NAME.items() if each.body]
LISTS = [name for name, each in BY_NAME.items() if "search?" in name or "usage" in name]


@pytest.fixture
def sids(setup: Setup, as_alice: Api) -> dict[str, str]:
    music = as_alice.post("announcement", {"name": "Music"}).sid
    return setup.sids() | {"announcement": music, "file": "none.wav"}


@pytest.fixture
def theirs(as_charlie: Api, other: Account) -> dict[str, str]:
    """Sids of another enterprise, by the field that could name them."""
    system = as_charlie.post("system", {"name": "Plumbers"}).sid
    body = {"name": "x", "autoAttendantSid": system, "enterpriseSid": other.sid}
    said = as_charlie.post("announcement", {"name": "x"}).sid
    return {
        "autoAttendantSid": system,
        "menuSid": as_charlie.post("menu", body).sid,
        "enterpriseSid": other.sid,
        **dict.fromkeys(("announcementSid", "ringbackToneSid", "apologySid"), said),
    }


def described(api: Api, operation: Operation) -> tuple[dict[str, Any], dict[str, Any]]:
    """The operation's part of the OpenAPI description, and the fields of its body."""
    whole = api.get("openapi.json").body
    here = whole["paths"][operation.pattern()][operation.method]
    if "requestBody" not in here:
        return here, {}
    name = here["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    return here, whole["components"]["schemas"][name]["properties"]


def check(answer: Answer, operation: dict[str, Any], field: str) -> None:
    """The answer is a documented one, and where a field is to blame it is named."""
    assert answer.status < 500, answer.body
    assert str(answer.status) in operation["responses"], answer.body
    if answer.status == 200:
        return
    codes = {each["code"] for each in operation["x-errors"]}
    assert answer.code in codes, answer.body
    if answer.status == 400:
        named = {field, OTHER_NAMES.get(field, field)}
        assert any(name in answer.body["message"] for name in named), answer.body


@pytest.mark.parametrize("name", WRITES)
def test_every_field_of_every_body(
    name: str, as_olivia: Api, sids: dict[str, str], theirs: dict[str, str]
) -> None:
    operation = BY_NAME[name]
    here, fields = described(as_olivia, operation)
    for field in [*fields, "unknown"]:
        for value in [*WRONG.values(), ABSENT]:
            body = good(operation, sids, fields)
            if value is ABSENT:
                body.pop(field, None)
            else:
                body[field] = theirs.get(field, "ANtheirs") if value == "theirs" else value
            answer = as_olivia.send(operation.method, operation.path.format(**sids), body)
            check(answer, here, field)
            assert field != "unknown" or value is ABSENT or answer.code == "400"


def good(operation: Operation, sids: dict[str, str], fields: dict[str, Any]) -> dict[str, Any]:
    """A new body that the operation takes; it says whose, for the operator has all."""
    assert operation.body is not None
    whose = {"enterpriseSid": sids["enterprise"]} if "enterpriseSid" in fields else {}
    return dict(operation.body(sids)) | whose


@pytest.mark.parametrize("name", LISTS)
def test_every_parameter_of_every_list(
    name: str, as_alice: Api, sids: dict[str, str], theirs: dict[str, str]
) -> None:
    operation = BY_NAME[name]
    here, _ = described(as_alice, operation)
    path = operation.path.format(**sids).partition("?")[0]
    for parameter in here["parameters"]:
        if parameter["in"] == "path":
            continue
        for value in (
            "",
            "x",
            "\0",
            "é\U0001f9b7",
            "x" * 6000,
            "-1",
            "1e9",
            "9" * 40,
            "%",
            "theirs",
        ):
            given = theirs.get(parameter["name"], "theirs") if value == "theirs" else value
            check(as_alice.get(path, **{parameter["name"]: given}), here, parameter["name"])


def test_sids_that_are_none(as_alice: Api) -> None:
    for sid in ("%00", "a%00b", "%F0%9F%A6%B7", "%20", "x" * 6000, "%2e%2e", "'"):
        for resource in GONE:
            asked = ("get", f"{resource}/search/{sid}"), ("delete", f"{resource}/{sid}")
            for method, path in asked:
                answer = as_alice.send(method, path)
                assert answer.status in {403, 404, 405, 409}, (method, path, answer.body)


BODIES = {
    "not JSON": b"{",
    "NaN": b'{"name": NaN}',
    "no UTF-8": b'{"name": "\xff"}',
    "a list": b"[]",
    "a text": b'"x"',
    "null": b"null",
    "nothing": b"",
    "deep": b"[" * 100_000,
    "lists in one another": b'{"keys": ' + b"[" * 500 + b"]" * 500 + b"}",
    "objects in one another": b'{"x": ' * 500 + b"1" + b"}" * 500,
    "no finite number": b'{"timeoutSeconds": 1e999}',
    "a name twice": b'{"name": "Day", "name": "Night"}',
    "a long number": b'{"timeoutSeconds": ' + b"9" * 5000 + b"}",
}


def test_bodies_that_cannot_be_read(as_alice: Api, setup: Setup) -> None:
    for name, body in BODIES.items():
        for method, path in (("post", "menu"), ("put", f"menu/{setup.menu}")):
            answer = as_alice.send(method, path, body)
            assert (answer.status, answer.code) == (400, "400"), (name, answer.body)
            assert answer.body["data"] == {}, name


def test_no_password_comes_back(as_alice: Api) -> None:
    body = {"x": 1, "keys": [{"password": "a", "in": [[{"newPassword": "b"}]]}], "Password": "c"}
    answer = as_alice.post("menu", body)
    assert answer.body["data"] == {"x": 1, "keys": [{"in": [[{}]]}]}


@pytest.mark.parametrize(
    ("resource", "code"),
    [("announcement", "500"), ("menu", "502"), ("phonenumber", "491"), ("system", "490")],
)
@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_what_somebody_deletes_meanwhile(
    as_olivia: Api,
    sids: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    resource: str,
    code: str,
    method: str,
) -> None:
    """Between the look for a row and the work on it, there is time for others."""
    found = Caller.one

    def one(self: Caller, *args: Any, **named: Any) -> Any:
        row = found(self, *args, **named)
        monkeypatch.setattr(Caller, "one", found)
        with system_scope("test"):
            for model in (System, PhoneNumber, Announcement):
                model._base_manager.all().delete()
        return row

    monkeypatch.setattr(Caller, "one", one)
    sid = sids[resource]
    body = {"isExtension": True} if resource == "phonenumber" else {"name": "x"}
    answer = as_olivia.send(
        method,
        f"{resource}/search/{sid}" if method == "get" else f"{resource}/{sid}",
        body if method == "put" else None,
    )
    if (resource, method) != ("announcement", "get"):  # it was read by then
        assert (answer.code, answer.body["data"]["sid"]) == (code, sid)


PLAUSIBLE = ("say", "play", "ACTIVE", "HANGUP", "GO_TO_MENU", "1", "*", "08:00", "en-US")
INNER = (
    *("actionType", "actionData", "menuKey", "menuAction", "day", "startTime", "endTime"),
    *("menuSid", "entries", "startDate", "endDate", "scheduleType", "x"),
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec=None), max_size=20)
    | st.sampled_from(PLAUSIBLE)
)
JUNK = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(INNER), inner, max_size=4)
    ),
    max_leaves=8,
)


def test_no_body_breaks_an_operation(as_olivia: Api, sids: dict[str, str]) -> None:
    known = {name: described(as_olivia, BY_NAME[name]) for name in WRITES}

    @settings(
        max_examples=100,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(data=st.data())
    def run(data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(WRITES))
        operation, (here, fields) = BY_NAME[name], known[name]
        assert operation.body is not None
        body = operation.body(sids) | data.draw(
            st.dictionaries(st.sampled_from(list(fields)), JUNK, max_size=4)
        )
        answer = as_olivia.send(operation.method, operation.path.format(**sids), body)
        assert answer.status < 500, (name, body, answer.body)
        assert str(answer.status) in here["responses"], (name, body, answer.body)

    run()


def test_no_query_breaks_a_list(as_alice: Api, sids: dict[str, str]) -> None:
    known = {name: described(as_alice, BY_NAME[name])[0] for name in LISTS}
    values = st.text(max_size=20) | st.sampled_from(["name", "name:desc", "2020-01-27", "-3days"])

    @settings(max_examples=80, deadline=None, derandomize=True, database=None)
    @given(data=st.data())
    def run(data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(LISTS))
        here = known[name]
        names = [each["name"] for each in here["parameters"] if each["in"] == "query"]
        query = data.draw(st.dictionaries(st.sampled_from(names), values, max_size=4))
        path = BY_NAME[name].path.format(**sids).partition("?")[0]
        encoded = {key: text.encode("utf-8", "replace") for key, text in query.items()}
        answer = as_alice.get(path, **encoded)
        assert answer.status < 500, (name, query, answer.body)
        assert str(answer.status) in here["responses"], (name, query, answer.body)

    run()
