"""Questions about what a student has added; asked with the conversation in hand, as it was opened for them."""

from services.contact.models import ContactRequest
from services.reach.models import NoticeWish


def wish_of(request: ContactRequest) -> NoticeWish | None:
    """The address stays sealed."""
    return NoticeWish.objects.filter(request=request).defer("address").first()
