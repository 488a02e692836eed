"""Made-up content for the gallery at `/ui/`: what every element looks like with real words. No person in it
exists.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest

from kernel import clock
from kernel.ui.icons import PATHS
from kernel.ui.scenes import SCENES


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Name of the school", help_text="As it stands on the sign.")
    kind = forms.ChoiceField(label="Kind", choices=[("vgs", "Upper secondary"), ("gs", "Compulsory")])
    email = forms.EmailField(label="E-mail", required=False)
    about = forms.CharField(label="About the school", widget=forms.Textarea, required=False)
    channel = forms.ChoiceField(
        label="How shall we reach you?",
        widget=forms.RadioSelect,
        choices=[("here", "Write here"), ("phone", "Call me"), ("walk", "Go for a walk")],
    )
    languages = forms.MultipleChoiceField(
        label="Languages", widget=forms.CheckboxSelectMultiple, choices=[("nb", "Bokmål"), ("nn", "Nynorsk")]
    )
    colour = forms.CharField(label="Colour of the door", widget=forms.ColorInput, initial="#0b5d6b")
    logo = forms.FileField(label="Logo", required=False)
    agree = forms.BooleanField(label="Show faces of the helpers")


def samples(request: HttpRequest) -> dict[str, Any]:
    """The gallery's context; `?errors` shows the form as it looks when it was refused."""
    now = clock.now()
    form = SampleForm({} if "errors" in request.GET else None)
    return {
        "form": form,
        "due": now + timedelta(hours=2, minutes=5),
        "tomorrow": now + timedelta(hours=26),
        "past": now - timedelta(minutes=40),
        "ago": now - timedelta(hours=22),
        "scenes": list(SCENES),
        "icons": list(PATHS),
        "page": Paginator(list(range(95)), 20).page(2),
        "roles": [
            {
                "value": "nurse",
                "label": "Lise, helsesykepleier",
                "hint": "Kropp, søvn, tanker",
                "note": "Svarer før tirsdag kl. 14",
                "face": True,
            },
            {"value": "counsellor", "label": "Amir, rådgiver", "hint": "Skole, fag, fremtid", "face": True},
            {"value": "any", "label": "Det er det samme", "icon": "people"},
        ],
        "channels": [
            {"value": "here", "label": "Skriv til meg her", "icon": "chat"},
            {"value": "phone", "label": "Ring meg", "icon": "phone"},
            {"value": "walk", "label": "Gå en tur", "icon": "walk"},
            {"value": "visit", "label": "Møt meg på skolen", "icon": "room"},
        ],
        "summary": [
            {"key": "Skole", "value": "Solhaug", "href": "#"},
            {"key": "Hvem", "value": "Lise, helsesykepleier", "href": "#"},
            {
                "key": "Det du skrev",
                "value": "Jeg får ikke sove og orker ikke gymmen.\nKan noen ringe meg?",
                "href": "#",
            },
        ],
        "steps": [
            {"text": "Avtale signert", "state": "done"},
            {"text": "Vurdering av personvern", "state": "now", "note": "Vi har fylt ut det meste."},
            {"text": "En vikar for hver rolle", "state": "later"},
        ],
        "tabs": [
            {"text": "Venter", "href": "#", "current": True, "count": 4},
            {"text": "Mine", "href": "#", "count": 7},
            {"text": "Overlevert til meg", "href": "#", "count": 1},
            {"text": "Avsluttet", "href": "#"},
        ],
        "figures": [
            {"value": "96 %", "label": "løfter holdt", "note": "siste 30 dager"},
            {"value": "4 t", "label": "vanlig ventetid"},
            {"value": "2", "label": "brutt", "tone": "danger"},
        ],
        "table_headers": ["Skole", "Elever", "Løfte holdt"],
        "table_rows": [[{"text": "Solhaug", "href": "#"}, "312", "98 %"], ["Lia vgs", "640", "94 %"]],
        "chips": ["Solhaug, 10. trinn", "Sak 4-K7M", {"text": "Ring etter kl. 14.30", "icon": "phone"}],
    }
