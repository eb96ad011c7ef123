"""Tests run on a PostgreSQL of their own, thrown away at the end.

The controller starts it before the workers of xdist start, and they find it in the environment.
Migrating takes longest of all, so it is done once (`tests.migrated`), while the workers read the
tests, and each worker's database is a copy.
"""

from __future__ import annotations

import gc
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes is the machine's matter, and a timing is never a test.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

pytest_plugins = ["tests.cast"]
_started: dict[str, Any] = {}


def pytest_configure(config: pytest.Config) -> None:
    if "DESKBELL_TEST_FOLDER" not in os.environ:
        _start()
        if config.getoption("numprocesses", None):
            _migrate()
    os.environ["DJANGO_SETTINGS_MODULE"] = "deskbell.config.settings"
    from django.conf import settings as django_settings

    django_settings._setup()  # pytest-django sets Django up once settings are there
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast
    # Every client of a test would read all static files first.
    django_settings.WHITENOISE_AUTOREFRESH = True


def _start() -> None:
    from deskbell.cli.postgres import start

    folder = Path(tempfile.mkdtemp(prefix="deskbell-test-"))
    folder.chmod(0o755)
    (folder / "data").mkdir()
    server = start(folder / "postgres", for_tests=True)
    _started.update(server=server, folder=folder)
    os.environ.update(
        DESKBELL_TEST_FOLDER=str(folder),
        DESKBELL_DATA_DIR=str(folder / "data"),
        DESKBELL_DEMO="1",
        DESKBELL_PRIVATE_HOSTS="localhost:8000",  # where the demo's webhooks come back to
        DATABASE_URL=server.url,
    )


def _migrate() -> None:
    """Begins to make the database that is copied; its last word is a file."""
    root = Path(__file__).parent
    programs = Path(_started["server"].launch.argv[0]).parent
    make = shlex.join([sys.executable, "-m", "tests.migrated", str(programs)])
    _started["migrating"] = subprocess.Popen(
        ["sh", "-c", f"{make} >migrating 2>&1; mv migrating migrated.$?"],
        cwd=_folder(),
        env=os.environ
        | {
            "PYTHONPATH": f"{root / 'src'}:{root}",
            "DJANGO_SETTINGS_MODULE": "deskbell.config.settings",
        },
    )


def _folder() -> Path:
    return Path(os.environ["DESKBELL_TEST_FOLDER"])


def _wait_until_migrated() -> None:
    """Where no test's time runs."""
    if "server" in _started and "migrating" not in _started:
        _migrate()
    while not (ended := list(_folder().glob("migrated.*"))):
        time.sleep(0.1)
    if ended[0].suffix != ".0":
        pytest.exit(f"the tests' database cannot be migrated: {ended[0].read_text()}", 3)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """A test's database is a copy of the one that is migrated."""
    from django.db import connection

    _wait_until_migrated()
    connection.settings_dict["TEST"]["TEMPLATE"] = connection.settings_dict["NAME"]


@pytest.fixture(autouse=True)
def empty_queue(request: pytest.FixtureRequest) -> Iterator[None]:
    """Empties the queue after a test that commits: Django flushes only tables that have models."""
    yield
    marker = request.node.get_closest_marker("django_db")
    commits = bool(marker and marker.kwargs.get("transaction"))
    if commits or {"transactional_db", "live_server"} & set(request.fixturenames):
        from django.db import connection

        with request.getfixturevalue("django_db_blocker").unblock(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE pgqueuer, pgqueuer_log")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys first: they take longest, and short tests then keep every worker busy to the end."""
    items.sort(key=lambda item: item.get_closest_marker("journey") is None)
    for item in items:
        # The first of them fills a demo, and on a busy machine the others wait for it for minutes.
        if "house" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.timeout(1200))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Reads all views before a test stops the clock: each keeps the clock that it was read with.

    The tests themselves stay until the end, so no test looks for garbage among them.
    """
    if any(item.get_closest_marker("django_db") for item in session.items):
        from django.urls import resolve

        resolve("/")
        _wait_until_migrated()
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    if "migrating" in _started:
        _started.pop("migrating").wait()
    if "server" in _started:
        _started.pop("server").stop()
        shutil.rmtree(_started.pop("folder"), ignore_errors=True)
        os.environ.pop("DESKBELL_TEST_FOLDER")
