"""What must be true before `up` starts anything: found out early, said in one line.

Everything here raises CannotStart (or the foundation's InvalidInput), with what to do about it.
"""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from deskbell.foundation.environment import Address, Environment, read_environment
from deskbell.foundation.errors import DeskbellError

OLDEST_POSTGRES = 14
_LEFTOVER_SECONDS = 10.0


class CannotStart(DeskbellError):
    """Something on this machine is in the way; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class Port:
    """A port that one of our processes is going to listen on."""

    address: Address
    option: str
    kind: socket.SocketKind

    def problem(self) -> str:
        """Why it cannot be listened on, as the end of a sentence; empty where it can."""
        try:
            family, _, _, _, where = socket.getaddrinfo(
                self.address.host, self.address.port, type=self.kind, flags=socket.AI_PASSIVE
            )[0]
            with socket.socket(family, self.kind) as trial:
                if self.kind is socket.SOCK_STREAM:
                    trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                trial.bind(where)
                if self.kind is socket.SOCK_STREAM:
                    trial.listen()
        except OSError as error:
            return _why(error)
        return ""


def _why(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "is taken by another program"
    if error.errno == errno.EACCES:
        return "may be used by root only"
    if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return "is not an address of this machine"
    return f"cannot be used ({error})"


def read_settings(variables: Mapping[str, str]) -> Environment:
    """The settings from `variables`; makes the data folder. Raises InvalidInput, CannotStart."""
    try:
        found = read_environment(variables)
        (found.data_dir / "run").mkdir(exist_ok=True)
        trial = found.data_dir / "run" / f"trial.{os.getpid()}"
        trial.touch()
        trial.unlink()
    except OSError as error:
        folder = variables.get("DESKBELL_DATA_DIR") or "var/"
        raise CannotStart(
            f"the data folder {folder} cannot be written ({error.strerror}); "
            "choose another with --data-dir"
        ) from error
    if found.rtp.first <= found.sip.port <= found.rtp.last:
        raise CannotStart(
            f"--sip's port {found.sip.port} lies within --rtp's range; choose another for either"
        )
    return found


class DataLock:
    """Held while `up` runs on a data folder, so that two never share one."""

    def __init__(self, data_dir: Path) -> None:
        path = data_dir / "run" / "up.lock"
        self._file: IO[str] = path.open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.seek(0)
            pid = self._file.read().strip()
            self._file.close()
            raise CannotStart(
                f"Deskbell is already running on {data_dir} (process {pid}); "
                "stop it, or choose another --data-dir"
            ) from error
        self._file.seek(0)
        self.was_left = bool(self._file.read().strip())  # the last one was killed, not stopped
        self._write(str(os.getpid()))

    def release(self) -> None:
        """Lets the next one start."""
        self._write("")
        self._file.close()

    def _write(self, text: str) -> None:
        self._file.seek(0)
        self._file.truncate()
        self._file.write(text)
        self._file.flush()


def ports_of(settings: Environment) -> list[Port]:
    """Every fixed port that `up`'s processes listen on."""
    return [
        Port(settings.http, "--http", socket.SOCK_STREAM),
        Port(settings.sip, "--sip", socket.SOCK_DGRAM),
        Port(settings.sip, "--sip", socket.SOCK_STREAM),
        Port(settings.voice_http, "--voice-http", socket.SOCK_STREAM),
    ]


def check_ports(ports: list[Port], *, patient: bool) -> None:
    """Raises CannotStart, naming the first port that cannot be listened on and its option.

    `patient` waits some seconds: the processes of an `up` that was killed are just ending.
    """
    deadline = time.monotonic() + (_LEFTOVER_SECONDS if patient else 0.0)
    for port in ports:
        while problem := port.problem():
            if time.monotonic() >= deadline:
                kind = "UDP" if port.kind is socket.SOCK_DGRAM else "TCP"
                raise CannotStart(
                    f"{kind} {port.address} {problem}; choose another with {port.option} HOST:PORT"
                )
            time.sleep(0.1)


def free_port(host: str = "127.0.0.1") -> int:
    """A TCP port that nobody listens on just now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
        trial.bind((host, 0))
        port: int = trial.getsockname()[1]
        return port


def check_speech() -> None:
    """Raises CannotStart where nothing on this machine can speak."""
    from deskbell import speech

    if not speech.engines():
        raise CannotStart(
            "nothing here can speak; install Piper (.venv/bin/pip install -r "
            "requirements/speech.txt) or eSpeak NG (Debian: apt install espeak-ng)"
        )


def check_database(url: str) -> None:
    """Raises CannotStart where the PostgreSQL at `url` does not answer or is too old."""
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            version = connection.info.server_version
    except (psycopg.Error, UnicodeError) as error:
        said = " ".join(str(error).split())
        raise CannotStart(f"the PostgreSQL of DATABASE_URL does not let us in: {said}") from error
    if version // 10000 < OLDEST_POSTGRES:
        raise CannotStart(
            f"the PostgreSQL of DATABASE_URL is version {version // 10000}; "
            f"Deskbell needs {OLDEST_POSTGRES} or newer"
        )
