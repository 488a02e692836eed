"""Keys are changed under load, stopped in the middle, taken up again; and everything opens, always."""

import base64
import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from django.db.models import ProtectedError

from kernel import clock
from kernel.actor import MACHINE, NOBODY, student
from kernel.audit.models import Entry
from kernel.crypto import keys, operations, rotation
from kernel.crypto.models import CaseKey, MunicipalityKey
from kernel.errors import NotAllowed
from kernel.tenancy import inside
from services.contact import operations as contact
from services.contact.models import ContactRequest
from tests.cast import World
from tests.server import CLONE
from tests.services.contact.committed import Place, committed

WORDS = "Jeg vil snakke med noen"
NOW = timedelta(0)


@pytest.fixture
def place(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Place]:
    with django_db_blocker.unblock(), committed("rotasjon") as made:
        yield made
        keys.forget_keys()


def knock(place: Place) -> uuid.UUID:
    return contact.knock(
        by=student(None),
        idempotency_key=uuid.uuid4().hex,
        school_id=place.school,
        role_id=place.role,
        channel_kind="conversation",
        message=WORDS,
        language="nb",
    ).request_id


def everything_opens(place: Place) -> int:
    with inside(place.ref):
        ids = list(ContactRequest.objects.values_list("pk", flat=True))
        for pk in ids:
            opened = contact.read_conversation(by=student(pk), request_id=pk)
            assert WORDS in [line.text for line in opened.lines]
    return len(ids)


def versions(purpose: str) -> list[int]:
    return list(
        MunicipalityKey.objects.filter(purpose=purpose).order_by("version").values_list("version", flat=True)
    )


def test_what_was_sealed_opens_after_its_municipality_has_new_keys(place: Place) -> None:
    with inside(place.ref):
        for _ in range(3):
            knock(place)
        box = keys.seal_box("visit", b"cookie")
        before = {row.pk: bytes(row.wrapped) for row in CaseKey.objects.all()}
        done = rotation.rotate(place.ref, older_than=NOW)
        assert (done.cases, done.deleted) == (3, 1)
        assert versions("case") == [2]
        assert versions("visit") == [1, 2]
        assert versions("receipt") == [1]
        assert all(bytes(row.wrapped) != before[row.pk] for row in CaseKey.objects.all())
        assert keys.open_box("visit", box) == b"cookie"
        knock(place)
        assert set(CaseKey.objects.values_list("wrapped_by__version", flat=True)) == {2}
        assert Entry.objects.filter(verb="crypto.rewrap_cases").count() == 1
    assert everything_opens(place) == 4


def test_a_second_run_finds_nothing_to_do(place: Place) -> None:
    with inside(place.ref):
        knock(place)
    assert rotation.rotate(place.ref, older_than=NOW).cases == 1
    assert rotation.rotate(place.ref, older_than=timedelta(days=1)) == rotation.Done()


def test_a_run_that_was_stopped_anywhere_goes_on_and_loses_nothing(place: Place, monkeypatch) -> None:
    monkeypatch.setattr(operations, "BATCH", 2)
    with inside(place.ref):
        for _ in range(7):
            knock(place)
    real = keys.seal

    def run_that_dies_at(stop: int, older_than: timedelta) -> None:
        calls = iter(range(1, stop))

        def dies(key: bytes, plain: bytes, bound_to: bytes) -> bytes:
            if next(calls, None) is None:
                raise KeyboardInterrupt
            return real(key, plain, bound_to)

        monkeypatch.setattr(keys, "seal", dies)
        with pytest.raises(KeyboardInterrupt):
            rotation.rotate(place.ref, older_than=older_than)
        monkeypatch.setattr(keys, "seal", real)
        assert everything_opens(place) == 7

    new = len(keys.ROTATING)
    run_that_dies_at(new - 1, NOW)  # while the versions are added: none is there
    with inside(place.ref):
        assert versions("case") == [1]
    run_that_dies_at(new + 4, NOW)  # in the second batch: the first one stands
    with inside(place.ref):
        assert versions("case") == [1, 2]
        assert CaseKey.objects.filter(wrapped_by__version=2).count() == 2
    run_that_dies_at(3, timedelta(days=1))
    assert rotation.rotate(place.ref, older_than=timedelta(days=1)).cases == 3
    with inside(place.ref):
        assert versions("case") == [2]
    assert everything_opens(place) == 7


def test_a_command_killed_in_the_middle_is_run_again(place: Place) -> None:
    command = [sys.executable, "manage.py", "rotate_keys", "--municipality", place.ref.slug]
    with inside(place.ref):
        knock(place)
        with transaction.atomic():
            for _ in range(6 * operations.BATCH):
                keys.new_case_key()
        running = subprocess.Popen([*command, "--older-than", "0"], cwd=CLONE, stdout=subprocess.DEVNULL)
        while not CaseKey.objects.filter(wrapped_by__version=2).exists() and running.poll() is None:
            time.sleep(0.01)
        running.kill()
        running.wait(20)
        left = CaseKey.objects.filter(wrapped_by__version=1).count()
        assert left > 0, "it was killed in the middle"
        keys.forget_keys()
        assert all(len(keys.case_key_bytes(row)) == 32 for row in CaseKey.objects.all())
        told = subprocess.run(command, cwd=CLONE, capture_output=True, text=True, check=True).stdout
        assert f"{left} case keys wrapped anew, 1 old versions deleted, 0 failed" in told
        keys.forget_keys()
        assert all(len(keys.case_key_bytes(row)) == 32 for row in CaseKey.objects.all())
    assert everything_opens(place) == 1


