"""A question that is worded once is to the letter what would be worded now, for whoever asks it, on whatever day."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel import worded
from kernel.tenancy import inside
from services.contact import handover_queries, wishes
from tenants.setup.actors import today
from tests.cast import World

TODAY = {
    handover_queries._apart_from: 1, handover_queries._said_no_to: 1, wishes.hidden_at: 3,
}  # fmt: skip


@pytest.mark.parametrize(("question", "told"), TODAY.items(), ids=lambda it: getattr(it, "__name__", ""))
def test_what_was_worded_for_another_is_asked_to_the_letter(
    world: World, question: Callable, told: int
) -> None:
    hangs_on_the_day = question is not handover_queries._said_no_to
    with inside(world.alpha):
        for _somebody in range(3):
            ids, kept = [uuid4() for _ in range(told)], (today(),) if hangs_on_the_day else ()
            with CaptureQueriesContext(connection) as asked:
                assert worded.ask(question, *ids, kept=kept) == []
            with CaptureQueriesContext(connection) as wanted:
                assert list(question(*ids, *kept)) == []
            said = asked.captured_queries[-1]["sql"]
            assert said == wanted.captured_queries[-1]["sql"]
            assert all(one.hex in said for one in ids)


def test_what_is_kept_is_worded_anew() -> None:
    days: list[date] = []

    def nobody(account_id, day):
        days.append(day)
        return handover_queries._said_no_to(account_id)

    first = date(2026, 11, 30)
    for day in (first, first, first + timedelta(days=1)):
        worded._worded(nobody, (type(uuid4()),), (day,))
    assert days == [first, first + timedelta(days=1)]
