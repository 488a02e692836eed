"""The answer to a message of danger, word for word: ours in six languages, reviewed; and how a text becomes a message.

The words of a student's message never set anything off: somebody reads, decides and presses twice.
"""

from dataclasses import dataclass
from datetime import date

from kernel.ui.crisis import numbers_for

VERSION = 1
_REVIEWED_BY, _REVIEWED_ON = "Lavterskel", date(2026, 11, 26)
LONGEST = 2000

#: Sentences a student in danger can read: short, warm, true. Numbers follow below the text.
OURS: dict[str, str] = {
    "nb": (
        "Takk for at du skrev. Jeg har lest det, og jeg tar det på alvor.\n\n"
        "Er du i fare nå? Eller har du skadet deg? Ring et av numrene under med en gang. "
        "Gå til en voksen du stoler på, og bli der.\n\n"
        "Vet vi ikke hvem du er, kan vi ikke finne deg. Skriv gjerne hvor du er, eller hva du heter. "
        "Da kan vi komme.\n\n"
        "Jeg ser etter svar fra deg. Du skal ikke være alene med dette."
    ),
    "nn": (
        "Takk for at du skreiv. Eg har lese det, og eg tek det på alvor.\n\n"
        "Er du i fare no? Eller har du skadd deg? Ring eitt av numra under med ein gong. "
        "Gå til ein vaksen du stolar på, og bli der.\n\n"
        "Veit vi ikkje kven du er, kan vi ikkje finne deg. Skriv gjerne kvar du er, eller kva du heiter. "
        "Då kan vi kome.\n\n"
        "Eg ser etter svar frå deg. Du skal ikkje vere åleine med dette."
    ),
    "sv": (
        "Tack för att du skrev. Jag har läst det och jag tar det på allvar.\n\n"
        "Är du i fara nu? Eller har du skadat dig? Ring ett av numren här nedanför direkt. "
        "Gå till en vuxen du litar på och stanna där.\n\n"
        "Vet vi inte vem du är, kan vi inte hitta dig. Skriv gärna var du är eller vad du heter. "
        "Då kan vi komma.\n\n"
        "Jag ser efter om du svarar. Du ska inte vara ensam med det här."
    ),
    "da": (
        "Tak, fordi du skrev. Jeg har læst det, og jeg tager det alvorligt.\n\n"
        "Er du i fare nu? Eller har du skadet dig? Ring til et af numrene herunder med det samme. "
        "Gå hen til en voksen, du stoler på, og bliv der.\n\n"
        "Ved vi ikke, hvem du er, kan vi ikke finde dig. Skriv gerne, hvor du er, eller hvad du hedder. "
        "Så kan vi komme.\n\n"
        "Jeg holder øje med dit svar. Du skal ikke være alene med det her."
    ),
    "fi": (
        "Kiitos, että kirjoitit. Luin sen, ja otan sen vakavasti.\n\n"
        "Oletko nyt vaarassa? Tai oletko satuttanut itseäsi? Soita heti johonkin alla olevista numeroista. "
        "Mene aikuisen luo, johon luotat, ja pysy siellä.\n\n"
        "Jos emme tiedä, kuka olet, emme löydä sinua. Kirjoita, missä olet tai mikä nimesi on. "
        "Silloin voimme tulla.\n\n"
        "Seuraan, vastaatko. Sinun ei tarvitse olla tämän kanssa yksin."
    ),
    "en": (
        "Thank you for writing. I have read it, and I take it seriously.\n\n"
        "Are you in danger now? Or have you hurt yourself? Call one of the numbers below right away. "
        "Go to an adult you trust, and stay there.\n\n"
        "If we do not know who you are, we cannot find you. Write where you are, or what your name is. "
        "Then we can come.\n\n"
        "I am looking for your answer. You should not be alone with this."
    ),
}


@dataclass(frozen=True, slots=True)
class Text:
    """A text that may be sent: by whom it was reviewed and when. `version`: L1 is ours, M1 the municipality's."""

    language: str
    version: str
    text: str
    reviewed_by: str
    reviewed_on: date

    @property
    def is_ours(self) -> bool:
        """Ours are read by us alone: whoever sends one is told that no clinician has."""
        return self.version.startswith("L")


def ours(language: str) -> Text | None:
    """Our own text in this language; None where we have written none."""
    text = OURS.get(language)
    return Text(language, f"L{VERSION}", text, _REVIEWED_BY, _REVIEWED_ON) if text else None


def as_message(text: str, country: str) -> str:
    """The text with the country's crisis numbers below: the number of danger first."""
    numbers = sorted(numbers_for(country), key=lambda one: not one.danger)
    lines = [f"{one.number}  {one.name.replace(chr(0xAD), '')}" for one in numbers]
    return "\n".join([text.strip(), "", *lines])
