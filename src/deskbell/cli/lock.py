"""Locks the packages: requirements/NAME.in, written by hand, becomes NAME.txt with hashes.

The lists hold no address of any registry, so they work with a mirror too.
"""

from __future__ import annotations

import shutil
import subprocess
import sys

from deskbell.foundation.environment import ROOT

from .programs import run

_FOLDER = ROOT / "requirements"
_ORDER = (
    "run",
    "speech",
    "browser",
    "dev",
    "node",
    "lock",
)  # run first: the others are bound by it
_OPTIONS = (
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-header",
    "--no-annotate",
    "--no-emit-index-url",
    "--quiet",
)


def lock(*, upgrade: bool) -> int:
    """Writes every list anew and gives the exit code.

    Versions stay as they are where they still fit, or become the newest with `upgrade`.
    """
    uv = _uv()
    for name in _ORDER:
        argv = [uv, "pip", "compile", *_OPTIONS, *(["--upgrade"] if upgrade else [])]
        argv += [f"{name}.in", "--output-file", f"{name}.txt"]
        print(f"locking {name} …", flush=True)
        if code := run(argv, cwd=_FOLDER, stdout=subprocess.DEVNULL).returncode:
            return code
    return 0


def _uv() -> str:
    found = shutil.which("uv", path=f"{sys.prefix}/bin") or shutil.which("uv")
    if found:
        return found
    pip = [sys.executable, "-m", "pip", "install", "-q", "--require-hashes"]
    run([*pip, "-r", str(_FOLDER / "lock.txt")])
    return f"{sys.prefix}/bin/uv"
