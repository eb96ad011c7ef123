from typing import Any

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import deskbell.accounts.models.people

OLD = ("account_management", "oncall_calendar", "call_recording")


def keep_accesses(apps: Any, _: Any) -> None:
    """Takes what memberships had as columns into the one list."""
    for each in apps.get_model("accounts", "Membership").objects.all():
        held = {name for name in OLD if getattr(each, name)}
        each.accesses = sorted(held | set(each.accesses))
        each.save(update_fields=["accesses"])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_count_uses_by_the_minute"),
    ]

    operations = [
        migrations.CreateModel(
            name="Picture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "sha256",
                    models.CharField(help_text="Of `content`, in hex", max_length=64, unique=True),
                ),
                ("content", models.BinaryField(help_text="WebP, without metadata")),
                ("width", models.PositiveSmallIntegerField()),
                ("height", models.PositiveSmallIntegerField()),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="account",
            name="about",
            field=models.TextField(blank=True, help_text="What receptionists should know of it"),
        ),
        migrations.AddField(
            model_name="account",
            name="address",
            field=models.TextField(blank=True, help_text="As on a letter, in lines"),
        ),
        migrations.AddField(
            model_name="account",
            name="colour",
            field=models.CharField(blank=True, help_text="#rrggbb, beside its logo", max_length=7),
        ),
        migrations.AddField(
            model_name="account",
            name="company_email",
            field=models.EmailField(blank=True, max_length=254),
        ),
        migrations.AddField(
            model_name="account",
            name="company_name",
            field=models.CharField(blank=True, help_text="Said and shown for it", max_length=200),
        ),
        migrations.AddField(
            model_name="account",
            name="company_phone",
            field=models.CharField(blank=True, max_length=32),
        ),
        migrations.AddField(
            model_name="account",
            name="requires_mfa",
            field=models.BooleanField(
                default=False, help_text="Whoever enters the account needs a second factor"
            ),
        ),
        migrations.AddField(
            model_name="account",
            name="website",
            field=models.URLField(blank=True),
        ),
        migrations.AddField(
            model_name="apitoken",
            name="created_by",
            field=models.EmailField(blank=True, max_length=254),
        ),
        migrations.AddField(
            model_name="membership",
            name="accesses",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=32),
                blank=True,
                default=deskbell.accounts.models.people.default_accesses,
                size=None,
            ),
        ),
        migrations.RunPython(keep_accesses, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name="membership",
            name="account_management",
        ),
        migrations.RemoveField(
            model_name="membership",
            name="call_recording",
        ),
        migrations.RemoveField(
            model_name="membership",
            name="oncall_calendar",
        ),
        migrations.AddField(
            model_name="phonenumber",
            name="about",
            field=models.TextField(blank=True, help_text="What receptionists should know of it"),
        ),
        migrations.AddField(
            model_name="phonenumber",
            name="address",
            field=models.TextField(blank=True, help_text="As on a letter, in lines"),
        ),
        migrations.AddField(
            model_name="phonenumber",
            name="colour",
            field=models.CharField(blank=True, help_text="#rrggbb, beside its logo", max_length=7),
        ),
        migrations.AddField(
            model_name="phonenumber",
            name="company_email",
            field=models.EmailField(blank=True, max_length=254),
        ),
        migrations.AddField(
            model_name="phonenumber",
            name="company_phone",
            field=models.CharField(blank=True, max_length=32),
        ),
        migrations.AddField(
            model_name="phonenumber",
            name="website",
            field=models.URLField(blank=True),
        ),
        migrations.AddField(
            model_name="user",
            name="notices",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=32),
                blank=True,
                default=list,
                help_text="Mails that are wanted",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="primary_number",
            field=models.CharField(blank=True, help_text="E.164", max_length=17),
        ),
        migrations.AddField(
            model_name="user",
            name="secondary_numbers",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=17), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="time_zone",
            field=models.CharField(
                blank=True, help_text="IANA name; blank: the account's", max_length=64
            ),
        ),
        migrations.AddField(
            model_name="usertoken",
            name="name",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name="usertoken",
            name="use_count",
            field=models.BigIntegerField(default=0),
        ),
        migrations.CreateModel(
            name="EmailChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="email_changes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "staff",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Client"),
                            ("receptionist", "Receptionist"),
                            ("operator", "Operator"),
                        ],
                        max_length=16,
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("name", models.CharField(blank=True, max_length=200)),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("BG_ADMIN", "Enterprise admin"),
                            ("AA_ADMIN", "Attendant admin"),
                            ("", "No role"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "accesses",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=32),
                        blank=True,
                        default=deskbell.accounts.models.people.default_accesses,
                        size=None,
                    ),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("invited_by", models.EmailField(max_length=254)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="accounts.account",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AccessRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("email", models.EmailField(max_length=254)),
                ("company", models.CharField(blank=True, max_length=200)),
                ("phone", models.CharField(blank=True, max_length=32)),
                ("words", models.TextField(blank=True)),
                ("address", models.CharField(help_text="Where it was asked from", max_length=64)),
                ("created_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decided_by", models.EmailField(blank=True, max_length=254)),
                (
                    "invitation",
                    models.ForeignKey(
                        blank=True,
                        help_text="None where it was declined",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.invitation",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="account",
            name="logo",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="accounts.picture",
            ),
        ),
        migrations.AddField(
            model_name="phonenumber",
            name="logo",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="accounts.picture",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="picture",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="accounts.picture",
            ),
        ),
        migrations.CreateModel(
            name="WrongSignIns",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "email",
                    models.CharField(help_text="As it was typed, in lower case", max_length=254),
                ),
                (
                    "address",
                    models.CharField(help_text="IPv6: its network of 64 bits", max_length=64),
                ),
                ("began_at", models.DateTimeField(help_text="When the hour began")),
                ("last_at", models.DateTimeField()),
                ("count", models.PositiveIntegerField()),
            ],
            options={
                "verbose_name_plural": "wrong sign-ins",
                "indexes": [models.Index(fields=["last_at"], name="wrong_sign_ins_by_age")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("email", "address", "began_at"), name="one_count_of_wrong_sign_ins"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="invitation",
            index=models.Index(fields=["account", "created_at"], name="invitations_of_account"),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("account", None), ("staff__gt", "")),
                    models.Q(("account__gt", 0), ("staff", "")),
                    _connector="OR",
                ),
                name="invited_to_one_thing",
            ),
        ),
        migrations.AddIndex(
            model_name="accessrequest",
            index=models.Index(fields=["decided_at", "created_at"], name="requests_for_access"),
        ),
    ]
