"""The call flow counts the newest steps of an account each time it is looked at."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attendant", "0003_parts_keep_their_order"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="callstep",
            index=models.Index(fields=["account", "at"], name="steps_lately"),
        ),
    ]
