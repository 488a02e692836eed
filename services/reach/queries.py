"""Questions about what a student has added; asked with the conversation in hand, as it was opened for its reader."""

from dataclasses import dataclass

from django.db.models import Q

from services.contact.models import ContactRequest
from services.contact.queries import holder_of
from services.reach.models import NameTold, NoticeWish, Tie
from tenants.setup.portal import text_in


def wish_of(request: ContactRequest) -> NoticeWish | None:
    """The address stays sealed."""
    return NoticeWish.objects.filter(request=request).defer("address").first()


def name_told(request: ContactRequest) -> NameTold | None:
    """When the student last said who they are; taken out or not."""
    return NameTold.objects.filter(request=request).order_by("-told_at", "taken_out_at").first()


@dataclass(frozen=True, slots=True)
class Other:
    """The other conversation, as whoever answers in this one may know it: its role; with `shares` its number, and who
    has it.
    """

    tie: Tie
    role: str
    number: str
    who: str


def others_of(request: ContactRequest, language: str) -> list[Other]:
    """What is tied to it, the oldest tie first."""
    ties = Tie.objects.filter(Q(first=request) | Q(second=request)).order_by("tied_at", "pk")
    names = ("first__role", "second__role", "first__taken_by", "second__taken_by")
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
