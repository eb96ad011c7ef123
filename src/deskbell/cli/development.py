"""What developers run: the tests, the checks, the benchmarks."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Sequence

from deskbell.foundation.environment import ROOT
from deskbell.foundation.errors import InvalidInput

from .assets import build_assets
from .output import Log
from .programs import run

_IMPORT_LINTER = "from importlinter.cli import lint_imports_command as run; run(['--no-logo'])"


def test(arguments: Sequence[str]) -> int:
    """Runs pytest on every core, or with `arguments`; pytest's closing lines come last.

    The pages' assets are bundled first, so that no two tests do it at once. Calls run in real
    time and leave the cores idle meanwhile, so three workers share two cores. Journeys come first
    (`conftest.py`), each file on one worker.
    """
    asyncio.run(build_assets(Log()))
    workers = str(max(2, (os.cpu_count() or 1) * 3 // 2))
    spread = ["-n", workers, "--dist", "loadfile", "--no-loadscope-reorder"]
    return _run([sys.executable, "-m", "pytest", *spread, *arguments])


def check() -> int:
    """Runs every check, also after one has failed; gives 1 if any did."""
    python = sys.executable
    checks = (
        ("style", [python, "-m", "ruff", "check", "."]),
        ("layout", [python, "-m", "ruff", "format", "--check", "."]),
        ("floors", [python, "-c", _IMPORT_LINTER]),
        ("types", [python, "-m", "mypy"]),
    )
    failed = []
    with tempfile.TemporaryDirectory(prefix="deskbell-check-") as data_dir:
        for name, argv in checks:
            print(f"── {name}", flush=True)
            began = time.monotonic()
            # Settings are read by the type checker's plug-in, and want a data folder.
            if _run(argv, DESKBELL_DATA_DIR=data_dir):
                failed.append(name)
            print(f"   {time.monotonic() - began:.1f} s", flush=True)
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed", flush=True)
    return 1 if failed else 0


def fix() -> int:
    """Puts style and layout right where that can be done by machine."""
    first = _run([sys.executable, "-m", "ruff", "check", "--fix", "."])
    return _run([sys.executable, "-m", "ruff", "format", "."]) or first


def bench(arguments: Sequence[str]) -> int:
    """Runs bench/NAME.py with the arguments after NAME. Raises InvalidInput for another NAME."""
    folder = ROOT / "bench"
    names = sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))
    if not arguments or arguments[0] not in names:
        raise InvalidInput(f"bench takes one of: {', '.join(names) or 'nothing is measured yet'}")
    return _run([sys.executable, str(folder / f"{arguments[0]}.py"), *arguments[1:]])


def _run(argv: Sequence[str], **variables: str) -> int:
    sys.stdout.flush()
    return run(argv, cwd=ROOT, env=dict(os.environ) | variables).returncode