def test_knocks_and_reads_during_a_rotation_all_open_afterwards(place: Place, monkeypatch) -> None:
    monkeypatch.setattr(operations, "BATCH", 5)
    with inside(place.ref):
        for _ in range(20):
            knock(place)
    stop, failures = threading.Event(), []

    def student_at_the_door(_number: int) -> int:
        knocked = 0
        try:
            while not stop.is_set():
                with inside(place.ref):
                    pk = knock(place)
                    contact.read_conversation(by=student(pk), request_id=pk)
                    old = ContactRequest.objects.order_by("opened_at", "pk").values_list("pk", flat=True)[0]
                    contact.read_conversation(by=student(old), request_id=old)
                knocked += 1
        except Exception as error:
            failures.append(error)
        finally:
            connections["default"].close()
        return knocked

    with ThreadPoolExecutor(3) as pool:
        students = [pool.submit(student_at_the_door, number) for number in range(3)]
        try:
            for _round in range(4):
                rotation.rotate(place.ref, older_than=NOW)
        finally:
            stop.set()
        knocked = sum(one.result() for one in students)
    assert failures == []
    assert knocked > 0
    assert everything_opens(place) == 20 + knocked
    with inside(place.ref):  # a knock that was under way when the last round looked is the next one's
        rotation.rotate(place.ref, older_than=timedelta(days=1))
        assert rotation.rotate(place.ref, older_than=timedelta(days=1)).cases == 0
    assert everything_opens(place) == 20 + knocked


def test_a_version_goes_only_after_the_knock_that_seals_under_it_has_committed(place: Place) -> None:
    """The knock holds the old version; whoever would delete it waits, and then sees what stands on it."""
    sealed, go_on = threading.Event(), threading.Event()

    def slow_knock() -> None:
        with inside(place.ref), transaction.atomic():
            knock(place)
            sealed.set()
            go_on.wait(20)
        connections["default"].close()

    with ThreadPoolExecutor(1) as pool:
        knocking = pool.submit(slow_knock)
        assert sealed.wait(20)
        with inside(place.ref):
            operations.add_versions(by=MACHINE, older_than=NOW)
            assert operations.rewrap_case_keys(by=MACHINE) == 0  # it cannot see what has not committed
            threading.Timer(0.3, go_on.set).start()
            assert operations.delete_old_versions(by=MACHINE) == 0
            knocking.result()
            assert versions("case") == [1, 2]
            assert operations.rewrap_case_keys(by=MACHINE) == 1
            assert operations.delete_old_versions(by=MACHINE) == 1
    assert everything_opens(place) == 1


def test_another_process_notices_new_keys(place: Place, monkeypatch) -> None:
    """What this process remembers was true a moment ago; the rotation happened elsewhere."""
    with inside(place.ref):
        knock(place)
        MunicipalityKey.objects.update(made_at=clock.now() - timedelta(days=9))
        old_box, old_key = keys.seal_box("visit", b"old"), keys.municipality_key("visit")
        case_key = CaseKey.objects.get()
        with monkeypatch.context() as elsewhere:
            elsewhere.setattr(keys, "_present", {})
            elsewhere.setattr(keys, "_wrapping", {})
            rotation.rotate(place.ref, older_than=NOW)
            new_box = keys.seal_box("visit", b"new")
        assert keys.municipality_key("visit") == old_key, "it has not looked yet"
        assert keys.new_case_key().wrapped_by.version == 2, "a case key is never made under an old version"
        assert len(keys.case_key_bytes(case_key)) == 32, "read before, wrapped anew since"
        assert keys.open_box("visit", new_box) == b"new"
        assert keys.open_box("visit", old_box) == b"old"
        keys.forget_keys()
        keys.municipality_key("visit")
        monkeypatch.setattr(keys, "LOOK_AGAIN", -1.0)
        assert keys.municipality_key("visit") != old_key


def test_boxes_keep_their_old_version_as_long_as_one_may_live(world: World, monkeypatch) -> None:
    with inside(world.alpha):
        operations.add_versions(by=MACHINE, older_than=NOW)
        assert operations.delete_old_versions(by=MACHINE) >= 1  # of case: nothing stands on it
        assert versions("session") == [1, 2]
        soon = clock.now() + operations.SHORT_LIFE + timedelta(minutes=1)
        monkeypatch.setattr(clock, "now", lambda: soon)
        operations.delete_old_versions(by=MACHINE)
        assert versions("session") == [2]
        assert versions("second-factor") == [1, 2], "what it sealed lasts"


