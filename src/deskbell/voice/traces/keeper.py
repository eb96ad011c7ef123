"""Keeps what calls' traces say, and their SIP messages, as JSON lines: one file a day, in UTC.

A call only puts what it has to say into a queue; reading messages, writing and deleting old files
happens in a thread, four times a second. A gateway that is killed loses what was said since.

SIP messages are kept where they belong to a call: one that comes before the trace says which
Call-ID is whose waits a while, and strangers' messages are forgotten instead of filling the disk.
"""

from __future__ import annotations

import json
import logging
import re
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from io import BufferedWriter
from pathlib import Path
from typing import Final, NamedTuple

from deskbell.foundation.logs import without_secrets

from ..signalling.flows import Flow
from ..trace import LOGGER

log = logging.getLogger(__name__)
KEPT_DAYS: Final = 14
WRITE_SECONDS: Final = 0.25
MOST_QUEUED: Final = 50_000  # some 20 MB; what comes beyond these is counted and lost
MOST_WAITING: Final = 1_000  # Call-IDs that no call has claimed yet
MOST_OF_ONE: Final = 12  # messages with one such Call-ID
CLAIM_SECONDS: Final = 60.0  # how long after a call's end its messages still belong to it
_CALL_ID = re.compile(rb"(?im)^(?:call-id|i)[ \t]*:[ \t]*([^\r\n]*?)[ \t]*\r?$")
_CSEQ = re.compile(rb"(?im)^cseq[ \t]*:[ \t]*(\d+[ \t]+[A-Za-z]+)")
_MEDIA = re.compile(rb"(?m)^m=audio (\d+) \S+ ([\d ]+)")
_HOST = re.compile(rb"(?m)^c=IN IP[46] ([^\s/]+)")
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_MAY_HAVE_SECRETS: Final = frozenset("=:/")
_DAY_SECONDS: Final = 86_400
_DIRECTION = re.compile(rb"(?m)^a=(sendrecv|sendonly|recvonly|inactive)")


class _Message(NamedTuple):
    at: float
    way: str
    data: bytes
    peer: str


_Line = dict[str, object]


class Traces(logging.Handler):
    """The traces of one gateway, in `folder`, while it is open."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.lost = 0
        self._folder = folder
        self._queue: deque[logging.LogRecord | _Message] = deque()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._sorter = _Sorter()
        self._day = 0  # since 1970
        self._file: BufferedWriter | None = None
        self._has_trouble = False

    def open(self) -> None:
        """Starts to keep what calls say."""
        logger = logging.getLogger(LOGGER)
        logger.setLevel(logging.INFO)
        logger.addHandler(self)
        self._thread = threading.Thread(target=self._run, name="traces", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Writes what is left and stops. May be called twice."""
        logging.getLogger(LOGGER).removeHandler(self)
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        super().close()

    def handle(self, record: logging.LogRecord) -> bool:
        """logging's call; without its lock, since appending to a deque needs none."""
        self._put(record)
        return True

    def on_wire(self, way: str, data: bytes, flow: Flow) -> None:
        """Takes a SIP message that came (`in`) or goes (`out`). Any thread; never waits."""
        self._put(_Message(time.time(), way, data, f"{flow.kind} {flow.host}:{flow.port}"))

    def _put(self, said: logging.LogRecord | _Message) -> None:
        if len(self._queue) < MOST_QUEUED:
            self._queue.append(said)
        else:
            self.lost += 1

    # In the thread

    def _run(self) -> None:
        while not self._stopping.wait(WRITE_SECONDS):
            self._write()
        self._write()
        if self._file is not None:
            self._file.close()

    def _write(self) -> None:
        """Writes what waits; a disk that does not take it costs lines, never a call."""
        try:
            while self._queue:
                lines = self._sorter.take(self._queue.popleft())
                for line in lines:
                    self._file_of(line).write(_as_json(line))
            if self._file is not None:
                self._file.flush()
            self._sorter.forget(time.time())
            self._has_trouble = False
        except OSError as error:
            if not self._has_trouble:
                log.warning("traces cannot be written: %s", error)
            self._has_trouble = True

    def _file_of(self, line: _Line) -> BufferedWriter:
        number = int(line["at"]) // _DAY_SECONDS  # type: ignore[call-overload]  # always a float
        if self._file is None or number > self._day:
            day = datetime.fromtimestamp(number * _DAY_SECONDS, UTC).date()
            if self._file is not None:
                self._file.close()
                self._file = None
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file = (self._folder / f"{day}.jsonl").open("ab")
            self._day = number
            self._delete_before(day - timedelta(days=KEPT_DAYS))
        return self._file

    def _delete_before(self, first: date) -> None:
        for path in self._folder.glob("????-??-??.jsonl"):
            if path.stem < str(first):
                path.unlink(missing_ok=True)


