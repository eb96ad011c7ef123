"""The one place from which the commands start other programs.

Every argument list is our own: none holds anything that came from a network.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from typing import Any


def spawn(argv: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
    """Starts a program without waiting for it; `options` are Popen's. Raises OSError."""
    return subprocess.Popen(list(argv), **options)  # noqa: S603 - see the module's docstring


def run(argv: Sequence[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Runs a program to its end, whatever it returns; `options` are Popen's. Raises OSError."""
    return subprocess.run(list(argv), check=False, **options)  # noqa: S603 - see above