def test_the_database_lets_no_version_go_on_which_a_case_stands(world: World) -> None:
    with inside(world.alpha):
        key = keys.new_case_key()
        with pytest.raises(ProtectedError), transaction.atomic():
            MunicipalityKey.objects.filter(pk=key.wrapped_by_id).delete()


def test_rows_from_before_there_were_versions_are_wrapped_anew_too(world: World) -> None:
    with inside(world.alpha):
        key = keys.new_case_key()
        CaseKey.objects.filter(pk=key.pk).update(wrapped_by=None)
        clear = keys.case_key_bytes(CaseKey.objects.get(pk=key.pk))
        rotation.rotate(world.alpha, older_than=NOW)
        row = CaseKey.objects.get(pk=key.pk)
        assert row.wrapped_by.version == 2
        assert keys.case_key_bytes(row) == clear


def test_a_destroyed_key_is_not_brought_back_by_a_rotation_that_saw_it_before(place: Place) -> None:
    with inside(place.ref):
        knock(place)
        operations.add_versions(by=MACHINE, older_than=NOW)
    shredded, rotated = threading.Event(), threading.Event()

    def shreds() -> None:
        with inside(place.ref), transaction.atomic():
            operations.shred(by=MACHINE, case_key_ids=[CaseKey.objects.get().pk])
            shredded.set()
            rotated.wait(0.5)
        connections["default"].close()

    with ThreadPoolExecutor(1) as pool, inside(place.ref):
        shredding = pool.submit(shreds)
        assert shredded.wait(20)
        assert operations.rewrap_case_keys(by=MACHINE) == 0
        shredding.result()
        assert CaseKey.objects.get().wrapped is None
        assert operations.delete_old_versions(by=MACHINE) == 1


def test_only_the_machine_changes_keys(world: World) -> None:
    with inside(world.alpha):
        for act in (
            lambda by: operations.rewrap_municipality_keys(by=by),
            lambda by: operations.add_versions(by=by, older_than=NOW),
            lambda by: operations.rewrap_case_keys(by=by),
            lambda by: operations.delete_old_versions(by=by),
            lambda by: operations.shred(by=by, case_key_ids=[]),
        ):
            for who in (NOBODY, world.actor("admin"), world.actor("nurse")):
                with pytest.raises(NotAllowed):
                    act(who)


# --- the key-encryption key --------------------------------------------------------------------------


def another_key() -> str:
    return base64.b64encode(os.urandom(32)).decode()


@pytest.fixture
def changed(settings) -> str:
    """A new KEY_ENCRYPTION_KEY, the one before still accepted. Gives the old one."""
    old = settings.KEY_ENCRYPTION_KEY
    settings.KEY_ENCRYPTION_KEY, settings.KEY_ENCRYPTION_KEY_PREVIOUS = another_key(), old
    keys.forget_keys()
    return old


def test_under_a_new_key_encryption_key_everything_opens_at_once_and_without_the_old_one_after_the_run(
    place: Place, settings
) -> None:
    with inside(place.ref):
        knock(place)
        box = keys.seal_box("session", b"box")
    old = settings.KEY_ENCRYPTION_KEY
    settings.KEY_ENCRYPTION_KEY, settings.KEY_ENCRYPTION_KEY_PREVIOUS = another_key(), old
    keys.forget_keys()
    assert everything_opens(place) == 1
    call_command("rotate_keys", municipality="rotasjon", only_wrapping=True, verbosity=0)
    settings.KEY_ENCRYPTION_KEY_PREVIOUS = ""
    keys.forget_keys()
    assert everything_opens(place) == 1
    with inside(place.ref):
        assert keys.open_box("session", box) == b"box"
        assert versions("case") == [1]
    settings.KEY_ENCRYPTION_KEY = old
    keys.forget_keys()
    with inside(place.ref), pytest.raises(keys.CannotOpen):
        keys.municipality_key("case")


def test_what_neither_key_opens_is_said_and_nothing_is_changed(place: Place, settings, capsys) -> None:
    with inside(place.ref):
        before = {row.pk: bytes(row.wrapped) for row in MunicipalityKey.objects.all()}
    settings.KEY_ENCRYPTION_KEY, settings.KEY_ENCRYPTION_KEY_PREVIOUS = another_key(), another_key()
    keys.forget_keys()
    with pytest.raises(CommandError):
        call_command("rotate_keys", municipality="rotasjon")
    assert "rotasjon: CannotOpen" in capsys.readouterr().err
    with inside(place.ref):
        assert {row.pk: bytes(row.wrapped) for row in MunicipalityKey.objects.all()} == before


def test_wrapping_anew_is_done_once(world: World, changed: str) -> None:
    with inside(world.alpha):
        assert operations.rewrap_municipality_keys(by=MACHINE) == MunicipalityKey.objects.count()
        assert operations.rewrap_municipality_keys(by=MACHINE) == 0
