"""A running `./deskbell up` for journeys: what it says, when it is ready, how it ends."""

from __future__ import annotations

import random
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence

from tests.patience import PATIENCE


class Running:
    """A process with what it has said so far.

    With `gives_way` it lets go first what others do, such as calls that are heard in real time.
    """

    def __init__(
        self,
        argv: Sequence[str],
        variables: Mapping[str, str],
        *,
        folder: str,
        gives_way: bool = False,
    ) -> None:
        self.began = time.monotonic()
        self.said: list[str] = []
        self._news = threading.Condition()
        self.process = subprocess.Popen(
            ["nice", "-n", "10", *argv] if gives_way else argv,
            cwd=folder,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            with self._news:
                self.said.append(line.rstrip("\n"))
                self._news.notify_all()
        with self._news:
            self._news.notify_all()

    def wait_for(self, text: str, seconds: float) -> float:
        """Waits until it has said `text`; gives the seconds since its start."""

        def said_or_over() -> bool:
            return any(text in line for line in self.said) or not self._reader.is_alive()

        deadline = time.monotonic() + seconds * PATIENCE
        with self._news:
            while not said_or_over() and time.monotonic() < deadline:
                self._news.wait(1.0)
        assert any(text in line for line in self.said), "\n".join(self.said[-60:])
        return time.monotonic() - self.began

    def stop(self) -> int:
        """Asks it to stop as Ctrl-C and init do; gives its exit code."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(60 * PATIENCE)
        finally:
            self.kill()

    def kill(self) -> None:
        """Ends it if it has not ended, and everything that this process holds of it."""
        self.process.kill()
        self.process.wait()
        self._reader.join(10)
        assert self.process.stdout
        self.process.stdout.close()


def rtp_range(size: int) -> str:
    """So many UDP ports for audio, below those that the kernel gives to whoever asks for any."""
    first = random.randrange(12_000, 32_000 - size, 200)
    return f"{first}-{first + size - 1}"


def free_ports(count: int) -> list[int]:
    """TCP ports that nobody listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports
