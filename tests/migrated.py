"""Brings the database of DATABASE_URL to the last migration, for the tests' databases to copy.

`python -m tests.migrated FOLDER`, the folder that has PostgreSQL's programs. Migrating takes half a
minute of work, so what it made is kept in `var/tests/` as SQL, under a name made of all that it is
made of: whoever runs a few tests waits for it once.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import django
from django.core.management import call_command

from deskbell.foundation.environment import ROOT

KEPT = ROOT / "var" / "tests"


def main(programs: Path) -> None:
    """Fills the database, from what is kept where that is of the same migrations."""
    url = os.environ["DATABASE_URL"]
    kept = KEPT / f"migrated-{digest()}.sql"
    if kept.exists():
        run(
            programs / "psql",
            "--quiet",
            "--no-psqlrc",
            "--set=ON_ERROR_STOP=1",
            f"--file={kept}",
            url,
        )
        return
    django.setup()
    call_command("migrate", skip_checks=True, verbosity=0)
    KEPT.mkdir(parents=True, exist_ok=True)
    for old in KEPT.glob("migrated-*.sql"):
        old.unlink(missing_ok=True)
    new = KEPT / f"{os.getpid()}.new"
    run(programs / "pg_dump", f"--file={new}", url)
    new.rename(kept)


def digest() -> str:
    """Of every migration: ours, and those of the packages that are installed."""
    ours = (ROOT / "src" / "deskbell").glob("*/migrations/*.py")
    columns = ROOT / "src" / "deskbell" / "platform" / "columns.py"
    known = hashlib.sha256()
    for path in (ROOT / "requirements" / "run.txt", columns, *sorted(ours)):
        known.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return known.hexdigest()[:16]


def run(program: Path, *arguments: str) -> None:
    """Runs one of PostgreSQL's own programs."""
    subprocess.run([program, *arguments], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
