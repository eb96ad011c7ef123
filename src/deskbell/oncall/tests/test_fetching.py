"""A calendar from an address: three hops at most, none private, and no more than is taken."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from deskbell.foundation import dialling
from deskbell.foundation.environment import environment
from deskbell.foundation.errors import InvalidInput
from deskbell.oncall import imports

CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
Answers = dict[str, tuple[int, dict[str, str], bytes]]


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Answers], str]]:
    """Another machine, which the operator allows; gives its address."""
    answers: Answers = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = answers[self.path]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002 its name there

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None: ...

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    host = f"127.0.0.1:{server.server_port}"
    allowed = dataclasses.replace(environment(), private_hosts=frozenset({host}))
    monkeypatch.setattr(dialling, "environment", lambda: allowed)

    def serve(given: Answers) -> str:
        answers.update(given)
        return f"http://{host}"

    yield serve
    server.shutdown()
    server.server_close()
    thread.join()


def test_it_is_read_where_it_has_moved_to(elsewhere: Callable[[Answers], str]) -> None:
    url = elsewhere({"/a": (302, {"Location": "/b"}, b""), "/b": (200, {}, CALENDAR)})
    assert imports.fetch(f" {url}/a ") == CALENDAR


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((404, {}, b""), "answers 404"),
        ((302, {"Location": "/a"}, b""), "answers 302"),
        ((302, {}, b""), "answers 302"),
        ((302, {"Location": "http://127.0.0.1:1/"}, b""), "private address"),
        ((302, {"Location": "http://169.254.169.254/latest"}, b""), "private address"),
        ((302, {"Location": "file:///etc/passwd"}, b""), "not a web address"),
    ],
)
def test_what_is_refused(
    elsewhere: Callable[[Answers], str], answer: tuple[int, dict[str, str], bytes], words: str
) -> None:
    url = elsewhere({"/a": answer})
    with pytest.raises(InvalidInput, match=words) as refused:
        imports.fetch(f"{url}/a")
    assert refused.value.field == "url"


def test_no_more_is_read_than_is_taken(elsewhere: Callable[[Answers], str]) -> None:
    url = elsewhere({"/a": (200, {}, b"x" * 20_000_000)})
    assert len(imports.fetch(f"{url}/a")) == 2_000_001
