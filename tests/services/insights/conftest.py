"""The cast of the desk, and a lead of Solhaug alone."""

from collections.abc import Callable

import pytest
from django.test import Client

from kernel.actor import MACHINE
from tenants.setup import operations as setup
from tenants.setup.models import Lead
from tests.cast import World
from tests.services.desk.conftest import alpha, clock, signed_in  # noqa: F401


@pytest.fixture
def lead_of_solhaug(alpha: World) -> World:  # noqa: F811
    """Lena leads Solhaug, and no longer the whole municipality."""
    Lead.objects.filter(account_id=alpha.people["lead"]).delete()
    setup.appoint_lead(account_id=alpha.people["lead"], school_id=alpha.school, by=MACHINE)
    return alpha


@pytest.fixture
def see(alpha: World, signed_in: Callable[[str, str], Client]) -> Callable[..., str]:  # noqa: F811
    """`see()` is the page as Lena has it now, `see("admin")` as Adam does; in English.

    Signed in anew each time: the tests let hours pass, and a session ends after half of one.
    """

    def page(who: str = "lead") -> str:
        answer = signed_in(who, "en").get("/insights/")
        assert answer.status_code == 200
        return answer.content.decode()

    return page
