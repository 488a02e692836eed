"""What set-up asks before it saves: would this leave a gap in the next 30 days that is not there now?

The municipality chooses: *warn*, the page shows the gap before it saves; *block*, the operation refuses it. Nobody is
kept from being away, from closing an account, or from changing the calendar; and the machine is never refused, since
what a provider says at a sign-in is so.
"""

from collections.abc import Mapping

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.errors import Invalid
from tenants.feasibility import words
from tenants.feasibility.gaps import Gap
from tenants.feasibility.plan import Door, Step, gaps_left
from tenants.feasibility.queries import plan_now
from tenants.setup.models import HelperRole, School
from tenants.setup.portal import text_in
from tenants.setup.queries.answers import blocks_gaps

#: Doors that a refusal names; the rest is a number.
NAMED = 4


class LeavesGaps(Invalid):
    """The municipality has chosen that nothing is saved that leaves a gap. Says which, in words."""


def left_by(*steps: Step) -> dict[Door, tuple[Gap, ...]]:
    """The gaps that these changes together would leave, by the tables as they are."""
    before = after = plan_now()
    for step in steps:
        after = step(after)
    return gaps_left(before, after, clock.now())


def refuse_gaps(by: Actor, *steps: Step) -> None:
    """Raises LeavesGaps (gaps) where the municipality blocks them. Asked under set-up's lock, before it writes."""
    if by.kind == "machine" or not blocks_gaps():
        return
    left = left_by(*steps)
    if left:
        said = " ".join(in_words(left))
        raise LeavesGaps(
            gaps=_("This leaves a gap, and you have chosen to refuse that. %(gaps)s") % {"gaps": said}
        )


def in_words(left: Mapping[Door, tuple[Gap, ...]]) -> list[str]:
    """The first gap of each door, by the door's name: "Nurse, Solhaug. Thursday 3 December: nobody is there …"."""
    language = get_language() or "en"
    roles = {row.pk: row for row in HelperRole.objects.filter(pk__in=[role for role, _school in left])}
    schools = dict(School.objects.filter(pk__in=[school for _role, school in left]).values_list("pk", "name"))
    lines = sorted(
        f"{text_in(roles[role].names, language) or roles[role].key}, {schools[school]}. {words.said_gap(gaps[0])}"
        for (role, school), gaps in left.items()
    )
    rest = len(lines) - NAMED
    return lines if rest <= 0 else [*lines[:NAMED], words.and_more(rest)]
