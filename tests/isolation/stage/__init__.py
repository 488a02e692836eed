"""alfa and beta played to the full: the same ids in every table of both, and in each a word of its own
wherever somebody can write. Whoever means to cross borrows what the other side has: ids, cookies, tokens.
"""

from kernel.crypto import keys
from kernel.tenancy import front, inside
from tenants.onboarding import cookie
from tenants.setup.queries import forget as forget_portals
from tests.cast import World
from tests.isolation.stage.columns import CODES, FREE_TEXT, UNUSED, WRITTEN
from tests.isolation.stage.front_door import application, front_door_ids, sign_operators_in
from tests.isolation.stage.municipality import plant, set_up
from tests.isolation.stage.requests import knocks
from tests.isolation.stage.sides import Side, Stage, cookie_of, ids_from, theme_stamp
from tests.isolation.stage.sign_ins import COOKIES, eid_of, provider_of, session_of, sign_everybody_in, tokens

__all__ = (
    "CODES",
    "COOKIES",
    "FREE_TEXT",
    "UNUSED",
    "WRITTEN",
    "Side",
    "Stage",
    "build",
    "cookie_of",
    "session_of",
    "theme_stamp",
)


def build(world: World) -> Stage:
    """In the transaction we are in. Both sides by the same steps, so that their ids come out the same."""
    alpha, beta, operator = Side(world.alpha), Side(world.beta), Side(world.operator)
    for side in (alpha, beta):
        with inside(side.ref):
            keys.make_keys()
            keys.municipality_key("session")
            with ids_from(1):
                set_up(side, world)
            knocks(side, world)
            provider_of(side, world)
            eid_of(side, world)
            plant(side)
            sign_everybody_in(side, world)
            tokens(side, world)
    sign_operators_in(operator)
    for side in (alpha, beta):
        with inside(world.operator):
            made = application(side)
        with front():
            side.application = cookie_of(cookie.remember, made)
    assert alpha.ids == beta.ids, sorted(key for key in alpha.ids if alpha.ids[key] != beta.ids[key])
    front_door_ids(operator, alpha)
    forget_portals()
    return Stage(alpha, beta, operator)
