"""The spool: a folder of faxes from which a program of the operator's own sends.

Each fax is `KEY.pdf` and beside it `KEY.json` with its numbers. The second appears last and whole,
so a program that looks for it never meets half a fax.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from deskbell.delivery.transport import Outcome, delivered
from deskbell.foundation.errors import Unreachable

from .providers import Fax


@dataclass(frozen=True, slots=True)
class Spool:
    """A folder on this machine."""

    folder: Path
    label: str = "The fax spool"

    def send(self, fax: Fax) -> Outcome:
        """Puts the fax into the folder; the same key again replaces it."""
        about = {"key": fax.key, "to": fax.to, "from": fax.sender, "pdf": f"{fax.key}.pdf"}
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._put(f"{fax.key}.pdf", fax.pdf)
            self._put(f"{fax.key}.json", json.dumps(about, indent=2).encode() + b"\n")
        except OSError as error:
            raise Unreachable(f"The fax spool cannot be written: {error.strerror}") from error
        return delivered(
            "Put into the fax spool, from which a program of yours sends it",
            provider_id=fax.key,
            sender=fax.sender,
        )

    def _put(self, name: str, content: bytes) -> None:
        part = self.folder / f".{name}.part"
        part.write_bytes(content)
        part.replace(self.folder / name)
