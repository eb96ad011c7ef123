"""One step between the database and all that uses it, in one process, because loading Django
takes most of a second: migrations, the demo, the spoken prompts."""

from __future__ import annotations

import os

from deskbell.foundation.environment import environment
from deskbell.foundation.loading import loading
from deskbell.foundation.logs import set_up_logging

_SHOWN = 50


def prepare() -> int:
    """Brings the database and the prompts up to date; what is done already is not done again.

    Takes everything from the environment. Prints progress. Gives the exit code.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskbell.config.settings")
    set_up_logging(debug=environment().debug, as_json=environment().logs_as_json)
    import django

    with loading():
        django.setup()
    _migrate()
    if environment().demo:
        from deskbell.demo.fill import fill_demo

        fill_demo()
    from deskbell.attendant.actions import prepare_prompts

    prepare_prompts(_show)
    return 0


def _show(done: int, total: int, text: str) -> None:
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    print(f"Speaking {done + 1} of {total}: {shown}", flush=True)


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    todo = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not todo:
        return
    print(f"Bringing the database up to date: {len(todo)} steps …", flush=True)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
