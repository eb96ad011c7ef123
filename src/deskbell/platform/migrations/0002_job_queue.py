"""The job queue's own tables, types and functions, as the installed pgqueuer declares them."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment


def install(_apps: Any, editor: Any) -> None:
    editor.execute(QueryBuilderEnvironment().build_install_query(create_schema=False))


def uninstall(_apps: Any, editor: Any) -> None:
    editor.execute(QueryBuilderEnvironment().build_uninstall_query())


class Migration(migrations.Migration):
    dependencies = [("platform", "0001_account_versions")]
    operations = [migrations.RunPython(install, uninstall)]
