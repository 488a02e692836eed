"""The ways to be reached, in a student's words."""

from dataclasses import dataclass

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from services.contact.models import Channel


@dataclass(frozen=True, slots=True)
class Way:
    """How it is called when chosen, what it means, its icon; what to type, and how a keyboard helps.

    `discreet` is the choice about others who may answer or read there; empty where nobody else does.
    """

    kind: str
    name: LazyText
    hint: LazyText
    icon: str
    value_label: LazyText
    value_hint: LazyText | str = ""
    input_type: str = "text"
    autocomplete: str = "off"
    discreet: LazyText | str = ""


WAYS = (
    Way(
        Channel.CONVERSATION, _("Write here"), _("You get a code. Only you have it."), "chat",
        _("Nothing more is needed"),
    ),
    Way(
        Channel.PHONE, _("Call me"), _("An adult calls you."), "phone",
        _("Your phone number"), _("Only those you knock on see it."), input_type="tel", autocomplete="tel",
        discreet=_("If somebody else answers: do not say who is calling."),
    ),
    Way(
        Channel.SMS, _("Send me a text message"), _("An adult writes to your phone."), "sms",
        _("Your phone number"), _("Only those you knock on see it."), input_type="tel", autocomplete="tel",
        discreet=_("Others may see the message: do not write who it is from."),
    ),
    Way(
        Channel.EMAIL, _("Send me an e-mail"), _("Choose one that only you read."), "mail",
        _("Your e-mail"), input_type="email", autocomplete="email",
    ),
    Way(
        Channel.VISIT, _("Meet me at school"), _("You meet in a quiet room."), "room",
        _("A place, or your name and class"), _("So that the adult can find you."),
    ),
    Way(
        Channel.VIDEO, _("Video call"), _("You get a link."), "video",
        _("Your phone number or e-mail"), _("We send the link there."),
    ),
    Way(
        Channel.WALK, _("Take a walk"), _("You walk and talk."), "walk",
        _("Your phone number, or a place to meet"),
    ),
)  # fmt: skip
BY_KIND = {str(way.kind): way for way in WAYS}
