"""No log row, no content."""

import pytest
from django.db import DatabaseError, connection, transaction

from kernel.actor import MACHINE
from kernel.audit.models import Entry, ReadEntry
from kernel.audit.operations import reading, record
from kernel.tenancy import inside
from tests.cast import World

pytestmark = pytest.mark.django_db


def test_a_reading_exists_only_with_its_row(world: World) -> None:
    with inside(world.alpha):
        before = ReadEntry.objects.count()
        reading(by=MACHINE, case_key_id=world.alpha_uuid, what="conversation", why="test")
        assert ReadEntry.objects.count() == before + 1


@pytest.mark.parametrize("table", ["audit_entry", "audit_readentry"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_itself_refuses_to_change_the_record(world: World, table: str, statement: str) -> None:
    with inside(world.alpha):
        record(by=MACHINE, verb="test.act", kind="test", object_id="1")
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(table))


def test_a_record_refuses_to_be_changed_in_python_too(world: World) -> None:
    with inside(world.alpha):
        record(by=MACHINE, verb="test.act", kind="test", object_id="1")
        entry = Entry.objects.latest("at", "id")
        entry.verb = "test.other"
        with pytest.raises(TypeError):
            entry.save()
        with pytest.raises(TypeError):
            entry.delete()
