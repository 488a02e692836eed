"""The rehearsal: invented people on a real stage, and how they leave it before the door opens.

Runs inside the municipality. Slices that keep traces of a rehearsal register a cleaner
(`register_cleaner`); all of them run in one transaction when the municipality goes live.
"""

from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from kernel.actor import MACHINE, Actor
from kernel.audit.operations import record
from kernel.errors import Conflict, NotFound
from kernel.people.models import Account
from kernel.people.operations import invite
from kernel.permissions import require
from kernel.tenancy import require_current
from tenants.setup import operations as setup
from tenants.setup.actors import today
from tenants.setup.models import HelperRole, Lead, Post, School

type Cleaner = Callable[..., object]
_cleaners: list[Cleaner] = []

#: Invented by us, one for each role in order; the last leads the school.
NAMES = {
    "NO": ("Lise Hansen", "Amir Nilsen", "Kari Moen", "Ole Berg", "Synnøve Lie"),
    "SE": ("Lisa Holm", "Amir Lund", "Karin Ek", "Olle Berg", "Signe Ström"),
    "DK": ("Lise Holm", "Amir Lund", "Karen Krogh", "Ole Bjerg", "Signe Dam"),
    "FI": ("Liisa Mäki", "Amir Laine", "Kaisa Koski", "Olli Niemi", "Sini Salo"),
    "IS": ("Lilja Jónsdóttir", "Amir Karlsson", "Katrín Árnadóttir", "Óli Björnsson", "Sigga Þórsdóttir"),
}


def register_cleaner(cleaner: Cleaner) -> Cleaner:
    """Add what must be swept before a municipality goes live.

    Called as `cleaner(by=MACHINE)` inside it, in one transaction with all the others; safe to run again.
    """
    if cleaner not in _cleaners:
        _cleaners.append(cleaner)
    return cleaner


def people_the_stage(slug: str, country: str, *, by: Actor) -> None:
    """An invented person for every role at every school, and one who leads. Nothing is ever sent to them."""
    names = NAMES.get(country, NAMES["NO"])
    day, schools = today(), list(School.objects.filter(closed_on=None))
    roles = list(HelperRole.objects.filter(closed_on=None).order_by("order", "key"))
    for role, name in zip(roles, names, strict=False):
        account = _invent(f"{role.key}@{slug}.invalid", name, by)
        for school in schools:
            Post.objects.create(account=account, role=role, school=school, starts_on=day)
    Lead.objects.create(account=_invent(f"lead@{slug}.invalid", names[-1], by), school=None)
    record(by=by, verb="onboarding.people_the_stage", kind="municipality", object_id=require_current().id)


def _invent(email: str, name: str, by: Actor) -> Account:
    """`.invalid` never resolves (RFC 2606): even a bug could send nothing."""
    return invite(by=by, email=email, name=name, is_invented=True)


def invented_people(by: Actor) -> list[Account]:
    """Whom the administrator may be, in a rehearsal.

    Raises NotAllowed, and NotFound once the door is real.
    """
    require(by, "onboarding.rehearse")
    if require_current().state != "rehearsal":
        raise NotFound(_("The rehearsal is over: the door is open."))
    return list(Account.objects.filter(is_invented=True, is_active=True).order_by("name", "pk"))


def step_into(*, account_id: object, by: Actor) -> Account:
    """The invented person the administrator becomes for a while; written in the audit.

    Never a real person.
    """
    person = next((one for one in invented_people(by) if str(one.pk) == str(account_id)), None)
    if person is None:
        raise NotFound(_("Nobody invented has this name."))
    record(by=by, verb="onboarding.step_into", kind="account", object_id=person.pk)
    return person


def clear(*, by: Actor) -> None:
    """Everything invented leaves: what the slices registered, then posts and people. Safe to run again."""
    require(by, "onboarding.decide")
    if require_current().state != "rehearsal":
        raise Conflict(_("Only a rehearsal can be cleared."))
    with transaction.atomic():
        for cleaner in _cleaners:
            cleaner(by=MACHINE)
        setup.remove_invented(by=MACHINE)
        Account.objects.filter(is_invented=True).delete()
        record(by=by, verb="onboarding.clear", kind="municipality", object_id=require_current().id)
