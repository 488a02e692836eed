from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("crypto", "0002_a_case_key_says_what_wraps_it"),
    ]

    operations = [
        migrations.AddField(
            model_name="municipalitykey",
            name="note",
            field=models.BinaryField(null=True),
        ),
    ]
