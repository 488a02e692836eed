from collections.abc import Callable
from datetime import date

import pytest
from django.http import HttpRequest
from django.test import Client

from kernel.actor import MACHINE
from kernel.people import signing_in
from services.retention import operations
from tests.cast import World
from tests.services.contact.conftest import alpha as alpha
from tests.services.contact.conftest import clock as clock


@pytest.fixture
def decided(alpha: World) -> World:
    """Alfa has decided about its archive: what is over is deleted."""
    operations.keep_archive_decision(by=MACHINE, choice="delete", decided_on=date(2026, 8, 1))
    return alpha


@pytest.fixture
def signed_in(alpha: World, at: Callable[..., Client]) -> Callable[[str], Client]:
    """`signed_in("admin")`: somebody's browser, second factor shown, in English."""

    def browser(who: str) -> Client:
        client = at(alpha.alpha, headers={"accept-language": "en"})
        client.force_login(alpha.account(who))
        request = HttpRequest()
        request.session, request.user = client.session, alpha.account(who)
        signing_in.start(request)
        signing_in.prove_second_factor(request, alpha.account(who), kind="test")
        request.session.save()
        return client

    return browser
