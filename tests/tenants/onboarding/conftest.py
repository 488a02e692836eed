"""Fixtures of sign-up.

Founding works as `owner` and commits, so these tests commit, and sweep up after themselves.
"""

from collections.abc import Iterator
from itertools import count

import pytest
from django.core.cache import cache

from kernel import tenancy
from kernel.outbox.models import Message
from kernel.tenancy import inside, municipalities, operator
from kernel.tenancy.testing import drop_for_tests, forget_jobs
from tenants.onboarding.models import Application, EmailCode
from tests.tenants.onboarding.support import Applicant, Mailbox, mailbox

_numbers = count(1)


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """What the test does is committed; afterwards applications, messages, jobs and portals are gone again.

    The test itself looks from inside the operator: role `front` reads nothing of who signs up. What it asks of
    pages is served as they are, by `front`.
    """
    with django_db_blocker.unblock():
        tenancy.forget()
        before = {ref.id for ref in municipalities()}
        forget_jobs()
        with inside(operator()):
            yield
        with inside(operator()):
            Application.objects.all().delete()
            EmailCode.objects.all().delete()
            Message.objects.all().delete()
            cache.clear()  # what was counted
        forget_jobs()
        tenancy.forget()
        for ref in municipalities():
            if ref.id not in before:
                drop_for_tests(ref)


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox() as handler:
        yield handler


@pytest.fixture
def applicant(committed: None, box: Mailbox) -> Applicant:
    return Applicant(box)


@pytest.fixture
def slug() -> str:
    """An address nobody else in this process has used."""
    return f"lom-{next(_numbers)}"
