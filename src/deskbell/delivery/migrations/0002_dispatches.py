import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_order_an_accounts_numbers"),
        ("delivery", "0001_deliveries"),
    ]

    operations = [
        migrations.CreateModel(
            name="Dispatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sid", models.CharField(max_length=34, unique=True)),
                ("call_sid", models.CharField(max_length=34)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sms", "Sms"),
                            ("message", "Message"),
                            ("email", "Email"),
                            ("fax", "Fax"),
                        ],
                        max_length=16,
                    ),
                ),
                ("sender", models.CharField(max_length=320)),
                (
                    "recipients",
                    models.JSONField(default=dict, help_text="Addresses by to, cc and bcc"),
                ),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("body", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("sending", "Sending"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                        ],
                        default="queued",
                        max_length=16,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("provider_id", models.CharField(blank=True, max_length=200)),
                (
                    "answer",
                    models.CharField(
                        blank=True, help_text="What came back, in words", max_length=500
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "dispatches",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["account", "kind", "created_at"], name="dispatches_lately")
                ],
            },
        ),
    ]
