"""A code that nobody can use, asked for with an address we do not know, is counted like the others."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0002_let_the_operator_evict")]

    operations = [
        migrations.AddField(
            model_name="emailcode", name="address_hash", field=models.BinaryField(db_default=b"")
        ),
        migrations.AddField(
            model_name="emailcode",
            name="sends",
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AlterField(
            model_name="emailcode",
            name="application",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="codes",
                to="onboarding.application",
            ),
        ),
        migrations.AddIndex(
            model_name="emailcode", index=models.Index(fields=["address_hash"], name="codes_by_address")
        ),
    ]
