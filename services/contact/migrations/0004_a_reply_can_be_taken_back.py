from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contact", "0003_what_the_law_wants_recorded_elsewhere"),
    ]

    operations = [
        migrations.AddField(
            model_name="conversationmessage",
            name="visible_at",
            field=models.DateTimeField(null=True),
        ),
    ]
