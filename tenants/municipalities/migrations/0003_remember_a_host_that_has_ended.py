from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("municipalities", "0002_claim_the_official_code_when_the_door_opens")]

    operations = [
        migrations.AddField(model_name="domain", name="ended_at", field=models.DateTimeField(null=True)),
    ]
