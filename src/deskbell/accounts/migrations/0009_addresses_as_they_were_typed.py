from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_addresses_in_small_letters"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="user", name="one_user_per_email"),
        migrations.AlterField(
            model_name="user",
            name="email",
            field=models.EmailField(
                help_text="As it is looked up, in small letters", max_length=254, unique=True
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="typed_email",
            field=models.EmailField(default="", help_text="As it was typed", max_length=254),
            preserve_default=False,
        ),
        migrations.RunSQL("UPDATE accounts_user SET typed_email = email", migrations.RunSQL.noop),
    ]
