"""Tests run on a PostgreSQL of their own, thrown away at the end.

The controller starts it before the workers of xdist do, and passes them its address.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

_STATE: dict[str, object] = {}


def pytest_configure(config: pytest.Config) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "deskbell.config.settings"
    if hasattr(config, "workerinput") or "DESKBELL_TEST_FOLDER" in os.environ:
        return
    folder = Path(tempfile.mkdtemp(prefix="deskbell-test-"))
    folder.chmod(0o755)
    os.environ["DESKBELL_TEST_FOLDER"] = str(folder)
    os.environ["DESKBELL_DATA_DIR"] = str(folder / "data")
    os.environ["DESKBELL_DEMO"] = "1"
    from deskbell.cli.postgres import start

    server = start(folder / "postgres", for_tests=True)
    os.environ["DATABASE_URL"] = server.url
    _STATE.update(server=server, folder=folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    server = _STATE.pop("server", None)
    if server is not None:
        server.stop()  # type: ignore[attr-defined]
        shutil.rmtree(str(_STATE.pop("folder")), ignore_errors=True)
