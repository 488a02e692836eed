"""No promise is kept before it was given, and sweep and helper lock in one order."""

import threading
import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import IntegrityError, connections, transaction

from kernel import clock
from kernel.actor import MACHINE, student
from kernel.errors import violated
from kernel.tenancy import inside
from services.contact import operations as contact
from services.contact.operations import helping
from services.promises import operations
from services.promises.models import Promise
from services.promises.operations import clocks
from services.promises.sweep import Pass, break_due
from tests.cast import World
from tests.services.contact.committed import Place, committed


def knock_at(place: World | Place) -> contact.Accepted:
    role = place.nurse_role if isinstance(place, World) else place.role
    return contact.knock(
        by=student(None), idempotency_key=uuid.uuid4().hex, school_id=place.school,
        role_id=role, channel_kind="conversation", message="Hei", language="nb",
    )  # fmt: skip


def test_the_table_refuses_an_answer_from_before_the_promise(world: World) -> None:
    with inside(world.alpha):
        knock_at(world)
        before = Promise.objects.get().opened_at - timedelta(minutes=1)
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            Promise.objects.update(kept_at=before, answered_at=before)
        assert violated(refused.value) == "kept_after_it_was_given"


def test_an_answer_from_before_the_promise_changes_nothing(world: World) -> None:
    with inside(world.alpha):
        knock_at(world)
        given = Promise.objects.get()
        before = given.opened_at - timedelta(minutes=1)
        operations.keep(by=MACHINE, promise_id=given.pk, at=before, outcome="reached")
        assert Promise.objects.get().answered_at is None


@pytest.fixture
def place(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Place]:
    with django_db_blocker.unblock(), committed("laas") as made:
        yield made


def test_a_sweep_that_meets_a_helper_at_work_leaves_the_promise_alone_and_both_go_through(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The helper holds the request; the sweep comes; the helper then wants the promise."""
    with inside(place.ref):
        accepted = knock_at(place)
        passed = clock.now() - timedelta(minutes=1)
        Promise.objects.update(opened_at=passed - timedelta(days=3), due_at=passed)
    done: dict[str, object] = {}
    swept = threading.Event()
    stop, mark = helping._stop_the_clock, clocks._mark_broken
    at_work = threading.Event()

    def wait_for_the_sweep(*given, **said):
        at_work.set()
        swept.wait(2)  # a sweep that waits for us is not done by then
        return stop(*given, **said)

    def marked(*given, **said):
        result = mark(*given, **said)
        swept.set()  # it holds the promise now and goes on to the request
        return result

    def reply() -> None:
        try:
            with inside(place.ref):
                contact.reply(by=place.nurse(0), request_id=accepted.request_id, text="Hei")
            done["reply"] = "stored"
        except Exception as error:
            done["reply"] = error
        finally:
            connections.close_all()

    monkeypatch.setattr(helping, "_stop_the_clock", wait_for_the_sweep)
    monkeypatch.setattr(clocks, "_mark_broken", marked)
    helper = threading.Thread(target=reply)
    helper.start()
    assert at_work.wait(5)
    assert break_due() == Pass(marked=0, failed=0)
    swept.set()
    helper.join(20)
    assert done == {"reply": "stored"}
    with inside(place.ref):
        late = Promise.objects.get()
    assert late.broken_at is not None
    assert late.answered_at is not None
