import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("setup", "0005_how_soon_one_meets"),
    ]

    operations = [
        migrations.CreateModel(
            name="CannedReply",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("titles", models.JSONField()),
                ("texts", models.JSONField()),
                ("order", models.PositiveSmallIntegerField(default=0)),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="setup.helperrole"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
