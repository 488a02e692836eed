from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_the_languages_somebody_answers_in"),
    ]

    operations = [
        migrations.AddField(
            model_name="identityprovider",
            name="purpose",
            field=models.CharField(
                choices=[("staff", "Staff"), ("students", "Students")],
                db_default="staff",
                default="staff",
                max_length=10,
            ),
        ),
        migrations.RemoveConstraint(
            model_name="identityprovider",
            name="an_issuer_is_on_once",
        ),
        migrations.AddConstraint(
            model_name="identityprovider",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_on", True)),
                fields=("issuer", "purpose"),
                name="an_issuer_is_on_once_for_each_purpose",
            ),
        ),
        migrations.AddConstraint(
            model_name="identityprovider",
            constraint=models.CheckConstraint(
                condition=models.Q(("purpose", "students"), _negated=True) | models.Q(("claim_posts", [])),
                name="what_students_show_gives_no_post",
            ),
        ),
    ]
