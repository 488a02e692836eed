"""What a student has added to a conversation goes with it, and is given to them."""

from collections.abc import Iterable

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kernel.audit.operations import Reading
from services.contact.following import Follower, Item, Section, because
from services.contact.models import ContactRequest
from services.reach.models import Friend, NameTold, NoticeWish
from services.reach.queries import others_of

_LINK = "ties rows together and says nothing"


def _notices(request: ContactRequest, reading: Reading) -> Iterable[Section]:
    at, wish = "reach.NoticeWish", NoticeWish.objects.filter(request=request).first()
    if wish is None:
        return
    wish.request = request
    yield Section(
        "notices",
        _("The message when there is something new"),
        (
            (
                Item(f"{at}.asked_at", _("When"), wish.asked_at),
                Item(f"{at}.by_text", _("By text message"), wish.by_text),
                Item(
                    f"{at}.address",
                    _("Your phone number or e-mail"),
                    wish.address.open(reading) if wish.address else "",
                ),
                Item(f"{at}.each_time", _("Each time"), wish.each_time),
                Item(f"{at}.told_at", _("Sent, and not looked at since"), wish.told_at),
                Item(f"{at}.failed_at", _("It did not arrive"), wish.failed_at),
            ),
        ),
    )


NOTICES = Follower(
    name="notices",
    order=32,
    models=("reach.NoticeWish",),
    gives=frozenset(
        f"reach.NoticeWish.{name}"
        for name in ("asked_at", "by_text", "address", "each_time", "told_at", "failed_at")
    ),
    excused=because(_LINK, "reach.NoticeWish.request")
    | because("the language of the page they asked on", "reach.NoticeWish.language"),
    export=_notices,
)


def _names(request: ContactRequest, _reading: Reading) -> Iterable[Section]:
    at, rows = "reach.NameTold", NameTold.objects.filter(request=request).order_by("told_at", "pk")
    said = tuple(
        (
            Item(f"{at}.told_at", _("When"), one.told_at),
            Item(f"{at}.taken_out_at", _("Taken out"), one.taken_out_at),
        )
        for one in rows
    )
    if said:
        yield Section("names_told", _("When you said who you are"), said)


NAMES = Follower(
    name="names_told",
    order=33,
    models=("reach.NameTold",),
    gives=frozenset({"reach.NameTold.told_at", "reach.NameTold.taken_out_at"}),
    excused=because(_LINK, "reach.NameTold.request"),
    export=_names,
)


def _ties(request: ContactRequest, _reading: Reading) -> Iterable[Section]:
    at = "reach.Tie"
    said = tuple(
        (
            Item(f"{at}.tied_at", _("When"), other.tie.tied_at),
            Item(f"{at}.second", _("Your other conversation"), other.role),
            Item(f"{at}.shares", _("They may know each other"), other.tie.shares),
        )
        for other in others_of(request, get_language() or "en")
    )
    if said:
        yield Section("ties", _("What you said is yours as well"), said)


TIES = Follower(
    name="ties",
    order=34,
    models=("reach.Tie",),
    gives=frozenset({"reach.Tie.tied_at", "reach.Tie.second", "reach.Tie.shares"}),
    excused=because("the same tie, from its other side", "reach.Tie.first"),
    export=_ties,
)


def _friends(request: ContactRequest, reading: Reading) -> Iterable[Section]:
    at, rows = "reach.Friend", list(Friend.objects.filter(request=request).order_by("invited_at", "pk"))
    for one in rows:
        one.request = request
    if rows:
        yield Section(
            "friends",
            _("Friends you asked in"),
            tuple(
                (
                    Item(f"{at}.tag", _("What you call your friend"), one.tag.open(reading)),
                    Item(f"{at}.reads_all", _("They read all of it"), one.reads_all),
                    Item(f"{at}.invited_at", _("Asked in"), one.invited_at),
                    Item(f"{at}.joined_at", _("They came"), one.joined_at),
                    Item(f"{at}.ended_at", _("Until"), one.ended_at),
                )
                for one in rows
            ),
        )


FRIENDS = Follower(
    name="friends",
    order=35,
    models=("reach.Friend",),
    gives=frozenset(
        f"reach.Friend.{name}" for name in ("tag", "reads_all", "invited_at", "joined_at", "ended_at")
    ),
    excused=because(_LINK, "reach.Friend.request"),
    export=_friends,
)
