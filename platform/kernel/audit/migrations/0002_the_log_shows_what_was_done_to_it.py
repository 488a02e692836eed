from django.db import migrations, models


class Migration(migrations.Migration):
    """Columns that may be empty (the code before this one writes none), and a table."""

    dependencies = [
        ("audit", "0001_first_tables"),
    ]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="proof",
            field=models.BinaryField(max_length=32, null=True),
        ),
        migrations.AddField(
            model_name="readentry",
            name="proof",
            field=models.BinaryField(max_length=32, null=True),
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=[("write", "Write"), ("read", "Read")], max_length=5)),
                ("row_id", models.BigIntegerField()),
                ("hash", models.BinaryField(max_length=32)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "row_id"), name="a_row_is_linked_once"),
                ],
            },
        ),
    ]
