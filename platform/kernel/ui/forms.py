"""How Django forms become our HTML: `{{ form }}` and `{{ field.as_field_group }}` give the elements of the
design system.
"""

from __future__ import annotations

from typing import Any

from django.forms.renderers import DjangoTemplates
from django.template import loader


class Renderer(DjangoTemplates):
    """FORM_RENDERER. Widgets come from Django's own templates, forms and fields from ours."""

    form_template_name = "ui/bound-form.html"
    field_template_name = "ui/bound-field.html"

    def get_template(self, template_name: str) -> Any:
        """Ours by the project's template engine (elements, translations), the rest by Django's."""
        if template_name.startswith("ui/"):
            return loader.get_template(template_name)
        return super().get_template(template_name)
