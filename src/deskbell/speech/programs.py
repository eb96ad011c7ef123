"""Keeps another program running: starts it at first use, again if it died, ends it at exit.

Engines that take long to load, or must not take us with them when they fall, live in such programs.
They read one JSON line a request, followed by as many bytes as it says in `bytes`, and answer in
the same way; `{"error": words}` says what went wrong.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from typing import IO, Any, Final

from .errors import SpeechUnavailable

_CHUNK_BYTES: Final = 1 << 16


class _DiedError(Exception):
    """The program's end of the pipes is closed."""


class Program:
    """One running program for this process; requests take turns, from any thread.

    `name` is for people; `arguments` are those of our own Python, `variables` are added to the
    program's environment.
    """

    def __init__(
        self,
        name: str,
        arguments: Sequence[str],
        *,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self._name = name
        self._arguments = tuple(arguments)
        self._variables = dict(variables or {})
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._stops = 0
        atexit.register(self.stop)
        os.register_at_fork(after_in_child=self._forget)

    @property
    def pid(self) -> int | None:
        """The program's process id, while it is meant to run."""
        return self._process.pid if self._process else None

    def ask(
        self, request: Mapping[str, object], content: bytes = b"", *, seconds: float
    ) -> tuple[dict[str, Any], bytes]:
        """What the program answers: the fields of its line, and the bytes behind it.

        Starts the program where needed, once more where it dies over the request. Raises
        SpeechUnavailable where it dies again, fails, or takes more than `seconds`.
        """
        fields = {**request, "bytes": len(content)} if content else request
        line = json.dumps(fields).encode() + b"\n" + content
        stops = self._stops
        with self._lock:
            deadline = time.monotonic() + seconds
            for _ in range(2):
                try:
                    return self._exchange(line, deadline, stops)
                except _DiedError:
                    self._end()
                except SpeechUnavailable:
                    raise
                except BaseException:
                    self._end()  # half an answer may be left in the pipe
                    raise
        raise SpeechUnavailable(f"{self._name} ended twice over one request; the log says why")

    def stop(self) -> None:
        """Ends the program at once, if it runs; the next request starts another.

        Requests that wait for it, or for their turn, raise SpeechUnavailable: an exit need not
        wait for a voice that is being loaded.
        """
        self._stops += 1
        if self._lock.acquire(blocking=False):
            try:
                self._end()
            finally:
                self._lock.release()
        elif (process := self._process) is not None:
            process.kill()  # whoever holds the lock sees its end

    def _exchange(self, line: bytes, deadline: float, stops: int) -> tuple[dict[str, Any], bytes]:
        process = self._running() if self._stops == stops else None
        if process is None or self._stops != stops:
            self._end()
            raise SpeechUnavailable(f"{self._name} was stopped")
        if process.stdin is None or process.stdout is None:
            raise _DiedError
        try:
            _write_all(process.stdin, line)
        except BrokenPipeError as error:
            raise _DiedError from error
        header, found, start = b"", b"", b""
        while not found:
            header += self._read(process.stdout.fileno(), deadline)
            header, found, start = header.partition(b"\n")
        fields: dict[str, Any] = json.loads(header)
        if "error" in fields:
            raise SpeechUnavailable(f"{self._name} cannot do this: {fields['error']}")
        sound = bytearray(start)
        while len(sound) < fields.get("bytes", 0):
            sound += self._read(process.stdout.fileno(), deadline)
        return fields, bytes(sound)

    def _read(self, descriptor: int, deadline: float) -> bytes:
        waiting = select.poll()  # unlike select(), takes descriptors beyond 1023
        waiting.register(descriptor, select.POLLIN)
        left = max(0.0, deadline - time.monotonic())
        if not waiting.poll(left * 1000):
            self._end()
            raise SpeechUnavailable(f"{self._name} did not answer in time")
        content = os.read(descriptor, _CHUNK_BYTES)
        if not content:
            raise _DiedError
        return content

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = self._start()
        return self._process

    def _start(self) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(  # noqa: S603  our own file, by our own Python
                [sys.executable, "-P", *self._arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
                env={**os.environ, **self._variables},
                start_new_session=True,  # Ctrl-C is for whom it serves, who then closes the pipe
            )
        except OSError as error:
            raise SpeechUnavailable(f"{self._name} cannot be started: {error}") from error

    def _end(self) -> None:
        process, self._process = self._process, None
        if process:
            process.kill()
            _close_pipes(process)
            process.wait()

    def _forget(self) -> None:
        """In a forked child: the program belongs to the parent, and must see the parent's end."""
        process, self._process = self._process, None
        self._lock = threading.Lock()
        if process:
            _close_pipes(process)
            process.returncode = 0  # it is no child of ours: nothing to wait for


def _write_all(pipe: IO[bytes], content: bytes) -> None:
    """A raw pipe takes a part at a time of what is large."""
    rest = memoryview(content)
    while rest:
        rest = rest[pipe.write(rest) :]


def _close_pipes(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()
