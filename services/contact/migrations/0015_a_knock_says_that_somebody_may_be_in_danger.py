from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contact", "0014_a_contact_can_be_taken_back"),
    ]

    operations = [
        migrations.AddField(
            model_name="wish",
            name="is_grave",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
