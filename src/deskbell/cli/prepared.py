"""Remembers for which code a data folder was last prepared.

Where nothing changed since, web and worker need not wait until `prepare` has looked.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from deskbell.foundation.environment import ROOT


def fingerprint(root: Path = ROOT) -> str:
    """A hash of all that can change the database's tables: our migrations and the packages."""
    sources = [*(root / "src").rglob("migrations/*.py"), root / "requirements" / "run.txt"]
    digest = hashlib.sha256()
    for path in sorted(sources):
        digest.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def is_prepared(data_dir: Path) -> bool:
    """Whether the packaged database in `data_dir` fits this code."""
    stamp = _stamp(data_dir)
    return stamp.exists() and stamp.read_text() == fingerprint()


def remember(data_dir: Path) -> None:
    """Notes that the packaged database in `data_dir` fits this code."""
    _stamp(data_dir).write_text(fingerprint())


def _stamp(data_dir: Path) -> Path:
    """In the database's own folder, so that whoever removes that removes this too."""
    return data_dir / "postgres" / "deskbell-prepared"
