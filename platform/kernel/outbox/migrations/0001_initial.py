import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kernel.clock


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("cause", models.CharField(max_length=120)),
                ("recipient", models.CharField(max_length=64)),
                ("channel", models.CharField(default="email", max_length=10)),
                ("template", models.CharField(max_length=80)),
                ("language", models.CharField(max_length=10)),
                ("sealed", models.BinaryField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                            ("skipped", "Skipped"),
                        ],
                        default="queued",
                        max_length=8,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(default=kernel.clock.this_minute)),
                ("last_error", models.CharField(blank=True, max_length=80)),
                ("created_at", models.DateTimeField(default=kernel.clock.this_minute)),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "queued")),
                        fields=["next_attempt_at"],
                        name="messages_to_send",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("cause", "recipient", "channel"), name="a_cause_is_told_once_to_each"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sent"), _negated=True),
                            models.Q(("sealed__isnull", True), ("sent_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_sent_message_keeps_no_content",
                    ),
                ],
            },
        ),
    ]
