"""Every school that is there already gets its readable address, open ones first. Some dozens of rows a municipality.

A school that the code of before opens meanwhile has none until it is renamed: its poster leads to the first screen.
"""

from django.db import migrations
from django.db.models import F

from tenants.setup.school_addresses import candidates


def give(apps, schema_editor):
    here = schema_editor.connection.alias
    addresses = apps.get_model("setup", "SchoolAddress").objects.using(here)
    taken = set(addresses.values_list("slug", flat=True))
    without = (
        apps.get_model("setup", "School").objects.using(here).exclude(pk__in=addresses.values("school_id"))
    )
    for school in without.order_by(F("closed_on").desc(nulls_first=True), "opened_on", "name"):
        slug = next(one for one in candidates(school.name, school.register_code) if one not in taken)
        taken.add(slug)
        addresses.create(school=school, slug=slug, is_current=True)


class Migration(migrations.Migration):
    dependencies = [("setup", "0008_a_school_has_an_address_that_stays")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
