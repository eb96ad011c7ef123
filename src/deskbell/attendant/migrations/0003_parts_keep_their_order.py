from django.db import migrations, models

PLACE = "Its place where a plan gave it one; those without come after"


class Migration(migrations.Migration):
    dependencies = [("attendant", "0002_drafts_publications_and_emergencies")]

    operations = [
        migrations.AddField(
            model_name=name,
            name="position",
            field=models.IntegerField(help_text=PLACE, null=True),
        )
        for name in ("announcement", "system", "menu")
    ]
