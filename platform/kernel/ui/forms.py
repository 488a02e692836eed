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
    """A form whose empty fields are told by name and with the remedy, not by "This field is required."

    What a form adds in its own `__init__` is told as well: the words are made when they are asked for.
    """

    def full_clean(self) -> None:
        """Django's, after the words for what may be missing."""
        for field in self.fields.values():
            _name_what_is_missing(field)
        super().full_clean()


def _name_what_is_missing(field: forms.Field) -> None:
    if isinstance(field, forms.MultipleChoiceField | forms.ChoiceField):
        words = _("Choose: %(field)s.")
    elif isinstance(field, forms.FileField):
        words = _("Choose a file: %(field)s.")
    elif isinstance(field, forms.DateField):
        words = _("Give the day: %(field)s.")
        field.error_messages["invalid"] = _("Give the day as in 2026-05-17.")
    elif isinstance(field, forms.IntegerField):
        words = _("Write a number: %(field)s.")
        field.error_messages["invalid"] = _("Write a whole number, such as 24.")
    else:
        words = _("Fill in: %(field)s.")
    field.error_messages["required"] = words % {"field": str(field.label).rstrip("?:")}
