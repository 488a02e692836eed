import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contact", "0006_what_stays_apart_after_a_students_no"),
        ("setup", "0007_who_may_send_files"),
    ]

    operations = [
        migrations.CreateModel(
            name="KnockBucket",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("proved", models.BooleanField()),
                ("tokens", models.FloatField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="SpentChallenge",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("digest", models.BinaryField(max_length=32)),
                ("until", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.AddField(
            model_name="contactrequest",
            name="held",
            field=models.CharField(
                blank=True,
                choices=[("", "No"), ("held", "Held"), ("let_out", "Let Out")],
                db_default="",
                default="",
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="contactrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("held", "held"), _negated=True), ("taken_by__isnull", True), _connector="OR"
                ),
                name="what_is_held_is_nobodys",
            ),
        ),
        migrations.AddField(
            model_name="knockbucket",
            name="school",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="setup.school",
            ),
        ),
        migrations.AddConstraint(
            model_name="spentchallenge",
            constraint=models.UniqueConstraint(fields=("digest",), name="a_challenge_is_spent_once"),
        ),
        migrations.AddConstraint(
            model_name="knockbucket",
            constraint=models.UniqueConstraint(fields=("school", "proved"), name="a_school_has_two_buckets"),
        ),
        migrations.AddConstraint(
            model_name="knockbucket",
            constraint=models.CheckConstraint(
                condition=models.Q(("tokens__gte", 0)), name="a_bucket_is_never_less_than_empty"
            ),
        ),
    ]
