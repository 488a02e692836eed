from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("promises", "0007_a_pause_has_a_longest_end")]

    operations = [
        migrations.AddField(
            model_name="promisepause",
            name="turn_since",
            field=models.DateTimeField(null=True),
        ),
    ]
