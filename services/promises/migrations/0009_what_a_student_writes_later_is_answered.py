from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("promises", "0008_pauses_of_a_turn_count_together"),
    ]

    operations = [
        migrations.AlterField(
            model_name="promise",
            name="kind",
            field=models.CharField(
                choices=[
                    ("first_contact", "First Contact"),
                    ("retry", "Retry"),
                    ("reopened", "Reopened"),
                    ("meeting", "Meeting"),
                    ("handover", "Handover"),
                    ("worry", "Worry"),
                    ("reply", "Reply"),
                ],
                max_length=20,
            ),
        ),
    ]
