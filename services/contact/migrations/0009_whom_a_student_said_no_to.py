from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contact", "0008_a_record_is_due_of_a_door"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="handover",
            index=models.Index(
                condition=models.Q(("state", "refused")),
                fields=["accepted_by"],
                name="handovers_a_student_said_no_to",
            ),
        ),
    ]
