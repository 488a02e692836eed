"""Questions about what a student has added; asked with the conversation in hand, as it was opened for its reader."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Q

from kernel.audit.models import ReadEntry
from services.contact.holding import holder_of
from services.contact.models import ContactRequest
from services.contact.wishes import hidden_from
from services.reach.models import Friend, NameTold, NoticeWish, Tie
from tenants.setup.portal import text_in

#: Asked in, not out again, and the conversation is open.
STANDS = Q(ended_at__isnull=True, request__closed_at__isnull=True)


def is_out(friend_id: UUID) -> bool:
    """Whether somebody who was asked in takes part no more: asked out, or the conversation is closed. The caller has
    shown that this is their own page."""
    return Friend.objects.filter(pk=friend_id).exclude(STANDS).exists()


def wish_of(request: ContactRequest) -> NoticeWish | None:
    """The address stays sealed."""
    return NoticeWish.objects.filter(request=request).defer("address").first()


def name_told(request: ContactRequest) -> NameTold | None:
    """When the student last said who they are; taken out or not."""
    return NameTold.objects.filter(request=request).order_by("-told_at", "taken_out_at").first()


def friend_of(request: ContactRequest) -> Friend | None:
    """Whom the student has asked in, and not out again."""
    friend = Friend.objects.filter(request=request, ended_at__isnull=True).first()
    if friend is not None:
        friend.request = request
    return friend


def friend_read_at(friend: Friend) -> datetime | None:
    """When the friend last read it: a log apart from that of the adults."""
    reads = ReadEntry.objects.filter(
        case_key_id=friend.case_key_id, actor_kind="friend", actor_id=friend.pk, what="conversation"
    )
    at: datetime | None = reads.aggregate(at=Max("at"))["at"]
    return at


@dataclass(frozen=True, slots=True)
class Other:
    """The other conversation, as whoever answers in this one may know it: its role; with `shares` its number, and who
    has it.
    """

    tie: Tie
    role: str
    number: str
    who: str


def others_of(request: ContactRequest, language: str, *, reader: UUID | None = None) -> list[Other]:
    """What is tied to it, the oldest tie first; for an adult who reads, without what its student keeps from them."""
    ties = Tie.objects.filter(Q(first=request) | Q(second=request)).order_by("tied_at", "pk")
    if not ties.exists():  # as with most: the rest is five tables
        return []
    names = ("first__role", "second__role", "first__taken_by", "second__taken_by")
    if reader is not None:
        kept = ContactRequest.objects.filter(hidden_from(reader)).values("pk")
        ties = ties.exclude(Q(first__in=kept) & ~Q(first=request)).exclude(
            Q(second__in=kept) & ~Q(second=request)
        )
    return [_other(tie, request, language) for tie in ties.select_related(*names)]


def _other(tie: Tie, request: ContactRequest, language: str) -> Other:
    there = tie.second if tie.first_id == request.pk else tie.first
    holder = holder_of(there) if tie.shares and there.is_open else None
    return Other(
        tie,
        text_in(there.role.names, language) or there.role.key,
        there.case_number if tie.shares else "",
        holder.get_short_name() if holder else "",
    )
