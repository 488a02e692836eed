from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("worry", "0002_who_said_what_came_of_a_worry")]

    operations = [
        migrations.AddField(
            model_name="safetytext",
            name="about",
            field=models.CharField(
                choices=[("self", "Self"), ("friend", "Friend")],
                db_default="self",
                default="self",
                max_length=8,
            ),
        ),
        migrations.RemoveConstraint(model_name="safetytext", name="versions_of_a_safety_text_are_numbered"),
        migrations.AddConstraint(
            model_name="safetytext",
            constraint=models.UniqueConstraint(
                fields=("about", "language", "version"), name="versions_of_each_safety_text_are_numbered"
            ),
        ),
    ]
