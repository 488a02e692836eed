"""Promises that were given before there were reminders get their first one half way."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("promises", "0002_reminders_and_what_the_lead_says")]

    operations = [
        migrations.RunSQL(
            "UPDATE promises_promise SET remind_at = opened_at + (due_at - opened_at) / 2 "
            "WHERE kept_at IS NULL AND broken_at IS NULL AND ended_at IS NULL AND remind_at IS NULL",
            migrations.RunSQL.noop,
        )
    ]
