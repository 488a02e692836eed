import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kernel.crypto.fields


class Migration(migrations.Migration):
    dependencies = [
        ("contact", "0003_what_the_law_wants_recorded_elsewhere"),
        ("desk", "0001_private_notes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(choices=[("reply", "Reply"), ("note", "Note")], max_length=8)),
                ("text", kernel.crypto.fields.EncryptedField()),
                ("saved_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="contact.contactrequest",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("account", "request", "kind"), name="one_draft_a_person_request_and_kind"
                    )
                ],
            },
        ),
    ]
