from django.db import migrations, models
from django.db.models import deletion

# What is due stands at the door that the holder gave the request on from; else where the request is. What an older
# release writes meanwhile stays empty, which means the door of the request.
AT_ITS_DOOR = """
UPDATE contact_recorddue due SET role_id = given.from_role_id, school_id = given.from_school_id
FROM contact_handover given
WHERE due.role_id IS NULL AND given.request_id = due.request_id AND given.from_account_id = due.holder_id
  AND given.accepted_at >= due.since AND given.state IN ('accepted', 'contacted', 'over')
  AND NOT EXISTS (
    SELECT 1 FROM contact_handover older
    WHERE older.request_id = given.request_id AND older.from_account_id = given.from_account_id
      AND older.accepted_at >= due.since AND older.state IN ('accepted', 'contacted', 'over')
      AND older.number < given.number);
UPDATE contact_recorddue due SET role_id = request.role_id, school_id = request.school_id
FROM contact_contactrequest request
WHERE due.role_id IS NULL AND request.id = due.request_id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("contact", "0007_a_flood_buries_nobody"),
    ]

    operations = [
        migrations.AddField(
            model_name="recorddue",
            name="role",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=deletion.PROTECT,
                related_name="+",
                to="setup.helperrole",
            ),
        ),
        migrations.AddField(
            model_name="recorddue",
            name="school",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=deletion.PROTECT,
                related_name="+",
                to="setup.school",
            ),
        ),
        migrations.AddConstraint(
            model_name="recorddue",
            constraint=models.UniqueConstraint(
                condition=models.Q(("settled", "")),
                fields=("request", "role", "school"),
                name="one_record_is_due_at_a_time_of_a_door",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="recorddue",
            name="one_record_is_due_at_a_time",
        ),
        migrations.RunSQL(AT_ITS_DOOR, migrations.RunSQL.noop),
    ]
