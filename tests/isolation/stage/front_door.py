"""The operator and those who sign up."""

from datetime import timedelta
from uuid import UUID

from kernel import clock
from kernel.actor import MACHINE
from kernel.people.models import Account
from kernel.people.operations import invite
from kernel.tenancy import inside
from tenants.onboarding import states
from tenants.onboarding.models import Application, Signature
from tenants.onboarding.operations.gates import _hash as hash_of_link
from tests.isolation.stage.sides import BRANDS, Side, picture
from tests.isolation.stage.sign_ins import session_of


def sign_operators_in(side: Side) -> None:
    with inside(side.ref):
        account = invite(by=MACHINE, email="operator@lavterskel.example", name="Oda Operator")
        Account.objects.filter(pk=account.pk).update(is_operator=True)
        idle = invite(by=MACHINE, email="idle@lavterskel.example", name="Uno Uten")
        side.sessions = {
            "operator": session_of(Account.objects.get(pk=account.pk), "localhost"),
            "operator_half": session_of(Account.objects.get(pk=account.pk), "localhost", second_factor=False),
            "operator_idle": session_of(idle, "localhost"),
        }


def application(side: Side) -> UUID:
    """A sign-up in rehearsal with a link to its signatory."""
    now = clock.now()
    made = Application.objects.create(
        state=states.REHEARSING, country="NO", kind="municipality", organisation_number="958935420",
        email=f"{side.word}@{side.ref.slug}.example", contact_name=f"Kari {side.word}", language="nb",
        name=f"{side.ref.name} {side.word}", slug=side.ref.slug, municipality_id=side.ref.id,
        pilot_school=f"Skole {side.word}", languages=["nb"], default_language="nb",
        brand=BRANDS[side.ref.slug], logo=picture(side), opened_at=now, verified_at=now,
        expires_at=now + timedelta(days=30),
    )  # fmt: skip
    side.link = f"link-{side.ref.id}-of-a-signatory"
    Signature.objects.create(
        application=made, name=f"Ola {side.word}", role="Leder", authority="Delegert", language="nb",
        email=f"ola@{side.ref.slug}.example", token_hash=hash_of_link(side.link), sent_at=now,
        expires_at=now + states.SIGNING_LIFE,
    )  # fmt: skip
    side.application_id = str(made.pk)
    return made.pk


def front_door_ids(operator: Side, alpha: Side) -> None:
    operator.ids = {"application_id": alpha.application_id, "job_id": "999999", "token": alpha.link}