class _Sorter:
    """Turns what was said into lines, each with its call's sid."""

    def __init__(self) -> None:
        self._sids: dict[str, str] = {}
        self._ids: dict[str, list[str]] = {}
        self._over: deque[tuple[float, str]] = deque()
        self._waiting: OrderedDict[str, list[_Line]] = OrderedDict()

    def take(self, said: logging.LogRecord | _Message) -> Iterable[_Line]:
        """The lines to write now."""
        return self._message(said) if isinstance(said, _Message) else self._record(said)

    def forget(self, now: float) -> None:
        """Lets go of calls that are long over."""
        while self._over and self._over[0][0] < now - CLAIM_SECONDS:
            for call_id in self._ids.pop(self._over.popleft()[1], ()):
                self._sids.pop(call_id, None)

    def _record(self, record: logging.LogRecord) -> list[_Line]:
        sid, event = getattr(record, "sid", ""), getattr(record, "event", "")
        facts = getattr(record, "facts", {})
        line: _Line = {"at": round(record.created, 3), "call": sid, "event": event}
        if record.levelno >= logging.WARNING:
            line["warning"] = True
        line |= {name: _plain(value) for name, value in facts.items() if name not in line}
        lines = [line]
        if "sip_call_id" in facts:
            lines += self._claimed(sid, str(facts["sip_call_id"]))
        if event == "over":
            self._over.append((record.created, sid))
        return lines

    def _claimed(self, sid: str, call_id: str) -> list[_Line]:
        self._sids[call_id] = sid
        self._ids.setdefault(sid, []).append(call_id)
        return [line | {"call": sid} for line in self._waiting.pop(call_id, ())]

    def _message(self, message: _Message) -> list[_Line]:
        head, _, body = message.data.partition(b"\r\n\r\n")
        found = _CALL_ID.search(head)
        if found is None:
            return []
        call_id = _text(found.group(1))
        cseq = _CSEQ.search(head)
        line: _Line = {
            "at": round(message.at, 3),
            "call": self._sids.get(call_id, ""),
            "event": "sip",
            "way": message.way,
            "line": _text(head.partition(b"\r\n")[0]),
            "cseq": " ".join(_text(cseq.group(1)).split()) if cseq else "",
            "peer": message.peer,
        }
        if body and (media := _media(body)):
            line["media"] = media
        if line["call"]:
            return [line]
        self._wait(call_id, line)
        return []

    def _wait(self, call_id: str, line: _Line) -> None:
        waiting = self._waiting.setdefault(call_id, [])
        if len(waiting) < MOST_OF_ONE:
            waiting.append(line)
        if len(self._waiting) > MOST_WAITING:
            self._waiting.popitem(last=False)


def _media(body: bytes) -> str:
    """What SDP says of audio, in short: `192.0.2.1:20000 0 8 101 sendrecv`."""
    audio = _MEDIA.search(body)
    if audio is None:
        return ""
    host = _HOST.search(body, audio.end()) or _HOST.search(body)
    direction = _DIRECTION.search(body, audio.end()) or _DIRECTION.search(body)
    address = f"{_text(host.group(1)) if host else '?'}:{_text(audio.group(1))}"
    way = _text(direction.group(1)) if direction else "sendrecv"
    return f"{address} {_text(audio.group(2)).strip()} {way}"


def _text(data: bytes) -> str:
    return data.decode(errors="replace")


def _plain(value: object) -> object:
    """A fact as JSON has it, without secrets."""
    if isinstance(value, bool | int) or value is None:
        return value
    if isinstance(value, float):
        return round(value, 3)
    text = str(value)
    return text if _MAY_HAVE_SECRETS.isdisjoint(text) else without_secrets(text)


def _as_json(line: _Line) -> bytes:
    return _ENCODER.encode(line).encode() + b"\n"
