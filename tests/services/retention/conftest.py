from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from kernel.actor import MACHINE
from services.retention import operations
from tests.cast import World
from tests.services.contact.conftest import alpha as alpha
from tests.services.contact.conftest import clock as clock
from tests.signing_in import sign_in


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
        sign_in(client, alpha.account(who))
        return client

    return browser
