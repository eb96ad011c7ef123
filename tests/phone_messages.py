"""SIP messages as the test phone reads and writes them: text in, text out, and digest answers."""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import Any

Headers = dict[str, list[str]]
ALLOW = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK, REFER, NOTIFY"
REASONS = {
    100: "Trying",
    180: "Ringing",
    183: "Session Progress",
    200: "OK",
    202: "Accepted",
    481: "Call/Transaction Does Not Exist",
    486: "Busy Here",
    487: "Request Terminated",
}


@dataclass
class Answer:
    """A SIP response: its code, its headers by lower-case name, its body."""

    code: int
    headers: Headers
    body: str


@dataclass
class Request:
    """A SIP request: its method and URI, its headers by lower-case name, its body."""

    method: str
    uri: str
    headers: Headers
    body: str

    def header(self, name: str) -> str:
        """The first value of a header, empty where there is none."""
        return self.headers.get(name.lower(), [""])[0]


def parse(data: bytes) -> Answer | Request:
    """A message as it came."""
    head, _, body = data.decode(errors="replace").partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    headers: Headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers.setdefault(name.strip().lower(), []).append(value.strip())
    if first.startswith("SIP/2.0"):
        return Answer(int(first.split()[1]), headers, body)
    method, uri, *_ = [*first.split(" "), ""]
    return Request(method, uri, headers, body)


def written(first: str, lines: list[str], body: str = "", kind: str = "application/sdp") -> bytes:
    """A message as it goes out."""
    if body:
        lines = [*lines, f"Content-Type: {kind}"]
    size = len(body.encode())
    return "\r\n".join([first, *lines, f"Content-Length: {size}", "", body]).encode()


def reply_to(
    request: Request,
    code: int,
    *,
    contact: str = "",
    tag: str = "",
    headers: tuple[str, ...] = (),
    body: str = "",
) -> bytes:
    """The answer to a request, as it goes out."""
    to = request.header("to")
    lines = [f"Via: {via}" for via in request.headers["via"]]
    lines += [f"Record-Route: {route}" for route in request.headers.get("record-route", [])]
    lines += [
        f"From: {request.header('from')}",
        f"To: {to}" + (f";tag={tag}" if tag and not tag_of(to) else ""),
        f"Call-ID: {request.header('call-id')}",
        f"CSeq: {request.header('cseq')}",
        *([f"Contact: <{contact}>"] if contact else []),
        f"Allow: {ALLOW}",
        *headers,
    ]
    return written(f"SIP/2.0 {code} {REASONS.get(code, 'No')}", lines, body)


def tag_of(value: str) -> str:
    """The tag of a From or To header."""
    found = re.search(r";tag=([^;>\s]+)", value)
    return found.group(1) if found else ""


def uri_of(value: str) -> str:
    """The URI of an address header."""
    found = re.search(r"<([^>]*)>", value)
    return found.group(1) if found else value.partition(";")[0].strip()


def new_branch() -> str:
    """A branch of our own."""
    return "z9hG4bK" + secrets.token_hex(6)


def authorization(challenge: str, *, user: str, password: str, method: str, uri: str) -> str:
    """The answer to a digest challenge (RFC 2617, MD5 with qop=auth)."""
    found = dict(re.findall(r'(\w+)="?([^",]+)"?', challenge.partition(" ")[2]))
    realm, nonce, cnonce, count = found["realm"], found["nonce"], secrets.token_hex(4), "00000001"

    def md5(text: str) -> str:
        return hashlib.md5(text.encode()).hexdigest()

    proof = [md5(f"{user}:{realm}:{password}"), nonce, md5(f"{method}:{uri}")]
    parts = f'username="{user}", realm="{realm}", nonce="{nonce}", uri="{uri}", algorithm=MD5'
    if "qop" in found:
        proof[2:2] = [count, cnonce, "auth"]
        parts += f', qop=auth, nc={count}, cnonce="{cnonce}"'
    return f'Digest {parts}, response="{md5(":".join(proof))}"'


class Stream(asyncio.Protocol):
    """SIP over TCP, cut into messages."""

    def __init__(self, receive: Any) -> None:
        self._receive = receive
        self._buffer = b""

    def data_received(self, data: bytes) -> None:
        """asyncio's call."""
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            head, _, rest = self._buffer.partition(b"\r\n\r\n")
            found = re.search(rb"(?im)^content-length:\s*(\d+)", head)
            size = int(found.group(1)) if found else 0
            if len(rest) < size:
                return
            self._receive(head + b"\r\n\r\n" + rest[:size])
            self._buffer = rest[size:]
