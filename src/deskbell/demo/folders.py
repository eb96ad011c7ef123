"""What the demo receives is kept as files in the data folder, the newest few hundred."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from deskbell.foundation.environment import environment

KEPT = 300


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of received things, each a file named by when it came."""

    name: str
    suffix: str

    @property
    def path(self) -> Path:
        """Where it lies; made at the first use."""
        path = environment().data_dir / "demo" / self.name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def keep(self, content: bytes) -> str:
        """Keeps `content` and forgets the oldest beyond 300; gives its name."""
        name = str(time.time_ns())
        fresh = self.path / f".{name}"
        fresh.write_bytes(content)
        fresh.rename(self.path / f"{name}{self.suffix}")
        for old in self.names()[KEPT:]:
            (self.path / f"{old}{self.suffix}").unlink(missing_ok=True)
        return name

    def names(self) -> list[str]:
        """The names of what is kept, newest first."""
        return sorted((path.stem for path in self.path.glob(f"[0-9]*{self.suffix}")), reverse=True)

    def read(self, name: str) -> bytes | None:
        """What was kept under a name; None for anything that is not there."""
        path = self.path / f"{name}{self.suffix}"
        return path.read_bytes() if name.isdigit() and path.exists() else None


MAILBOX = Folder("mailbox", ".eml")
WEBHOOKS = Folder("webhooks", ".json")
TEXTS = Folder("texts", ".json")
