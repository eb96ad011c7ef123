from typing import Any

from django.db import migrations
from django.db.models.functions import Lower

KEPT = ("User", "Invitation", "EmailChange", "AccessRequest")


def lower_addresses(apps: Any, _: Any) -> None:
    """Keeps addresses as they are looked up; no two people differ only by capitals already."""
    for name in KEPT:
        apps.get_model("accounts", name).objects.update(email=Lower("email"))


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_count_tries_and_know_devices"),
    ]

    operations = [
        migrations.RunPython(lower_addresses, migrations.RunPython.noop),
    ]
