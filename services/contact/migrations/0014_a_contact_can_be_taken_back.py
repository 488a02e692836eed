from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contact", "0013_a_friend_may_write"),
    ]

    operations = [
        migrations.AddField(
            model_name="contactattempt",
            name="visible_at",
            field=models.DateTimeField(null=True),
        ),
    ]
