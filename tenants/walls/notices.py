"""Who is told by message that a case was shared, or that a second person is wanted. Never who, why or a word."""

from collections.abc import Iterable

from kernel.outbox.operations import queue
from kernel.people.models import Account
from tenants.setup.models import HelperRole
from tenants.setup.portal import text_in
from tenants.setup.queries import leads_of, portal
from tenants.walls.models import Grant, Opening


def let_in(grant: Grant) -> None:
    """Tell the colleague that there is something to read in their desk."""
    _tell([grant.account], cause=f"grant:{grant.pk}", template="walls/let_in")


def second_person_wanted(opening: Opening) -> None:
    """Tell those who may be the second person: the school's leads and the administrators."""
    administrators = Account.objects.filter(is_administrator=True, is_active=True).order_by("email")
    known = {person.pk: person for person in (*leads_of(opening.school_id), *administrators)}
    people = [person for pk, person in known.items() if pk not in (opening.asked_by_id, opening.reader_id)]
    role = HelperRole.objects.get(pk=opening.role_id)
    _tell(people, cause=f"opening:{opening.pk}", template="walls/second_person", role=role)


def _tell(people: Iterable[Account], *, cause: str, template: str, role: HelperRole | None = None) -> None:
    default = portal().default_language
    for person in people:
        language = person.language or default
        said: dict[str, str | int] = {"role": text_in(role.names, language) or role.key} if role else {}
        queue(cause=cause, to=person, template=template, language=language, context=said)
