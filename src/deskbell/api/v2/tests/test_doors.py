"""Everything below /api/v2 answers in JSON, whatever is asked, and describes itself."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client, override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskbell.api.reference import words_of
from deskbell.api.v2 import shapes

URL = "/api/v2/messages"
NAMES = ["from_date", "to_date", "page", "per_page", "status", "q", "updated_since", "other"]
KINDS = st.one_of(
    st.text(),
    st.integers().map(str),
    st.dates().map(lambda day: day.strftime("%m-%d-%Y")),
    st.datetimes(timezones=st.timezones()).map(lambda at: at.isoformat()),
    st.sampled_from(["new", "acknowledged", "%", "_", "\\", "'", "\0", "NaN", "1e400"]),
)


@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(query=st.dictionaries(st.sampled_from(NAMES), KINDS, max_size=4))
def test_no_query_breaks_the_list(acme_client: Client, query: dict[str, str]) -> None:
    answer = acme_client.get(
        URL, {name: text.encode("utf-8", "replace") for name, text in query.items()}
    )
    assert answer.status_code in {200, 422}, answer.content
    if answer.status_code == 422:
        assert answer.json()["error"].removeprefix("Invalid parameter: ") in query


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(raw=st.text(st.characters(max_codepoint=127, categories=["L", "N", "P", "S"]), max_size=40))
def test_no_raw_query_string_breaks_the_list(acme_client: Client, raw: str) -> None:
    answer = acme_client.get(URL, QUERY_STRING=raw)
    assert answer.status_code in {200, 422}, answer.content


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", URL, "GET, HEAD, OPTIONS"),
        ("DELETE", f"{URL}/1", "GET, HEAD, OPTIONS"),
        ("GET", f"{URL}/1/acknowledge", "OPTIONS, POST"),
        ("HEAD", f"{URL}/1/acknowledge", "OPTIONS, POST"),
        ("PATCH", "/api/v2/docs", "GET, HEAD, OPTIONS"),
    ],
)
def test_other_methods(acme_client: Client, method: str, path: str, allowed: str) -> None:
    answer = acme_client.generic(method, path)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == allowed
    if method != "HEAD":
        assert answer.json() == {"error": "Method not allowed"}
    options = acme_client.options(path)
    assert (options.status_code, options.headers["Allow"]) == (204, allowed)


def test_head_is_get_without_the_body(acme_client: Client) -> None:
    get, head = acme_client.get(URL), acme_client.head(URL)
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["Content-Length"] == get.headers["Content-Length"]
    assert head.headers["X-Total-Count"] == "0"


@pytest.mark.parametrize(
    "path", ["nothing", "messages/", "messages/1/", "messages//", "%00", "../v2"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_paths_that_are_none(db: None, method: str, path: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.generic(method, f"/api/v2/{path}")
    assert (answer.status_code, answer.json()) == (404, {"error": "Not found"})


def test_no_cookie_check_stands_before_a_token(acme_client: Client) -> None:
    acme_client.handler.enforce_csrf_checks = True
    assert acme_client.post(f"{URL}/1/acknowledge").status_code == 404


def test_a_fault_of_ours_is_a_400_in_the_log(
    acme_client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_args: Any) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("deskbell.api.v2.rows.answer_of", broken)
    answer = acme_client.get(URL)
    assert answer.status_code == 400
    assert "secret" not in answer.json()["error"]
    assert "secret detail" in caplog.text


def test_the_description_says_what_a_call_takes(db: None, client: Client) -> None:
    described = client.get("/api/v2/openapi.json").json()
    listed = described["paths"]["/api/v2/messages"]["get"]
    assert [each["name"] for each in listed["parameters"]] == [
        "from_date", "to_date", "status", "q", "updated_since", "page", "per_page",
    ]  # fmt: skip
    assert listed["x-scope"] == "messages:read"
    assert listed["security"] == [{"Bearer": []}]
    assert described["components"]["securitySchemes"]["Bearer"] == {
        "type": "http", "scheme": "bearer",
    }  # fmt: skip


def test_the_example_has_the_shape_it_explains() -> None:
    assert list(shapes.EXAMPLE) == list(shapes.Message.model_fields)
    shapes.Message.model_validate(shapes.EXAMPLE)


@pytest.mark.parametrize("here", ["found", "absent"])
def test_the_reference_loads_nothing_from_elsewhere(
    db: None, client: Client, here: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if here == "absent":
        monkeypatch.setattr("deskbell.api.reference.FRAMES", ["api/plain.html"])
    answer = client.get("/api/v2/docs")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "from_date" in page
    assert "escalation_level_id" in page
    assert 'id="TokenFault"' in page
    assert 'id="Filters"' not in page
    assert "//cdn" not in page
    assert "<style" not in page
    assert " style=" not in page
    assert not [part for part in page.split("<script")[1:] if not part.startswith(' src="/')]
    assert client.get("/api/v2/").headers["Location"] == "/api/v2/docs"


def test_types_are_told_in_words() -> None:
    nullable = {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]}
    assert words_of(nullable) == "time or null"
    assert words_of({"type": "array", "items": {"$ref": "#/components/schemas/Message"}}) == (
        "list of Message"
    )
    assert words_of({"enum": ["new", "read"]}) == '"new", "read"'
    assert words_of({}) == "anything"


@override_settings(ALLOWED_HOSTS=["portal.example.com"])
def test_links_lead_to_the_host_that_was_asked(acme_client: Client) -> None:
    answer = acme_client.get(URL, headers={"Host": "portal.example.com"})
    assert answer.headers["Link"].startswith("<http://portal.example.com/api/v2/messages?")
