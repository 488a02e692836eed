import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A column that may be empty: the code before this one writes rows without it, and they mean version 1."""

    dependencies = [
        ("crypto", "0001_first_tables"),
    ]

    operations = [
        migrations.AddField(
            model_name="casekey",
            name="wrapped_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="crypto.municipalitykey",
            ),
        ),
    ]
