import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kernel.crypto.fields


class Migration(migrations.Migration):
    dependencies = [
        ("contact", "0002_tell_nobody_else_who_calls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="contactrequest",
            name="closed_from",
            field=models.CharField(blank=True, db_default="", default="", max_length=10),
        ),
        migrations.CreateModel(
            name="RecordDue",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("system", models.CharField(max_length=24)),
                ("employer", models.CharField(max_length=20)),
                ("since", models.DateTimeField()),
                (
                    "settled",
                    models.CharField(
                        blank=True,
                        choices=[("", "Not Yet"), ("recorded", "Recorded"), ("not_due", "Not Due")],
                        default="",
                        max_length=10,
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True)),
                ("recorded_on", models.DateField(null=True)),
                ("detail", kernel.crypto.fields.EncryptedField(null=True)),
                ("remind_at", models.DateTimeField(null=True)),
                (
                    "holder",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="records_due",
                        to="contact.contactrequest",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("settled", "")), fields=["holder"], name="records_still_due"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("settled", "")),
                        fields=("request",),
                        name="one_record_is_due_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("detail__isnull", True),
                                ("settled", ""),
                                ("settled_at__isnull", True),
                                ("settled_by__isnull", True),
                            ),
                            models.Q(
                                models.Q(("settled", ""), _negated=True),
                                ("detail__isnull", False),
                                ("settled_at__isnull", False),
                                ("settled_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a_settled_record_says_when_by_whom_and_how",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("recorded_on__isnull", False), ("settled", "recorded")),
                            models.Q(
                                models.Q(("settled", "recorded"), _negated=True),
                                ("recorded_on__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="recorded_has_a_day_and_nothing_else_has",
                    ),
                ],
            },
        ),
    ]
