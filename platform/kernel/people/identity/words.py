"""Why a sign-in by a provider was not taken, in words: what happened, what to do, and which field it is about."""

from dataclasses import dataclass

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Reason:
    """`field`: of the provider's page, where an administrator can mend it ("" = not there)."""

    text: LazyText | str
    field: str = ""


REASONS: dict[str, Reason] = {
    "state": Reason(_("This sign-in was begun in another browser, or too long ago. Begin again here.")),
    "cancelled": Reason(_("You stopped at the provider. Nothing has changed.")),
    "said-no": Reason(_("The provider answered with an error. Try again in a while.")),
    "off": Reason(_("This way in is switched off. Use the code by e-mail.")),
    "unreachable": Reason(_("The provider did not answer. Check the issuer, or try again later."), "issuer"),
    "address": Reason(
        _("We do not ask there: the address must begin with https:// and be open to the internet."), "issuer"
    ),
    "redirect": Reason(_("The address sends us on to another one. Write the one it ends at."), "issuer"),
    "too-much": Reason(_("The answer was far too long. Check the issuer."), "issuer"),
    "configuration": Reason(
        _("There is no OpenID configuration at this address. Check the issuer."), "issuer"
    ),
    "keys": Reason(_("The provider does not show its keys. Ask whoever runs it."), "issuer"),
    "issuer": Reason(_("The provider calls itself something else. Copy its issuer to the letter."), "issuer"),
    "client": Reason(_("The provider does not know us. Check client id and secret."), "client_id"),
    "code": Reason(_("The provider did not take its own code back: it was used, or too old. Begin again.")),
    "signature": Reason(_("The answer was not signed by the provider. We do not believe it."), "issuer"),
    "audience": Reason(_("The answer was made for somebody else. Check the client id."), "client_id"),
    "token": Reason(_("The answer was not whole. We do not believe it.")),
    "nonce": Reason(_("The answer belongs to another sign-in. Begin again here.")),
    "time": Reason(_("The answer is too old, or the provider's clock is wrong. Begin again.")),
    "stale": Reason(
        _("The provider did not ask you again just now. Try once more, or use your own second factor.")
    ),
    "someone-else": Reason(_("That was another person than the one who is signed in here.")),
    "low": Reason(_("The provider asked for one thing only. Use your own second factor.")),
    "unknown": Reason(
        _("We do not know this person yet. Sign in by e-mail, then add this way in under your account.")
    ),
    "taken": Reason(_("Somebody else here signs in as this person already. Ask your administrator.")),
    "invitation": Reason(_("This invitation is used or too old. Ask your administrator for a new one.")),
    "not-for-this": Reason(_("This provider is for others. Use another way in.")),
    "no-name": Reason(
        _("It came without a name. Ask whoever runs it to send the name (scope profile)."), "issuer"
    ),
    "level": Reason(_("The provider is less sure than you ask for. Check the levels."), "two_factor_acr"),
    "signed-out": Reason(_("You were signed out on the way. Sign in and begin again.")),
}
