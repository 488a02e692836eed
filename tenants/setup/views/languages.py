"""/setup/languages/ and /setup/wording/: what students read."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kernel.actor import actor_of
from tenants.setup import operations
from tenants.setup.countries import REVIEWED_BY_US
from tenants.setup.door_texts import door_texts
from tenants.setup.forms import LanguagesForm, WordingForm, attempt, language_name
from tenants.setup.models import Language
from tenants.setup.queries import portal
from tenants.setup.views.common import administrators, done, page
from tenants.setup.wording import KEYS


@administrators
def languages(request: HttpRequest) -> HttpResponse:
    """Which languages, which one first, and who has reviewed each."""
    shown = portal()
    form = LanguagesForm(
        request.POST or None,
        initial={"languages": list(shown.language_codes), "default_language": shown.default_language},
    )
    if request.method == "POST" and form.is_valid():
        by = actor_of(request)
        if attempt(form, lambda: operations.change_languages(**form.cleaned_data, by=by)):
            return done(request, _("Saved."), "languages")
    rows = [
        {
            "code": row.code,
            "field_id": f"reviewed-by-{row.code}",
            "name": language_name(row.code),
            "by_us": row.code in REVIEWED_BY_US,
            "reviewed_by": row.reviewed_by,
            "reviewed_at": row.reviewed_at,
        }
        for row in Language.objects.order_by("order")
    ]
    return page(request, "languages", "languages", form=form, rows=rows)


@administrators
@require_safe
def language(request: HttpRequest, code: str) -> HttpResponse:
    """All that a student meets in this language, beside one's own: to be read by somebody who speaks it."""
    row = Language.objects.filter(code=code).first()
    if row is None:
        raise Http404
    texts = door_texts(code)
    listed = [(_("What must be right first"), texts.first), (_("Everything else"), texts.rest)]
    return page(
        request, "languages", "language", row=row, code=code, name=language_name(code), listed=listed,
        missing=texts.missing, by_us=code in REVIEWED_BY_US,
    )  # fmt: skip


@administrators
@require_POST
def review(request: HttpRequest, code: str) -> HttpResponse:
    """Note who has read this language."""
    operations.review_language(
        code=code, reviewed_by=request.POST.get("reviewed_by", ""), by=actor_of(request)
    )
    return done(request, _("Saved."), "languages")


@administrators
def wording(request: HttpRequest) -> HttpResponse:
    """Own sentences, per key and language, in one form; an empty one gives ours back."""
    shown = portal()
    codes = shown.language_codes
    initial = {f"{key}_{code}": shown.sentence(key, code) for key in KEYS for code in codes}
    form = WordingForm(request.POST if request.method == "POST" else None, initial=initial, languages=codes)
    if request.method == "POST" and form.is_valid():
        by = actor_of(request)
        if attempt(form, lambda: operations.change_wordings(texts=form.changed(), by=by)):
            return done(request, _("Saved."), "wording")
    sentences = [
        {
            "title": title,
            "where": where,
            "fields": [(form[f"{key}_{code}"], form.was(f"{key}_{code}")) for code in codes],
        }
        for key, (title, where) in KEYS.items()
    ]
    return page(request, "wording", "wording", sentences=sentences, form=form)
