"""What tests of the Auto Attendant API share: a client with a sid and token, and what is alike.

Examples of seed 002 are compared whole: `ANY_TIME` and `any_sid("AN")` stand for what differs from
run to run, everything else has to be as it is written there.
"""

from __future__ import annotations

import base64
import json
import re
import struct
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from django.test import Client

from deskbell.accounts.actions import make_user_token
from deskbell.accounts.models import User

BASE = "/autoattendant/"
JSON = "application/json"


class Like:
    """Equal to every text that a pattern matches whole."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and re.fullmatch(self.pattern, other) is not None

    def __hash__(self) -> int:
        return hash(self.pattern)

    def __repr__(self) -> str:
        return f"like {self.pattern}"


ANY_TIME = Like(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000")


def any_sid(prefix: str) -> Like:
    """Equal to every sid with the prefix."""
    return Like(prefix + "[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: Any
    headers: Any

    @property
    def data(self) -> Any:
        """The data of an answer that says it went well."""
        assert self.status == 200, self.body
        return self.body["data"]

    @property
    def sid(self) -> str:
        """The sid of what was made or read."""
        return str(self.data["sid"])

    @property
    def code(self) -> str:
        """The code of a failure."""
        assert self.status != 200, self.body
        return str(self.body["errorCode"])


def basic(pair: str | bytes) -> dict[str, str]:
    """The header that signs in with a sid:token pair."""
    raw = pair if isinstance(pair, bytes) else pair.encode()
    return {"Authorization": f"Basic {base64.b64encode(raw).decode()}"}


class Api:
    """A program that calls the API as one person, or (None) as nobody."""

    def __init__(self, user: User | None, at: datetime) -> None:
        self.pair = f"{user.sid}:{make_user_token(user=user, at=at)}" if user else ""
        self.client = Client(headers=basic(self.pair) if user else {})

    def get(self, path: str, **query: Any) -> Answer:
        """Reads; a path may bring its own query."""
        return _answer(self.client.get(BASE + path, query or None))

    def post(self, path: str, body: Any) -> Answer:
        """Creates."""
        return _answer(self.client.post(BASE + path, body, content_type=JSON))

    def put(self, path: str, body: Any) -> Answer:
        """Changes."""
        return _answer(self.client.put(BASE + path, body, content_type=JSON))

    def delete(self, path: str) -> Answer:
        """Deletes."""
        return _answer(self.client.delete(BASE + path))

    def send(self, method: str, path: str, body: Any = None) -> Answer:
        """Any of them by its name; a body that is bytes goes as it is."""
        raw = (
            body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        )
        return _answer(self.client.generic(method.upper(), BASE + path, raw, content_type=JSON))

    def upload(self, sid: str, wav: bytes) -> Answer:
        """Sends an announcement's file."""
        file = BytesIO(wav)
        file.name = "sound.wav"
        return _answer(self.client.post(f"{BASE}file/announcement/{sid}", {"file": file}))


def _answer(response: Any) -> Answer:
    kind = response.headers.get("Content-Type", "")
    body = json.loads(response.content) if kind.startswith(JSON) else response.content
    return Answer(response.status_code, body, response.headers)


def sound(seconds: float = 0.2, *, rate: int = 8000, channels: int = 1, loud: int = 8000) -> bytes:
    """A WAV file with a square wave in 16-bit PCM."""
    frames = int(seconds * rate)
    wave = b"".join(
        struct.pack("<h", loud if frame // 20 % 2 else -loud) * channels for frame in range(frames)
    )
    block = 2 * channels
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, channels, rate, rate * block, block, 16)
    body = b"WAVE" + form + struct.pack("<4sI", b"data", len(wave)) + wave
    return struct.pack("<4sI", b"RIFF", len(body)) + body
