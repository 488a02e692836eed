"""Which languages students are offered, which is the default, which a named person has reviewed; own
sentences."""

from collections.abc import Iterator, Mapping, Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.errors import Conflict, FieldError, Invalid, NotFound
from kernel.plain import hidden_signs
from tenants.setup.countries import REVIEWED_BY_US
from tenants.setup.door_texts import is_complete
from tenants.setup.models import Language, Wording
from tenants.setup.operations.change import change
from tenants.setup.topics import WORD_KEYS
from tenants.setup.wording import KEYS

LONGEST_SENTENCE = 400


def checked_languages(codes: Sequence[str], default: str) -> list[str]:
    """The codes, each once, the default among them. Raises Invalid (languages, default_language)."""
    known = {code for code, _name in settings.LANGUAGES}
    wanted = list(dict.fromkeys(codes))
    errors = []
    if not wanted:
        errors.append(FieldError("languages", _("Choose at least one language.")))
    unknown = [code for code in wanted if code not in known]
    if unknown:
        errors.append(
            FieldError(
                "languages",
                _("We do not speak %(unknown)s yet. Choose among %(known)s.")
                % {"unknown": ", ".join(unknown), "known": ", ".join(sorted(known))},
            )
        )
    if default not in wanted:
        errors.append(FieldError("default_language", _("The default must be one of the chosen languages.")))
    elif default in known and default not in REVIEWED_BY_US:
        errors.append(
            FieldError("default_language", _("The default must be a language that we have reviewed."))
        )
    if errors:
        raise Invalid(errors)
    return wanted


def change_languages(*, languages: Sequence[str], default_language: str, by: Actor) -> None:
    """Offer exactly these languages to students, in this order. Reviews of languages that stay are kept."""
    codes = checked_languages(languages, default_language)
    with change(by, "change_languages") as this:
        before = list(Language.objects.order_by("order").values_list("code", "is_default"))
        if before == [(code, code == default_language) for code in codes]:
            return
        Language.objects.exclude(code__in=codes).delete()
        Language.objects.filter(is_default=True).exclude(code=default_language).update(is_default=False)
        for order, code in enumerate(codes):
            Language.objects.update_or_create(
                code=code, defaults={"order": order, "is_default": code == default_language}
            )
        this.record("language", default_language, languages=codes)


def review_language(*, code: str, reviewed_by: str, by: Actor) -> None:
    """Note who has read the crisis block, the secrecy text, the promise and the receipt in this language.

    An empty name takes the review back.
    """
    if errors := hidden_signs(reviewed_by=reviewed_by.strip()):
        raise Invalid(errors)
    with change(by, "review_language") as this:
        row = Language.objects.filter(code=code).first()
        if row is None:
            raise NotFound(_("This language is not offered."))
        if reviewed_by.strip() and not is_complete(code):
            raise Conflict(_("We have not written the whole door in this language yet."), code="incomplete")
        row.reviewed_by = reviewed_by.strip()[:120]
        row.reviewed_at = clock.now() if row.reviewed_by else None
        row.save()
        this.record("language", code, reviewed=bool(row.reviewed_by))


def change_wording(*, key: str, language: str, text: str, by: Actor) -> None:
    """Replace one of our sentences by the municipality's own; an empty text gives ours back.

    Raises Invalid (key, language, text).
    """
    texts = {(key, language): text}
    errors = [FieldError(field, text) for _place, field, text in _wrong(texts)]
    if errors:
        raise Invalid(errors)
    change_wordings(texts=texts, by=by)


def change_wordings(*, texts: Mapping[tuple[str, str], str], by: Actor) -> None:
    """Replace several sentences at once, by (key, language): all of them, or none.

    Raises Invalid with every error; its fields are called `key.language`.
    """
    wrong = [FieldError(".".join(place), text) for place, _field, text in _wrong(texts)]
    if wrong:
        raise Invalid(wrong)
    with change(by, "change_wording") as this:
        stored = {(row.key, row.language): row for row in Wording.objects.all()}
        for (key, language), typed in texts.items():
            row, text = stored.get((key, language)), _one_line(typed)
            if (row.text if row else "") == text:
                continue
            if row and not text:
                row.delete()
            else:
                Wording.objects.update_or_create(key=key, language=language, defaults={"text": text})
            this.record("wording", key, language=language, ours=not text)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _wrong(texts: Mapping[tuple[str, str], str]) -> Iterator[tuple[tuple[str, str], str, str]]:
    """Each fault: whose, in which part (key, language, text), in words."""
    known = {code for code, _name in settings.LANGUAGES}
    for place, text in texts.items():
        key, language = place
        if key not in KEYS and key not in WORD_KEYS:
            yield place, "key", _("There is no such sentence.")
        if language not in known:
            yield place, "language", _("We do not speak this language yet.")
        if len(_one_line(text)) > LONGEST_SENTENCE:
            yield place, "text", _("Keep it under %(most)d characters.") % {"most": LONGEST_SENTENCE}
        for error in hidden_signs(text=_one_line(text)):
            yield place, "text", str(error.message)
