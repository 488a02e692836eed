"""A friend to worry about is no longer the last but one, and there is a topic more: what a municipality has said of a
topic, and not put in an order of its own, follows. At most a dozen rows a municipality.

The order is that of all topics or of none: a municipality that chose one has every number as it chose it, and keeps it.
"""

from django.db import migrations

BEFORE = [
    "home",
    "sleep",
    "friends",
    "love",
    "body",
    "school",
    "bullying",
    "hurt",
    "money",
    "drugs",
    "wrong_school",
    "worried",
    "else",
]
AFTER = [
    "home",
    "sleep",
    "friends",
    "worried",
    "heavy",
    "love",
    "body",
    "school",
    "bullying",
    "hurt",
    "money",
    "drugs",
    "wrong_school",
    "else",
]


def follow(before, after):
    def move(apps, schema_editor):
        rows = apps.get_model("setup", "Topic").objects.using(schema_editor.connection.alias)
        known = list(rows.filter(school=None, key__in=before))
        if any(row.order != before.index(row.key) for row in known):
            return
        for row in known:
            if row.key in after:
                row.order = after.index(row.key)
                row.save(update_fields=["order"])

    return move


class Migration(migrations.Migration):
    dependencies = [("setup", "0014_set_up_warns_of_gaps_or_refuses_them")]

    operations = [migrations.RunPython(follow(BEFORE, AFTER), follow(AFTER, BEFORE))]
