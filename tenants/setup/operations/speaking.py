"""In which languages somebody answers students: said of a person, shown where they can be chosen."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.errors import Invalid, NotFound
from kernel.people.models import Account
from tenants.setup.operations.change import change
from tenants.setup.tongues import TONGUES


def change_languages_spoken(*, account_id: UUID, languages: Sequence[str], by: Actor) -> None:
    """Exactly these, in this order; none of them: nobody has said. Raises NotFound, Invalid (speaks)."""
    with change(by, "change_languages_spoken") as this:
        account = Account.objects.filter(pk=account_id).first()
        if account is None:
            raise NotFound()
        wanted = list(dict.fromkeys(languages))
        if not set(wanted) <= set(TONGUES):
            raise Invalid(speaks=_("Choose languages from the list."))
        if account.speaks == wanted:
            return
        account.speaks = wanted
        account.save(update_fields=["speaks"])
        this.record("account", account.pk, speaks=wanted)
