"""What the student wished for when they knocked, in a helper's words."""

from django.utils.translation import gettext as _

from services.contact.topic_words import topic_text
from services.contact.wishes import Wished
from tenants.setup.queries import portal
from tenants.setup.tongues import tongue


def first_for(name: str) -> list[str]:
    """For whom it is first, where the student said so: everybody at the door may know, and leave it to them."""
    return [_("Asked for %(name)s") % {"name": name}] if name else []


def danger_sign(*, shared: bool = False) -> dict[str, str]:
    """Seen before anybody takes it: somebody may be in danger, by what the student chose that it is about; which of
    these it was stays sealed. On a `shared` screen the sign only says that it comes first: whoever passes by, and knows
    which student has just sat at a computer, learns nothing of what they said.
    """
    if shared:
        return {"text": _("See this first"), "icon": "info"}
    return {"text": _("Somebody may be in danger"), "icon": "alert", "tone": "danger"}


def wish_words(wish: Wished) -> list[tuple[str, str]]:
    """What it is about, in which language, what to say to somebody else, and who may not know: (what, how)."""
    found = []
    if wish.topic:
        found.append((_("It is about:"), topic_text(portal(), wish.topic)))
    if wish.spoken:
        name = tongue(wish.spoken)
        how = _("%(language)s, with an interpreter") % {"language": name} if wish.interpreter else name
        found.append((_("Wants to talk in:"), how))
    if wish.say_instead:
        found.append((_("If somebody else picks up, say:"), wish.say_instead))
    if wish.home_school:
        found.append(
            (
                _("Outside their own school:"),
                _("Nobody at %(school)s may know.") % {"school": wish.home_school},
            )
        )
    return found
