from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contact", "0005_handovers_and_recusals"),
    ]

    operations = [
        migrations.AddField(
            model_name="conversationmessage",
            name="is_apart",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="handover",
            name="accepted_after",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="handover",
            name="returned",
            field=models.CharField(
                blank=True,
                choices=[("", "Not"), ("nothing", "Nothing"), ("unread", "Unread"), ("all", "All")],
                db_default="",
                default="",
                max_length=7,
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(("returned", ""))
                | models.Q(("accepted_at__isnull", False), ("state", "refused")),
                name="only_what_was_taken_over_comes_back",
            ),
        ),
    ]
