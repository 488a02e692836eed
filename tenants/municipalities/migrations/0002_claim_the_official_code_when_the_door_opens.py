"""An official code is a municipality's own from the day its door opens, no longer from the day it rehearses.

The new rule is weaker than the old, so no row can break it; both steps are one transaction, so the table is never
without one, and it has a row a municipality: the lock is held for milliseconds. The old code goes on under it.
Backwards it stops, naming the rule, while two municipalities rehearse with one code: refuse one of them first.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("municipalities", "0001_the_municipalities")]

    operations = [
        migrations.RemoveConstraint(
            model_name="municipality", name="one_municipality_for_each_official_code"
        ),
        migrations.AddConstraint(
            model_name="municipality",
            constraint=models.UniqueConstraint(
                fields=["country", "kind", "code"],
                condition=models.Q(
                    models.Q(("code", ""), _negated=True),
                    ("is_demo", False),
                    ("state__in", ("live", "suspended")),
                ),
                name="one_municipality_for_each_official_code",
            ),
        ),
    ]
