"""Two connections at the same moment: what is counted in an hour is counted once, and never one too many."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections

from kernel.errors import Invalid
from kernel.people import limits
from kernel.tenancy import inside
from services.attachments.models import Attachment
from services.contact import enclosing, operations
from services.contact.models import ConversationMessage
from tests.services.attachments.files import picture, upload
from tests.services.attachments.people import let
from tests.services.contact.committed import committed
from tests.services.contact.people import knock, visitor

ROUNDS = 5


@pytest.fixture(scope="module")
def place(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    with django_db_blocker.unblock(), committed("filby") as made:
        with inside(made.ref):
            let("everybody")
        yield SimpleNamespace(ref=made.ref, school=made.school, nurse_role=made.role)


def at_once(place: Any, *acts: Callable[[], str]) -> list[str]:
    gate = threading.Barrier(len(acts), timeout=30)

    def act(one: Callable[[], str]) -> str:
        try:
            with inside(place.ref):
                gate.wait()
                return one()
        except Invalid as refused:
            return refused.errors[0].field
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))


def sends(accepted: operations.Accepted, mark: str) -> Callable[[], str]:
    by, request_id = visitor(accepted), accepted.request_id

    def send() -> str:
        done = enclosing.once_with_files(
            lambda files: operations.student_writes(by=by, request_id=request_id, text="Se", files=files),
            uploads=[upload(picture())], mark=mark, verb="write", by=by, request_id=request_id, said=("Se",),
        )  # fmt: skip
        return "sent" if done else "was sent"

    return send


def counted(accepted: operations.Accepted) -> int:
    return len(cache.get(limits._name("attachment", str(accepted.request_id)), []))


def test_the_same_form_sent_twice_at_once_is_kept_once_and_counted_once(place: Any) -> None:
    for _round in range(ROUNDS):
        with inside(place.ref):
            accepted = knock(place)
        send = sends(accepted, "the-same-mark")
        assert sorted(at_once(place, send, send)) == ["sent", "was sent"]
        with inside(place.ref):
            assert counted(accepted) == 1
            written = ConversationMessage.objects.filter(request_id=accepted.request_id, text__isnull=False)
            assert Attachment.objects.filter(subject_id__in=written.values("pk")).count() == 1


def test_of_two_that_are_one_too_many_one_is_refused(place: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enclosing, "FILES_AN_HOUR", 1)
    for _round in range(ROUNDS):
        with inside(place.ref):
            accepted = knock(place)
        said = at_once(place, sends(accepted, "one-mark"), sends(accepted, "another-mark"))
        assert sorted(said) == ["files", "sent"]
        with inside(place.ref):
            assert counted(accepted) == 1


def test_of_many_files_too_many_none_is_counted(place: Any) -> None:
    with inside(place.ref):
        assert limits.allowed("tried", "somebody", most=3, seconds=60, count=2)
        assert not limits.allowed("tried", "somebody", most=3, seconds=60, count=2)
        assert limits.allowed("tried", "somebody", most=3, seconds=60)
        assert not limits.allowed("tried", "somebody", most=3, seconds=60)
