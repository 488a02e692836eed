"""The school's own address beside its name. Filled by the pass that publishes, within ten minutes; "" until then."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0003_count_codes_of_strangers_too")]

    operations = [
        migrations.AddField(
            model_name="publishedschool",
            name="slug",
            field=models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
    ]
