"""Rows, querysets, signed values, cache keys and files remember whose they are."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.core.exceptions import SuspiciousFileOperation

from kernel.actor import MACHINE
from kernel.audit.models import Entry
from kernel.audit.operations import record
from kernel.crypto.models import CaseKey
from kernel.tenancy import WrongMunicipality, cache_key, front, inside, signing, storage
from kernel.tenancy.storage import MunicipalityStorage
from tests.kernel.tenancy.ground import SAME_ID, made_at, mark, pair

__all__ = ["pair"]


def test_a_row_of_one_cannot_be_saved_deleted_or_refreshed_in_another(pair, db):
    one, other = pair
    with inside(one):
        row = CaseKey.objects.get(pk=SAME_ID)
        fresh = CaseKey.objects.create(made_at=mark(3), destroyed_at=mark(3))
    for mine in (row, fresh):
        for act in (mine.save, mine.delete, mine.refresh_from_db):
            with inside(other), pytest.raises(WrongMunicipality, match="CaseKey belongs to"):
                act()
            with front(), pytest.raises(WrongMunicipality, match="no municipality"):
                act()
    with inside(other):
        assert made_at() == mark(1)
    with inside(one):
        row.made_at = mark(2)
        row.save()
        assert made_at() == mark(2)


def test_a_queryset_of_one_is_refused_in_another_whatever_is_asked_of_it(pair, db):
    one, other = pair
    with inside(one):
        rows = CaseKey.objects.filter(pk=SAME_ID)
    asked = (
        lambda: list(rows), rows.count, rows.exists, rows.first, rows.get, rows.delete, lambda: rows[0],
        lambda: rows.update(made_at=mark(9)), lambda: list(rows.iterator()), lambda: rows.filter(pk=SAME_ID),
        lambda: list(rows.values_list("pk")), lambda: rows.aggregate(), lambda: list(rows | rows), rows.all,
        lambda: list(CaseKey.objects.filter(pk__in=rows.values("pk"))), lambda: rows.in_bulk(), rows.explain,
    )  # fmt: skip
    with inside(other):
        for ask in asked:
            with pytest.raises(WrongMunicipality):
                ask()
        assert made_at() == mark(1)


def test_a_queryset_written_at_import_belongs_where_its_copy_is_made(pair, db):
    everywhere = CaseKey.objects.all()
    for number, ref in enumerate(pair):
        with inside(ref):
            assert [row.made_at for row in everywhere.all()] == [mark(number)]
            with pytest.raises(WrongMunicipality, match="outside of every municipality"):
                list(everywhere)


def test_records_are_added_and_never_changed(pair, db):
    with inside(pair[0]):
        record(by=MACHINE, verb="try", kind="thing", object_id=1)
        entry = Entry.objects.get(verb="try")
        for act in (entry.save, entry.delete):
            with pytest.raises(TypeError, match="is a record"):
                act()


def test_a_signed_value_is_worth_nothing_elsewhere_for_another_purpose_or_later(pair):
    one, other = pair
    with inside(one):
        text = signing.dumps({"id": 1}, purpose="visit")
        assert signing.loads(text, purpose="visit", max_age=timedelta(minutes=1)) == {"id": 1}
        with pytest.raises(signing.BadSignature):
            signing.loads(text, purpose="invitation")
        with pytest.raises(signing.BadSignature):
            signing.loads(text, purpose="visit", max_age=timedelta(0))
        with pytest.raises(signing.BadSignature):
            signing.loads(text[:-1] + ("A" if text[-1] != "A" else "B"), purpose="visit")
    for place in (inside(other), front()):
        with place, pytest.raises(signing.BadSignature):
            signing.loads(text, purpose="visit")


def test_a_cached_value_is_its_municipalitys(pair, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "KEY_FUNCTION": "kernel.tenancy.cache_key",
        }
    }
    cache: LocMemCache = caches["default"]
    for number, ref in enumerate(pair):
        with inside(ref):
            cache.set("key", number)
    assert cache.get("key") is None
    for number, ref in enumerate(pair):
        with inside(ref):
            assert cache.get("key") == number
    assert cache_key("key", "", 1) == "public::1:key"


def test_a_file_lies_in_its_municipalitys_folder_and_cannot_climb_out(pair, tmp_path):
    files = MunicipalityStorage(location=tmp_path)
    with inside(pair[0]):
        assert storage.path("logos", "a.png") == f"{pair[0].schema}/logos/a.png"
        assert files.path("a.png") == str(tmp_path / pair[0].schema / "a.png")
        for name in ("../x", "/etc/passwd", "a/../../x", "", "a\0b"):
            with pytest.raises(SuspiciousFileOperation):
                storage.path(name)
        with pytest.raises(NotImplementedError):
            files.url("a.png")
