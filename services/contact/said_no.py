"""Whom a student has said no to, in sum: the doors, and everybody who is kept out of each of many requests."""

from collections.abc import Collection
from uuid import UUID

from services.contact import machine
from services.contact.handover_queries import Door, said_no
from services.contact.models import Handover, Recusal, Wish
from services.contact.wishes import staff_at_home


def doors_said_no_to(request_id: UUID) -> frozenset[Door]:
    """The roles at schools to which the student said no before anybody there had taken the request over, and has not
    agreed to since: it goes there only when the student asks for it."""
    rows = Handover.objects.filter(request_id=request_id).order_by("number")
    found: set[Door] = set()
    for state, agreement, role_id, school_id, asked, took in rows.values_list(
        "state", "agreement", "to_role_id", "to_school_id", "to_account_id", "accepted_by_id"
    ):
        if state == "refused" and asked is None and took is None:
            found.add((role_id, school_id))
        elif state in ("offered", *machine.IN_FORCE) and agreement != Handover.Agreement.NONE:
            found.discard((role_id, school_id))
    return frozenset(found)


def kept_out_of(request_ids: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """For each request, who can neither have it nor hear of it (`handover_queries.kept_out`). Three queries, and one
    for each whose student wanted nobody of their own school."""
    asides = Recusal.objects.filter(request_id__in=request_ids, undone_at__isnull=True)
    refused = said_no().filter(request_id__in=request_ids)
    found: dict[UUID, set[UUID]] = {one: set() for one in request_ids}
    for request_id, account_id in asides.values_list("request_id", "account_id"):
        found[request_id].add(account_id)
    for request_id, took, asked in refused.values_list("request_id", "accepted_by_id", "to_account_id"):
        found[request_id].update(who for who in (took or asked,) if who)
    outside = Wish.objects.filter(request_id__in=request_ids, home_school__isnull=False)
    for request_id in outside.values_list("request_id", flat=True):
        posts, *others = staff_at_home(request_id)
        found[request_id].update(who for (who,) in posts.union(*others))
    return {request_id: frozenset(who) for request_id, who in found.items()}
