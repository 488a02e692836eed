"""What a student has added to a conversation goes with it, and is given to them."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from kernel.audit.operations import Reading
from services.contact.following import Follower, Item, Section, because
from services.contact.models import ContactRequest
from services.reach.models import NoticeWish

_LINK = "ties rows together and says nothing"


def _notices(request: ContactRequest, reading: Reading) -> Iterable[Section]:
    at, wish = "reach.NoticeWish", NoticeWish.objects.filter(request=request).first()
    if wish is None:
        return
    wish.request = request
    yield Section(
        "notices",
        _("The e-mail when there is something new"),
        (
            (
                Item(f"{at}.asked_at", _("When"), wish.asked_at),
                Item(f"{at}.address", _("Your e-mail"), wish.address.open(reading) if wish.address else ""),
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
        f"reach.NoticeWish.{name}" for name in ("asked_at", "address", "each_time", "told_at", "failed_at")
    ),
    excused=because(_LINK, "reach.NoticeWish.request")
    | because("the language of the page they asked on", "reach.NoticeWish.language"),
    export=_notices,
)
