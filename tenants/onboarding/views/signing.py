"""The signatory's one page: the agreement, who signs it and by which authority, and the button."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tenants.onboarding import operations, papers
from tenants.onboarding.operations.gates import signature_of
from tenants.onboarding.permissions import signatory


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, token: str) -> HttpResponse:
    """Read, then sign. A link that was used, replaced, or is too old says so and can do nothing (404)."""
    signature = signature_of(token)
    language = get_language() or "en"
    missing = ""
    if request.method == "POST" and signature.signed_at is None:
        if request.POST.get("read") == "1":
            operations.sign(
                signature_id=signature.pk, text_hash=request.POST.get("text", ""), language=language,
                by=signatory(signature.pk),
            )  # fmt: skip
            return redirect("onboarding:sign", token=token)
        missing = _("Tick that you have read it and may sign.")
    context = {
        "signature": signature,
        "application": signature.application,
        "paper": None
        if signature.signed_at
        else papers.agreement(signature.application, signature, language),
        "missing": missing,
    }
    return render(request, "onboarding/sign.html", context, status=422 if missing else 200)
