"""Journeys commit: a server of their own answers them. What they leave behind is taken away again."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connections

from kernel import tenancy
from kernel.actor import MACHINE
from kernel.outbox.models import Message
from kernel.people import operations as people
from kernel.tenancy import inside, municipalities, operator
from kernel.tenancy.testing import drop_for_tests, forget_jobs
from kernel.ui import assets
from tenants.onboarding import papers
from tenants.onboarding.models import Application
from tests.journeys.stage import Stage
from tests.journeys.stage import stage as running_stage
from tests.window import chromium, outside_the_loop

OPERATOR = "runa@lavterskel.example"
_numbers = count(1)


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    """The running house; nobody lives in it yet but the operator's own people."""
    assets.build()
    with django_db_blocker.unblock():
        before = {ref.id for ref in municipalities()}
        forget_jobs()
        try:
            with running_stage() as house:
                yield house
        finally:  # when nobody is at work any more
            _sweep(before)


def _sweep(before: set[int]) -> None:
    """Take away applications, messages and portals that were not there before."""
    connections["default"].close()
    tenancy.forget()
    with inside(operator()):
        Application.objects.all().delete()
        Message.objects.all().delete()
    for ref in municipalities():
        if ref.id not in before:
            with inside(ref):
                default_storage.delete(papers.KEPT_AS)
            drop_for_tests(ref)
    forget_jobs()
    tenancy.forget()


@pytest.fixture(scope="module")
def browser(stage: Stage) -> Iterator[Any]:
    # Not for the session: while it is open, Django's connections would be others than the test's own.
    with chromium() as one:
        yield one


@pytest.fixture
def slug() -> str:
    """An address nobody else in this process has used."""
    return f"vaer-{next(_numbers)}"


@pytest.fixture
def operators_address(stage: Stage, slug: str) -> Iterator[str]:
    """Somebody of the operator's, invited anew for each story (their second factor is set up in it)."""
    address = f"{slug}-{OPERATOR}"
    with outside_the_loop(), inside(operator()):
        account = people.make_operator(by=MACHINE, email=address, name="Runa Operatør")
    yield address
    with outside_the_loop(), inside(operator()):
        account.delete()
