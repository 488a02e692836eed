"""Handovers as their student sees them: who introduced them to whom, until when, what follows. Names by the
municipality's rule, else roles; never a reason.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.people.models import Account
from kernel.ui.bidi import apart
from services.contact import machine
from services.contact.handover_queries import chain, next_doors, standing_among
from services.contact.models import ContactRequest, Handover
from tenants.setup.models import HelperRole
from tenants.setup.portal import text_in

#: What the new adult may read.
SHARED: dict[str, LazyText] = {
    "nothing": gettext_lazy("%(to)s reads nothing that you wrote before."),
    "summary": gettext_lazy("%(to)s gets a short summary, and nothing that you wrote before."),
    "onward": gettext_lazy("%(to)s reads what you write from now on."),
    "everything": gettext_lazy("%(to)s reads everything that is written here."),
}
#: What whoever answers after the student's no reads: the old adult, or a colleague of theirs.
RETURNED: dict[str, LazyText | str] = {
    "": "",
    "nothing": gettext_lazy("Whoever answers you now does not read what you wrote with %(to)s."),
    "unread": gettext_lazy("Whoever answers you now reads what %(to)s had not read. Nothing else from then."),
    "all": gettext_lazy("Whoever answers you now also reads what you wrote with %(to)s."),
}


@dataclass(frozen=True, slots=True)
class Introduction:
    """`due` while the student waits for the new adult; `can_refuse` while they can say no, of one at a time."""

    number: int
    state: str
    giver: str
    receiver: str
    at: datetime
    due: datetime | None
    walk_along: bool
    shares: str
    can_refuse: bool
    returned: str = ""
    accepted_at: datetime | None = None
    #: What the new adult is there, beside their name; "" where no name is said.
    role: str = ""
    #: The student has asked the next door since: it says nothing of who answers now.
    is_past: bool = False

    @property
    def sentence(self) -> str:
        said = {"from": apart(self.giver), "to": apart(self.receiver), "role": apart(self.role)}
        if self.role:
            return _("%(from)s introduced you to %(to)s (%(role)s).") % said
        return _("%(from)s introduced you to %(to)s.") % said

    @property
    def shared(self) -> str:
        return str(SHARED[self.shares]) % {"to": apart(self.receiver)}

    @property
    def kept(self) -> str:
        """What whoever answers now reads of what was written with the new one; "" where nothing can be asked."""
        return str(RETURNED[self.returned]) % {"to": apart(self.receiver)}

    @property
    def is_live(self) -> bool:
        return self.state in machine.LIVE


def introductions(request: ContactRequest, language: str, *, names: bool) -> list[Introduction]:
    """Every one of a request, oldest first. The caller has shown that the reader may ask."""
    known = chain(request.pk)
    standing = standing_among(request.pk, known) if request.is_open else None
    sent = next_doors(request.pk) if known else []
    past = sent[-1].handovers if sent else 0
    return [
        _introduction(one, language, names, stands=one is standing, is_past=one.number <= past)
        for one in known
    ]


def said_on_top(known: list[Introduction]) -> list[Introduction]:
    """What became of the newest, when it came to nothing and nobody else was asked since; and the one the student can
    say no to.
    """
    over = [one for one in known[-1:] if not one.can_refuse and not one.is_past]
    return [*over, *(one for one in known if one.can_refuse)]


def _introduction(
    handover: Handover, language: str, names: bool, *, stands: bool, is_past: bool
) -> Introduction:
    person = handover.accepted_by or handover.to_account
    return Introduction(
        number=handover.number,
        state=handover.state,
        giver=_called(handover.from_account, handover.from_role, language, names),
        receiver=_called(person, handover.to_role, language, names),
        at=handover.offered_at,
        due=handover.promise.due_at if handover.state in machine.LIVE else None,
        walk_along=handover.walk_along,
        shares=handover.shares,
        can_refuse=stands and machine.after(handover.state, "refuse") is not None,
        returned=handover.returned,
        accepted_at=handover.accepted_at,
        role=_role(handover.to_role, language) if person is not None and names else "",
        is_past=is_past,
    )


def _called(person: Account | None, role: HelperRole, language: str, names: bool) -> str:
    if person is not None and names:
        return person.get_short_name()
    return _role(role, language)


def _role(role: HelperRole, language: str) -> str:
    return text_in(role.names, language) or role.key
