"""What a page asks several times is asked once, and never kept longer than that, nor told to another municipality."""

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel.actor import MACHINE
from kernel.once import Once
from kernel.tenancy import inside
from tenants.setup import operations as setup
from tenants.setup import queries
from tenants.setup.models import School
from tests.cast import World


def test_the_first_answer_stands_while_the_block_runs_and_no_longer() -> None:
    once, answers = Once("test"), iter(range(9))

    def ask() -> int:
        return once.ask("n", lambda: next(answers))

    assert (ask(), ask()) == (0, 1)
    with once():
        assert (ask(), ask()) == (2, 2)
        with once():
            assert ask() == 2
        assert ask() == 2
        once.forget()
        assert (ask(), ask()) == (3, 3)
    assert ask() == 4


def test_one_municipality_never_hears_the_answer_of_another(world: World) -> None:
    once = Once("test")
    with once():
        for ref in (world.alpha, world.beta, world.alpha):
            with inside(ref):
                assert once.ask("name", lambda ref=ref: ref.slug) == ref.slug


def test_what_is_changed_within_the_block_is_seen_in_it(world: World) -> None:
    from kernel import once

    with inside(world.alpha), once.setup():
        before = queries.portal()
        setup.add_school(name="Nyskolen", form="compulsory", by=MACHINE)
        assert queries.portal() is not before
        assert "Nyskolen" in [one.name for one in queries.portal().schools]


def stamps(asked: CaptureQueriesContext) -> int:
    return sum("setup_setupversion" in query["sql"] for query in asked.captured_queries)


def test_a_page_that_is_looked_at_asks_for_its_set_up_once(world: World, at: Callable[..., Client]) -> None:
    client = at(world.alpha)
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/").status_code == 200
    assert stamps(asked) == 1


def test_the_next_page_sees_what_was_changed_meanwhile(world: World, at: Callable[..., Client]) -> None:
    client = at(world.alpha)
    assert "Nyskolen" not in client.get("/knock/").content.decode()
    with inside(world.alpha):
        setup.add_school(name="Nyskolen", form="compulsory", by=MACHINE)
        assert School.objects.filter(name="Nyskolen").exists()
    assert "Nyskolen" in client.get("/knock/").content.decode()
