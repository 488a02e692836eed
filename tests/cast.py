"""The cast: two municipalities whose ids collide in every table, and everybody who must or must not see.

alfa and beta hold the same schools, roles, people and posts under the same uuids; only words differ (every
name in alfa says Alfa, every name in beta says Beta), so a row that crosses is seen at once.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kernel import actor as actors
from kernel.actor import MACHINE, Actor
from kernel.crypto.keys import make_keys
from kernel.outbox.models import Message
from kernel.people.models import Account
from kernel.tenancy import MunicipalityRef, inside, owner
from kernel.tenancy.testing import forget_jobs, found_for_tests
from tenants.setup import operations as setup
from tenants.setup.models import HelperRole

#: The cast's posts were given long ago: a test may stand at any day.
LONG_AGO = date(2020, 1, 1)
#: Tables that hold keys or history are each municipality's own; everything else of these apps is copied.
_COPIED = ("people", "setup", "presence")


@dataclass(frozen=True, slots=True)
class World:
    """alfa and beta with one set of ids. People by the name of what they are."""

    alpha: MunicipalityRef
    beta: MunicipalityRef
    operator: MunicipalityRef
    school: UUID  # Solhaug: nurse, counsellor
    other_school: UUID  # Fjellvang: other_nurse
    nurse_role: UUID
    counsellor_role: UUID
    people: dict[str, UUID]

    @property
    def alpha_uuid(self) -> UUID:
        """Any id that exists in both."""
        return self.school

    def account(self, who: str) -> Account:
        """The account of `who` in the municipality we are inside."""
        return Account.objects.get(pk=self.people[who])

    def actor(self, who: str) -> Actor:
        """`who` as an actor in the municipality we are inside."""
        return actors.actor_for(self.account(who))


PEOPLE = {
    "nurse": "Nora",
    "second_nurse": "Signe",
    "counsellor": "Carl",
    "other_nurse": "Olga",
    "lead": "Lena",
    "admin": "Adam",
    "outsider": "Ulf",  # signed in, holds nothing, must see nothing
}


def build_world() -> World:
    """Found both, committed; about half a second. Called once a session."""
    from kernel.tenancy import operator

    alpha = found_for_tests("alfa", name="Alfa kommune")
    beta = found_for_tests("beta", name="Beta kommune")
    with inside(alpha):
        setup.furnish(
            country="NO", kind="municipality", languages=["nb", "en"], default_language="nb", by=MACHINE
        )
        world = _people_alpha(alpha, beta, operator())
    with inside(beta):
        make_keys()
    _copy(alpha, beta)
    _forget_the_mail(alpha)
    return world


def _forget_the_mail(alpha: MunicipalityRef) -> None:
    """The invitations of the cast are nobody's business: no test finds them in its post."""
    forget_jobs()
    with inside(alpha):
        Message.objects.all().delete()


def _people_alpha(alpha: MunicipalityRef, beta: MunicipalityRef, operator: MunicipalityRef) -> World:
    school = setup.add_school(name="Solhaug skole Alfa", form="compulsory", by=MACHINE)
    other = setup.add_school(name="Fjellvang skole Alfa", form="compulsory", by=MACHINE)
    nurse, counsellor = HelperRole.objects.order_by("order").values_list("pk", flat=True)[:2]
    people = {
        who: setup.invite_person(
            email=f"{who.replace('_', '-')}@alfa.example", name=f"{name} Alfa", language="nb",
            is_administrator=who == "admin", by=MACHINE,
        )
        for who, name in PEOPLE.items()
    }  # fmt: skip
    posts = (
        ("nurse", nurse, school), ("second_nurse", nurse, school),
        ("counsellor", counsellor, school), ("other_nurse", nurse, other),
    )  # fmt: skip
    for who, role, where in posts:
        setup.give_post(account_id=people[who], role_id=role, school_id=where, starts_on=LONG_AGO, by=MACHINE)
    setup.appoint_lead(account_id=people["lead"], school_id=None, by=MACHINE)
    return World(alpha, beta, operator, school, other, nurse, counsellor, people)


def _copy(alpha: MunicipalityRef, beta: MunicipalityRef) -> None:
    """Every row of set-up and people of alfa in beta, under the same ids, with Beta where Alfa stood."""
    with owner.transaction_of_owner() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = %s AND table_name ~ %s",
            [alpha.schema, f"^({'|'.join(_COPIED)})_"],
        )
        tables = [name for (name,) in cursor.fetchall() if name != "people_cacherow"]
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for table in _in_order(cursor, alpha.schema, tables):
            cursor.execute(f'INSERT INTO "{beta.schema}"."{table}" SELECT * FROM "{alpha.schema}"."{table}"')
        for table, column in (
            ("setup_school", "name"),
            ("setup_schooladdress", "slug"),
            ("people_account", "name"),
            ("people_account", "email"),
        ):
            cursor.execute(
                f'UPDATE "{beta.schema}"."{table}" SET {column} = '
                f"replace(replace({column}, 'Alfa', 'Beta'), 'alfa', 'beta')"
            )


def _in_order(cursor, schema: str, tables: list[str]) -> list[str]:
    """Tables after the tables they point at."""
    cursor.execute(
        "SELECT c.relname, f.relname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid "
        "JOIN pg_class f ON f.oid = k.confrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE k.contype = 'f' AND n.nspname = %s",
        [schema],
    )
    needs = {table: set() for table in tables}
    for table, target in cursor.fetchall():
        if table in needs and target in needs and table != target:
            needs[table].add(target)
    ordered: list[str] = []
    while needs:
        ready = sorted(table for table, rest in needs.items() if not rest - set(ordered))
        ordered += ready
        for table in ready:
            del needs[table]
    return ordered
