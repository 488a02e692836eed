"""A token ends with its person's sessions, and never comes back."""

from typing import Any

import pytest

from kernel.actor import MACHINE
from kernel.api.models import Token
from kernel.api.tokens import issue, recognise
from kernel.people import operations as people
from kernel.tenancy import inside
from tests.cast import World


@pytest.fixture
def alpha(world: World) -> Any:
    with inside(world.alpha):
        yield world


def token_of(world: World, who: str) -> str:
    return issue(by=MACHINE, account=world.account(who), scopes=["desk:read"])


@pytest.mark.parametrize("verb", ["deactivate", "sign_out_everywhere", "reset_second_factor"])
def test_a_token_ends_with_the_sessions(alpha: World, verb: str) -> None:
    mine, other = token_of(alpha, "nurse"), token_of(alpha, "counsellor")
    assert recognise(mine)
    getattr(people, verb)(by=MACHINE, account_id=alpha.people["nurse"])
    assert recognise(mine) is None
    assert recognise(other)
    assert Token.objects.get(account_id=alpha.people["nurse"]).withdrawn_at is not None


def test_who_is_invited_again_gets_no_old_token_back(alpha: World) -> None:
    mine = token_of(alpha, "nurse")
    people.deactivate(by=MACHINE, account_id=alpha.people["nurse"])
    back = people.invite(by=MACHINE, email=alpha.account("nurse").email, name="Nora Alfa")
    assert back.is_active
    assert recognise(mine) is None
    assert recognise(token_of(alpha, "nurse"))
