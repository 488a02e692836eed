"""Searching the conversations one holds. The words that are looked for are kept nowhere."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.audit.operations import Reading, readings
from kernel.errors import Invalid
from kernel.permissions import require
from services.contact.case_numbers import as_drawn
from services.contact.handover_queries import beginnings, is_closed
from services.contact.models import ContactRequest
from services.contact.queries import case_of, visible_to
from tenants.walls.facts import reader_of, thing_of
from tenants.walls.policy import decide

#: Conversations that one search opens: the newest of those one holds.
MOST = 300
LONGEST = 100  # characters of what is looked for
_SEALED = ("name", "channel_value", "preferred_times")


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, newest first. `looked_at` conversations were opened; `is_all` = one holds no more."""

    ids: tuple[UUID, ...]
    looked_at: int = 0
    is_all: bool = True


@transaction.atomic
def search(*, by: Actor, words: str) -> Found:
    """The conversations that `by` has taken in which every word stands, in any case, anywhere in a word.

    Each conversation that is opened is a row in the read log, found or not. An exact case number finds its request
    among all that `by` may see, and opens nothing. Raises Invalid for nothing or too much to look for.
    """
    require(by, "desk.search")
    words = words.replace("\x00", " ")
    wanted = words.casefold().split()
    if not wanted or len(words) > LONGEST:
        raise Invalid(search=_("Write one or more words, at most %(most)s characters.") % {"most": LONGEST})
    numbered = visible_to(by).filter(case_number=as_drawn(words)).values_list("pk", flat=True)
    if ids := tuple(numbered):
        return Found(ids)
    held = visible_to(by).filter(taken_by_id=by.id, case_key__wrapped__isnull=False)
    newest = held.select_related("case_key").prefetch_related("messages").order_by("-opened_at", "pk")
    requests, reader = list(newest[: MOST + 1]), reader_of(by)
    opened = [
        one
        for one in requests[:MOST]
        if decide(reader, thing_of(case_of(one, by.id), by, "conversation"), "search")
    ]
    proofs = readings(
        by=by,
        cases=[(one.case_key_id, one.role_id) for one in opened],
        what="conversation",
        why="search",
    )
    begins = beginnings(one.pk for one in opened)
    ids = tuple(one.pk for one in opened if _holds(one, wanted, proofs[one.case_key_id], begins[one.pk]))
    return Found(ids, len(opened), len(requests) <= MOST)


def _holds(request: ContactRequest, wanted: list[str], proof: Reading, begins: int) -> bool:
    """Whether every word stands somewhere in what was written (and is open to the one who has it, from after message
    `begins` on) and said about how to reach the student.
    """
    sealed = [getattr(request, name) for name in _SEALED]
    for message in request.messages.all():
        if is_closed(message, begins):
            continue
        message.request = request  # its case key is unwrapped once
        sealed.append(message.text)
    said = "\n".join(one.open(proof) for one in sealed if one).casefold()
    return all(word in said for word in wanted)
