"""Where our requests may go, how long they may take, and how much may come back."""

from __future__ import annotations

import dataclasses
import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from deskbell.foundation import dialling, http
from deskbell.foundation.environment import environment
from deskbell.foundation.errors import Refused, Unreachable

Behaviour = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def serving(behave: Behaviour) -> Iterator[tuple[int, list[BaseHTTPRequestHandler]]]:
    """A real HTTP server on a free port of 127.0.0.1, and the requests that reached it."""
    seen: list[BaseHTTPRequestHandler] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self)
            behave(self)

        do_POST = do_GET  # noqa: N815 its name there

        def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002 its name there

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None: ...

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server.server_port, seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answer(
    handler: BaseHTTPRequestHandler, status: int = 200, body: bytes = b"ok", **headers: str
) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def allow(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Has the operator allow a private host:port."""

    def set_to(host: str) -> None:
        changed = dataclasses.replace(environment(), private_hosts=frozenset({host}))
        monkeypatch.setattr(dialling, "environment", lambda: changed)

    return set_to


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "localhost",
        "LOCALHOST",
        "[::1]",
        "[::]",
        "[fe80::1]",
        "[fd00::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:a9fe:a9fe]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::1]",
        "user:password@127.0.0.1",
        "example.com@127.0.0.1",
    ],
)
def test_a_private_address_is_refused_however_it_is_written(host: str) -> None:
    with serving(answer) as (port, seen):
        with pytest.raises(Refused, match=r"private address|not a web address"):
            http.request("GET", f"http://{host}:{port}/", timeout=5)
        with pytest.raises(Refused):
            http.check_public(f"http://{host}:{port}/")
    assert seen == []


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111", "64:ff9b::808:808"])
def test_public_addresses_are_public(address: str) -> None:
    assert dialling.is_public(address)


def test_a_name_with_one_private_address_among_public_ones_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def both(host: str, port: int, **options: object) -> list[object]:
        return [(2, 1, 6, "", ("93.184.215.14", port)), (2, 1, 6, "", ("10.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with pytest.raises(Refused, match=r"two\.example leads to a private address"):
        http.request("GET", "http://two.example/")


def test_the_operator_can_allow_a_host_and_port(allow: Callable[[str], None]) -> None:
    with serving(lambda handler: answer(handler, 201, b"made", X_Kind="One")) as (port, seen):
        allow(f"127.0.0.1:{port}")
        got = http.request("POST", f"http://127.0.0.1:{port}/a?b=c", body=b"{}")
        with pytest.raises(Refused):
            http.request("GET", f"http://localhost:{port}/")
    assert (got.status, got.body, got.headers["x-kind"]) == (201, b"made", "One")
    [handler] = seen
    assert (handler.path, handler.headers["Host"]) == ("/a?b=c", f"127.0.0.1:{port}")
    assert handler.headers["Content-Length"] == "2"


def test_redirects_are_not_followed(allow: Callable[[str], None]) -> None:
    away = {"Location": "http://169.254.169.254/latest"}
    with serving(lambda handler: answer(handler, 302, b"", **away)) as (port, seen):
        allow(f"127.0.0.1:{port}")
        assert http.request("GET", f"http://127.0.0.1:{port}/").status == 302
    assert len(seen) == 1


def test_proxies_of_the_environment_are_not_used(
    allow: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    with serving(answer) as (port, _):
        allow(f"127.0.0.1:{port}")
        assert http.request("GET", f"http://127.0.0.1:{port}/").status == 200
        assert http.ask_internal("GET", f"http://127.0.0.1:{port}/").status == 200


def test_the_name_and_password_of_an_address_are_sent(allow: Callable[[str], None]) -> None:
    with serving(answer) as (port, seen):
        allow(f"127.0.0.1:{port}")
        http.request("GET", f"http://acme:s%40fe@127.0.0.1:{port}/")
    assert seen[0].headers["Authorization"] == "Basic YWNtZTpzQGZl"


def drip(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    with pytest.raises(OSError, match=r"."):
        while True:
            handler.wfile.write(b".")
            time.sleep(0.05)


def drip_headers(handler: BaseHTTPRequestHandler) -> None:
    with pytest.raises(OSError, match=r"."):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            handler.wfile.write(b"X-Slow: 1\r\n")
            time.sleep(0.05)


def hang(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.settimeout(5)
    handler.rfile.read(1)


@pytest.mark.parametrize("slow", [drip, drip_headers, hang])
def test_a_slow_answer_is_given_up_in_time(allow: Callable[[str], None], slow: Behaviour) -> None:
    with serving(slow) as (port, _):
        allow(f"127.0.0.1:{port}")
        began = time.monotonic()
        with pytest.raises(http.NoAnswer, match=r"127\.0\.0\.1 gave no whole answer"):
            http.request("GET", f"http://127.0.0.1:{port}/", timeout=0.4)
        assert time.monotonic() - began < 2


def test_a_giant_answer_is_cut(allow: Callable[[str], None]) -> None:
    def flood(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"x" * 65536)

    with serving(flood) as (port, _):
        allow(f"127.0.0.1:{port}")
        got = http.request("GET", f"http://127.0.0.1:{port}/")
    assert len(got.body) == http.MAX_ANSWER_BYTES


def test_a_packed_answer_is_not_unpacked(allow: Callable[[str], None]) -> None:
    bomb = gzip.compress(b"\0" * 10_000_000)
    with serving(lambda handler: answer(handler, 200, bomb, Content_Encoding="gzip")) as (port, _):
        allow(f"127.0.0.1:{port}")
        assert http.request("GET", f"http://127.0.0.1:{port}/").body == bomb


def test_a_connection_cut_in_the_middle_may_have_been_acted_upon(
    allow: Callable[[str], None],
) -> None:
    def cut(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100")
        handler.end_headers()
        handler.wfile.write(b"half")

    with serving(cut) as (port, _):
        allow(f"127.0.0.1:{port}")
        with pytest.raises(http.NoAnswer):
            http.request("GET", f"http://127.0.0.1:{port}/")


def test_nothing_listening_is_unreachable_and_nothing_was_sent(
    allow: Callable[[str], None],
) -> None:
    with socket.socket() as held:  # bound and not listening: nobody else gets the port
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        allow(f"127.0.0.1:{port}")
        with pytest.raises(Unreachable, match=r"127\.0\.0\.1 cannot be reached") as caught:
            http.request("GET", f"http://127.0.0.1:{port}/")
    assert not isinstance(caught.value, http.NoAnswer)


def test_a_name_that_is_none_is_unreachable_but_may_be_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nobody(*args: object, **options: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    with pytest.raises(Unreachable, match=r"cannot be found"):
        http.request("GET", "https://nowhere.example/")
    http.check_public("https://nowhere.example/")


def test_a_resolver_that_hangs_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    free = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: free.wait(5) and [])
    began = time.monotonic()
    with pytest.raises(Unreachable, match=r"not found in time"):
        http.request("GET", "http://slow.example/", timeout=0.2)
    free.set()
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "url",
    ["", "example.com", "ftp://example.com/", "file:///etc/passwd", "http://", "http://[::1", "/a"],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(Refused, match=r"not a web address"):
        http.request("GET", url)


def test_a_header_that_smuggles_another_is_refused(allow: Callable[[str], None]) -> None:
    with serving(answer) as (port, seen):
        allow(f"127.0.0.1:{port}")
        with pytest.raises(Refused, match=r"cannot be asked"):
            http.request("GET", f"http://127.0.0.1:{port}/", headers={"X-A": "b\r\nX-C: d"})
    assert seen == []
