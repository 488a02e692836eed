"""That a conversation is somebody's goes with it, and is given to them."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from kernel.audit.operations import Reading
from services.contact.following import Follower, Item, Section, because
from services.contact.models import ContactRequest
from services.eid.queries import binding_of

_AT = "eid.Binding"


def _bindings(request: ContactRequest, _reading: Reading) -> Iterable[Section]:
    found = binding_of(request.pk)
    if found is not None:
        yield Section(
            "eid",
            _("When you showed who you are"),
            (
                (
                    Item(f"{_AT}.bound_at", _("When"), found.bound_at),
                    Item(f"{_AT}.provider", _("With"), found.provider.name),
                    Item(f"{_AT}.confirms_name", _("Your name is confirmed by it"), found.confirms_name),
                ),
            ),
        )


BINDINGS = Follower(
    name="eid",
    order=36,
    models=("eid.Binding",),
    gives=frozenset(f"{_AT}.{name}" for name in ("bound_at", "provider", "confirms_name")),
    excused=because("ties rows together and says nothing", f"{_AT}.request"),
    export=_bindings,
)
