from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contact", "0015_a_knock_says_that_somebody_may_be_in_danger"),
    ]

    operations = [
        migrations.AddField(
            model_name="contactrequest",
            name="numbered",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
