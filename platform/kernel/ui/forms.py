"""How Django forms become our HTML: `{{ form }}` and `{{ field.as_field_group }}` give the elements of the
design system.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.template import loader
from django.utils.translation import gettext_lazy as _


class Renderer(DjangoTemplates):
    """FORM_RENDERER. Widgets come from Django's own templates, forms and fields from ours."""

    form_template_name = "ui/bound-form.html"
    field_template_name = "ui/bound-field.html"

    def get_template(self, template_name: str) -> Any:
        """Ours by the project's template engine (elements, translations), the rest by Django's."""
        if template_name.startswith("ui/"):
            return loader.get_template(template_name)
        return super().get_template(template_name)


class SayingForm(forms.Form):
    """A form that says by name what is missing or wrong, and the remedy, in our words and never in Django's.

    Words that a field brings itself stay. What a form adds in its own `__init__` is told as well: the words are made
    when they are asked for. A line end is one letter, as for who counts on the page, though a browser sends two.
    """

    def full_clean(self) -> None:
        """Django's, after the words for what may be wrong."""
        for field in self.fields.values():
            for code, words in _words_for(field).items():
                if _is_djangos(field, code):
                    field.error_messages[code] = words
        self._make_line_ends_one_letter()
        super().full_clean()

    def _make_line_ends_one_letter(self) -> None:
        areas = [name for name, field in self.fields.items() if isinstance(field.widget, forms.Textarea)]
        typed = {name: self.data.get(name) for name in map(self.add_prefix, areas)}
        changed = {
            name: text.replace("\r\n", "\n") for name, text in typed.items() if text and "\r\n" in text
        }
        if changed:
            posted: Any = self.data
            data = posted.copy()
            for name, text in changed.items():
                data[name] = text
            self.data = data


def _is_djangos(field: forms.Field, code: str) -> bool:
    """Whether the field has no words of its own for this."""
    given = field.error_messages.get(code)
    theirs = (kind.__dict__.get("default_error_messages", {}).get(code) for kind in type(field).__mro__)
    return given is None or any(given is words for words in theirs)


def _words_for(field: forms.Field) -> dict[str, str]:
    named = {"field": str(field.label).rstrip("?:")}
    said: dict[str, Any] = {"required": _("Fill in: %(field)s.")}
    if isinstance(field, forms.MultipleChoiceField | forms.ChoiceField):
        said = dict.fromkeys(("required", "invalid_choice", "invalid_list"), _("Choose: %(field)s."))
    elif isinstance(field, forms.FileField):
        missing = _("Choose a file: %(field)s.")
        said = dict.fromkeys(
            ("required", "invalid", "missing", "empty", "max_length", "invalid_image"), missing
        )
    elif isinstance(field, forms.DateField):
        said = {"required": _("Give the day: %(field)s."), "invalid": _("Give the day as in 2026-05-17.")}
    elif isinstance(field, forms.IntegerField):
        whole = _("Write a whole number, such as 24.")
        said = {"required": _("Write a number: %(field)s."), "invalid": whole}
    elif isinstance(field, forms.CharField):
        named["most"] = str(field.max_length)
        said["max_length"] = _("Too long: %(field)s. Write at most %(most)s letters.")
        said["null_characters_not_allowed"] = _("Signs that nobody sees: %(field)s. Type it anew.")
    said = {code: words % named for code, words in said.items()}
    return said | {code: said[code].replace("%", "%%") for code in _FILLED_IN if code in said}


#: Messages that Django fills in once more.
_FILLED_IN = ("max_length", "invalid_choice")
