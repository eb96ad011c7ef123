"""A press of its own for long documents: a process that prints one and ends.

Typst keeps what it has laid out for as long as its process lives; after a hundred volumes that is
gigabytes.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Final

from deskbell.foundation.errors import InvalidInput

from .printing import ROOT

_LOOK_SECONDS: Final = 0.3


def printed_apart(
    template: Path, data: Mapping[str, Any], *, meanwhile: Callable[[], object]
) -> bytes:
    """As `pdf`, by another process, whose memory is given back. Takes about 0.3 s more.

    `template` lies within the package. `meanwhile` is called a few times a second; what it raises
    ends the process and is raised here. Raises InvalidInput where it cannot be printed.
    """
    command = [sys.executable, "-m", "deskbell.paper", str(template.relative_to(ROOT))]
    # By a file: once it has timed out, `communicate` writes no more into a pipe (CPython 3.11).
    with TemporaryFile("w+") as given:
        json.dump(data, given)
        given.seek(0)
        with subprocess.Popen(  # noqa: S603 - this very program
            command, stdin=given, stdout=subprocess.PIPE, cwd=ROOT.parent
        ) as press:
            try:
                printed = _printed(press, meanwhile)
            except BaseException:
                press.kill()
                raise
    if press.returncode:
        raise InvalidInput("This cannot be printed: choose another format.")
    return printed


def _printed(press: subprocess.Popen[bytes], meanwhile: Callable[[], object]) -> bytes:
    while True:
        try:
            return press.communicate(timeout=_LOOK_SECONDS)[0]
        except subprocess.TimeoutExpired:
            meanwhile()
