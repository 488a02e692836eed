"""What a student wished when they knocked goes with the case, and is given to them: whom they wanted, whom they kept
out, and what it is about."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from kernel.audit.operations import Reading
from services.contact.following import Follower, Item, Section, because, register
from services.contact.models import ContactRequest, Recusal, Wish
from services.contact.wishes import opened
from tenants.setup.tongues import tongue
from tenants.setup.topics import TOPICS


def _wish(request: ContactRequest, reading: Reading) -> Iterable[Section]:
    at, wish = "contact.Wish", opened(request, reading)
    spoken = tongue(wish.spoken) if wish.spoken else ""
    if Wish.objects.filter(request=request).exists():
        yield Section(
            "wish",
            _("What you wished for"),
            ((
                Item(f"{at}.person", _("Who it was for first"), wish.person),
                Item(f"{at}.topic", _("What it is about"), str(TOPICS.get(wish.topic, ""))),
                Item(f"{at}.spoken", _("The language you want to talk in"), spoken),
                Item(f"{at}.interpreter", _("With an interpreter"), wish.interpreter),
                Item(f"{at}.say_instead", _("What to say if somebody else answers"), wish.say_instead),
                Item(f"{at}.home_school", _("Nobody of this school may know"), wish.home_school),
            ),),
        )  # fmt: skip
    rows = Recusal.objects.filter(request=request, by_student=True).select_related("account")
    names = sorted(row.account.name for row in rows)
    if names:
        yield Section(
            "kept-out",
            _("Who must not get it"),
            tuple((Item("contact.Recusal.by_student", _("Name"), name),) for name in names),
        )


WISH = Follower(
    name="wish",
    order=12,
    models=("contact.Wish",),
    gives=frozenset(
        f"contact.Wish.{name}"
        for name in ("person", "topic", "spoken", "interpreter", "say_instead", "home_school")
    )
    | {"contact.Recusal.by_student"},
    excused=because("ties rows together and says nothing", "contact.Wish.request")
    | because("what it is about says it", "contact.Wish.is_grave"),
    export=_wish,
)


def follow() -> None:
    """Called once, when the room is loaded."""
    register(WISH)
