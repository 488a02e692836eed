from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contact", "0001_the_contact_request"),
    ]

    operations = [
        migrations.AddField(
            model_name="contactrequest",
            name="discreet",
            field=models.BooleanField(db_default=True, default=True),
        ),
    ]
