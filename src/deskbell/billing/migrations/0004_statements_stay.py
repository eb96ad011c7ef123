"""Statements and their lines are written once; nothing changes them, whatever asks for it."""

from __future__ import annotations

from django.db import migrations, models

REFUSE = """
CREATE FUNCTION billing_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A statement stays as it was made' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER statements_stay BEFORE UPDATE ON billing_statement
    FOR EACH ROW EXECUTE FUNCTION billing_stays();
CREATE TRIGGER lines_stay BEFORE UPDATE ON billing_statementline
    FOR EACH ROW EXECUTE FUNCTION billing_stays();
"""
ALLOW = """
DROP TRIGGER statements_stay ON billing_statement;
DROP TRIGGER lines_stay ON billing_statementline;
DROP FUNCTION billing_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0003_wires_and_checks"),
    ]

    operations = [
        migrations.AddField(
            model_name="statementline",
            name="increment_seconds",
            field=models.PositiveSmallIntegerField(
                default=0, help_text="What its calls' time was rounded up to"
            ),
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
