# ruff: noqa: E501 - what people say is kept on one line
"""Two weeks of believable requests. Invented, all of them; nobody's own words."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody does something, some time after the knock (or after the due time).

    `who` is "student" or one of the cast; `does` is take, read, reply, close, withdraw, a channel by which the student
    was reached or not, accept or decline what was offered, worry, or whom the worried told; `says` the text, the outcome
    of closing, reached/attempted, how urgent, or what was said and, after a bar, why to the student.
    """

    after: timedelta
    who: str
    does: str
    says: str = ""
    from_due: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """`who` hands it over to another of the cast; how the student agreed, and what follows, as in contact."""

    after: timedelta
    who: str
    to: str
    reason: str
    shares: str
    agreement: str
    summary: str = ""
    walk_along: bool = False
    from_due: bool = False


@dataclass(frozen=True, slots=True)
class Proposes:
    """Some time after the knock somebody agrees how urgent it is and proposes times: each at `at` on a weekday ahead of
    the present day (the demo is lived up to now), the first of which the student chooses if `chosen`."""

    after: timedelta
    who: str
    urgency: str
    way: str
    place: str
    times: tuple[tuple[int, str], ...]
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Overdue:
    """Nobody answered: the promise breaks."""


@dataclass(frozen=True, slots=True)
class Story:
    """One knock and what came of it. Either `minutes_ago`, or `at` a local clock time some weekdays ago."""

    school: str
    role: str
    channel: str
    message: str
    language: str
    steps: tuple[Step | Offer | Proposes | Overdue, ...] = ()
    weekdays_ago: int = 0
    at: str = "10:00"
    minutes_ago: int = 0
    reach_at: str = ""
    name: str = ""
    times: str = ""


def _hours(hours: float) -> timedelta:
    return timedelta(minutes=round(hours * 60))


def _take(hours: float, who: str) -> Step:
    return Step(_hours(hours), who, "take")


def _reply(hours: float, who: str, text: str) -> Step:
    return Step(_hours(hours), who, "reply", text)


def _says(hours: float, text: str) -> Step:
    return Step(_hours(hours), "student", "write", text)


def _reached(hours: float, who: str, channel: str) -> Step:
    return Step(_hours(hours), who, channel, "reached")


def _tried(hours: float, who: str, channel: str) -> Step:
    return Step(_hours(hours), who, channel, "attempted")


def _offers(hours: float, who: str, to: str, reason: str, **how: Any) -> Offer:
    return Offer(_hours(hours), who, to, reason, **how)


def _answers(hours: float, who: str, does: str, why: str = "") -> Step:
    return Step(_hours(hours), who, does, why)


def _close(hours: float, who: str, outcome: str = "helped") -> Step:
    return Step(_hours(hours), who, "close", outcome)


def _worried(hours: float, who: str, urgency: str) -> Step:
    return Step(_hours(hours), who, "worry", urgency, from_due=True)


def _told(hours: float, who: str, recipient: str, words: str, because: str) -> Step:
    return Step(_hours(hours), who, recipient, f"{words}|{because}", from_due=True)


def _late(hours: float, who: str, text: str) -> Step:
    return Step(_hours(hours), who, "reply", text, from_due=True)


def _meets(
    hours: float,
    who: str,
    way: str,
    place: str,
    *times: tuple[int, str],
    urgency: str = "weeks",
    chosen: bool = False,
) -> Proposes:
    return Proposes(_hours(hours), who, urgency, way, place, times, chosen)


_SV = "sv"
NORRTALJE: tuple[Story, ...] = (
    Story(
        "Rodengymnasiet", "nurse", "conversation",
        "Hej. Jag sover nästan ingenting. Ligger vaken till tre och orkar inte upp. Vet inte vad jag ska göra.",
        _SV, weekdays_ago=9, at="22:40",
        steps=(
            _take(9.5, "nurse"),
            _reply(9.7, "nurse", "Hej! Bra att du skrev. Det är tungt att inte få sova. Har det varit så länge?"),
            _says(12, "Kanske tre veckor. Det snurrar i huvudet när det blir tyst."),
            _reply(12.5, "nurse", "Då gör vi något åt det. Jag sitter i rum B12 i morgon klockan tio. Vill du komma?"),
            _says(13, "Ja, det går bra. Tack."),
            _close(38, "nurse"),
        ),
    ),
    Story(
        "Grindskolan", "counsellor", "conversation",
        "Mina kompisar har slutat prata med mig. De tystnar när jag kommer.",
        _SV, weekdays_ago=8, at="14:15",
        steps=(
            _reply(3, "counsellor", "Vad ledsamt att höra. Du ska inte behöva ha det så. Vill du berätta lite mer?"),
            _says(5, "Det började efter klassresan. Jag vet inte vad jag har gjort."),
            _reply(20, "counsellor", "Du behöver inte ha gjort något alls. Ska vi ta en promenad på långrasten?"),
            _says(21, "Okej. Vid stora entrén?"),
            _close(48, "counsellor"),
        ),
    ),
    Story(
        "Rodengymnasiet", "counsellor", "phone",
        "Det är rörigt hemma. Jag vill helst prata, inte skriva.",
        _SV, weekdays_ago=7, at="16:30", reach_at="070-174 06 05", name="Alva", times="Efter klockan tre",
        steps=(_take(1, "counsellor"), _reached(17, "counsellor", "phone"), _close(42, "counsellor")),
    ),
    Story(
        "Lommarskolan", "nurse", "visit", "", _SV, weekdays_ago=6, at="09:05", reach_at="Jag heter Noor, klass 8B",
        name="Noor", steps=(_take(0.5, "nurse"), _reached(2, "nurse", "visit"), _close(3, "nurse")),
    ),
    Story(
        "Rodengymnasiet", "nurse", "conversation",
        "Jag har ont i magen varje morgon innan skolan. Mamma tror att jag fuskar.",
        _SV, weekdays_ago=6, at="11:20",
        steps=(
            Overdue(),
            _late(2, "nurse2", "Hej. Förlåt att du fick vänta, det var för länge. Jag tror på dig. Kan vi ses i dag?"),
            _says(100, "Ja, efter lunch. Det är lite bättre nu."),
        ),
    ),
    Story(
        "Roslagsskolan", "counsellor", "sms", "Kan någon skriva till mig? Det handlar om en kille i klassen.",
        _SV, weekdays_ago=5, at="18:45", reach_at="070-174 06 12",
        steps=(_take(14, "counsellor"), _tried(15, "counsellor", "sms"), _reached(22, "counsellor", "sms")),
    ),
    Story(
        "Grindskolan", "nurse", "conversation", "Är det farligt att hoppa över mat ibland?", _SV,
        weekdays_ago=4, at="19:30",
        steps=(
            _reply(13, "nurse", "Bra fråga, och bra att du ställer den. Hur kommer det sig att du undrar?"),
            _says(14, "Jag vill bara gå ner lite. Alla andra är smala."),
            _reply(16, "nurse", "Många tänker så. Jag vill gärna prata med dig om det. Du bestämmer hur."),
            _meets(17, "nurse", "walk", "Vid stora entrén", (1, "11:30"), chosen=True),
        ),
    ),
    Story(
        "Lommarskolan", "counsellor", "walk", "Kan man gå en runda i stället för att sitta på ett kontor?", _SV,
        weekdays_ago=3, at="08:20", reach_at="Vid cykelstället, elvarasten", name="Milo",
        steps=(_take(2, "counsellor"), _reached(3, "counsellor", "walk")),
    ),
    Story(
        "Rodengymnasiet", "counsellor", "conversation",
        "Jag är rädd att jag inte klarar gymnasiet. Har missat så mycket.", _SV, weekdays_ago=2, at="15:10",
        steps=(
            _reply(4, "counsellor", "Tack för att du skrev. Det går nästan alltid att hitta en väg. Vad är svårast?"),
            _says(6, "Matten. Och att gå dit när alla tittar."),
            _meets(20, "counsellor", "room", "Rum C04, bakom biblioteket", (1, "10:00"), (2, "13:30"), (3, "09:15")),
        ),
    ),
    Story(
        "Grindskolan", "counsellor", "conversation", "Ingen svarar. Finns ni?", _SV, weekdays_ago=3, at="10:30",
        steps=(Overdue(),),
    ),
    Story(
        "Rodengymnasiet", "nurse", "phone", "Undrar över p-piller. Ring gärna, men inte på lektionstid.", _SV,
        minutes_ago=1290, reach_at="070-174 06 20", times="Efter klockan fyra",
        steps=(_take(10, "nurse"), _tried(12, "nurse", "phone")),
    ),
    Story(
        "Lommarskolan", "nurse", "conversation",
        "Hej, jag har fått panik två gånger på bussen. Hjärtat slår så hårt.", _SV, minutes_ago=310,
    ),
    Story(
        "Grindskolan", "nurse", "conversation", "I moved here in August. I feel sick before every school day.",
        "en", minutes_ago=170,
    ),
    Story(
        "Rodengymnasiet", "counsellor", "conversation", "Det är inget stort. Vill bara prata med någon.", _SV,
        minutes_ago=95,
    ),
    Story(
        "Roslagsskolan", "nurse", "visit", "", _SV, minutes_ago=40, reach_at="Klass 9A, jag heter Tove", name="Tove",
    ),
    Story(
        "Rodengymnasiet", "counsellor", "phone", "", _SV, minutes_ago=12, reach_at="070-174 06 31",
    ),
)  # fmt: skip

_NB = "nb"
BUSKERUD: tuple[Story, ...] = (
    # Taken back over three weeks ago: its time is over in some days (services/retention).
    Story(
        "Rosthaug vgs", "counsellor", "conversation",
        "Hei. Jeg lurer på om jeg kan bytte klasse. Men kanskje det går over.",
        _NB, weekdays_ago=18, at="13:05",
        steps=(Step(_hours(2), "counsellor", "read"), Step(_hours(5), "student", "withdraw")),
    ),
    Story(
        "Rosthaug vgs", "counsellor", "conversation",
        "Hei. Jeg tror jeg har valgt feil linje. Har lyst til å slutte, men tør ikke si det hjemme.",
        _NB, weekdays_ago=10, at="12:10",
        steps=(
            _take(1, "counsellor"),
            _reply(1.5, "counsellor", "Hei! Så bra at du skrev. Det er mange som kjenner det slik om høsten."),
            _says(3, "Jeg ville egentlig ta helse. Men alle vennene mine går her."),
            _reply(21, "counsellor", "Da ser vi på det sammen. Kom innom meg torsdag kl. 10, rom 114. Du bestemmer farten."),
            _says(22, "Takk, det gjør jeg."),
            _close(96, "counsellor"),
        ),
    ),
    Story(
        "Drammen vgs", "nurse", "visit", "", _NB, weekdays_ago=9, at="10:20", reach_at="Elias, 1STC", name="Elias",
        steps=(_take(0.3, "nurse2"), _reached(1.5, "nurse2", "visit"), _close(2, "nurse2")),
    ),
    Story(
        "Drammen vgs", "nurse", "conversation",
        "Jeg har begynt å snuse mye og får ikke til å slutte. Er det noe dere kan hjelpe med?",
        _NB, weekdays_ago=9, at="13:40",
        steps=(
            _reply(2, "nurse", "Ja, det kan vi. Fint at du spør. Hvor mye blir det på en dag?"),
            _says(4, "En boks. Av og til mer."),
            _reply(19, "nurse", "Da lager vi en plan som passer deg. Vil du komme, eller skrive her?"),
            _says(20, "Skrive først."),
            _close(70, "nurse"),
        ),
    ),
    Story(
        "Rosthaug vgs", "psychologist", "conversation",
        "Alt er grått. Jeg smiler på skolen og gråter når jeg kommer hjem.",
        _NB, weekdays_ago=8, at="20:15",
        steps=(
            _take(12, "psychologist"),
            _reply(12.5, "psychologist", "Takk for at du forteller det. Det må være slitsomt å bære alene."),
            _says(15, "Ja. Ingen vet det."),
            _reply(16, "psychologist", "Nå vet jeg det. Jeg har tid i morgen kl. 12. Passer det å møtes?"),
            _says(17, "Ja."),
            _meets(100, "psychologist", "room", "Rom 118, ved helsekontoret", (1, "12:00"), chosen=True),
        ),
    ),
    Story(
        "Drammen vgs", "counsellor", "phone", "Det gjelder lærlingplass. Kan noen ringe?", _NB,
        weekdays_ago=7, at="09:30", reach_at="400 00 017", name="Amina", times="Mellom 14 og 16",
        steps=(_take(1, "counsellor"), _tried(5, "counsellor", "phone"), _reached(29, "counsellor", "phone"),
               _close(30, "counsellor")),
    ),
    Story(
        "Rosthaug vgs", "nurse", "conversation",
        "Det er bråk hjemme hver kveld. Jeg får ikke gjort lekser, og jeg er redd.",
        _NB, weekdays_ago=6, at="14:50",
        steps=(
            Overdue(),
            _late(1.5, "nurse", "Hei. Du fikk vente for lenge, og det beklager jeg. Er du trygg akkurat nå?"),
            _worried(2, "nurse", "soon"),
            _told(3, "nurse", "child_welfare", "Ringte barneverntjenesten i Modum. Fortalte om bråk og redsel hjemme.",
                  "Fordi du skal være trygg hjemme, også når du er hos mamma igjen."),
            _says(120, "Ja, hos mormor nå."),
        ),
    ),
    Story(
        "Drammen vgs", "ppt", "conversation", "Jeg leser så sakte at jeg aldri blir ferdig. Kan jeg få utredning?",
        _NB, weekdays_ago=5, at="11:00",
        steps=(
            _reply(26, "ppt", "Hei! Ja, det kan vi se på. Har du fått hjelp med lesing før?"),
            _says(28, "På barneskolen. Så ble det borte da jeg byttet skole."),
            _meets(30, "ppt", "room", "Rom 203, andre etasje", (2, "12:00"), (3, "10:00")),
        ),
    ),
    Story(
        "Lier vgs", "counsellor", "conversation", "Har så mye fravær at jeg er redd for å miste karakteren.", _NB,
        weekdays_ago=4, at="12:30",
        steps=(
            _reply(3, "counsellor2", "Godt at du sier fra nå. Det er fortsatt tid. Hva er det som stopper deg?"),
            _says(5, "Bussen, og at jeg blir så sliten."),
        ),
    ),
    Story(
        "Rosthaug vgs", "counsellor", "walk", "Kan vi gå en tur? Jeg snakker bedre når jeg går.", _NB,
        weekdays_ago=3, at="08:40", reach_at="Ved sykkelstativet i storefri", name="Sondre",
        steps=(_take(1, "counsellor"), _reached(3.5, "counsellor", "walk")),
    ),
    Story(
        "Drammen vgs", "counsellor", "conversation", "Noen legger ut bilder av meg. Hva gjør jeg?", _NB,
        weekdays_ago=5, at="15:20", steps=(Overdue(),),
    ),
    Story(
        "Drammen vgs", "nurse", "sms", "Kan dere skrive når det er ledig time til prevensjon?", _NB,
        minutes_ago=1500, reach_at="400 00 024", steps=(_take(2, "nurse2"), _tried(3, "nurse2", "sms")),
    ),
    Story(
        "Rosthaug vgs", "psychologist", "conversation", "Eg klarer ikkje slutte å tenke på ulykka.", "nn",
        minutes_ago=420,
    ),
    Story(
        "Drammen vgs", "nurse", "conversation",
        "Jeg har fått angst før prøver. Hendene skjelver så jeg ikke får skrevet.", _NB, minutes_ago=200,
    ),
    Story(
        "Rosthaug vgs", "nurse", "visit", "", _NB, minutes_ago=110, reach_at="Maja, 2HOA", name="Maja",
    ),
    Story(
        "Drammen vgs", "counsellor", "conversation",
        "Hei, jeg er ny her og kjenner ingen. Sitter alene i lunsjen.", _NB, minutes_ago=55,
    ),
    Story(
        "Rosthaug vgs", "counsellor", "phone", "", _NB, minutes_ago=18, reach_at="400 00 031",
    ),
    Story(
        "Rosthaug vgs", "nurse", "conversation",
        "Jeg sover dårlig fordi jeg ikke får til skolen. Vet ikke hvem jeg skal si det til.", _NB,
        weekdays_ago=6, at="09:15",
        steps=(
            _take(1, "nurse"),
            _reply(1.2, "nurse", "Så bra at du sa det. Skal jeg spørre rådgiveren om å hjelpe deg med skoledagen?"),
            _says(2, "Ja, det hadde vært fint. Men ikke fortell alt."),
            _offers(3, "nurse", "counsellor", "Eleven trenger en plan for skoledagen.", shares="summary",
                    agreement="in_writing", summary="Elev som sover dårlig på grunn av skolen. Ønsker en plan.",
                    walk_along=True),
            _answers(5, "counsellor", "accept"),
            _reply(5.5, "counsellor", "Hei! Ingrid har fortalt at du vil ha en plan. Vi tar det i ditt tempo."),
        ),
    ),
    Story(
        "Drammen vgs", "counsellor", "conversation",
        "Jeg klarer ikke å konsentrere meg etter at farfar døde.", _NB, weekdays_ago=1, at="09:05",
        steps=(
            _take(1, "counsellor"),
            _reply(1.3, "counsellor", "Det gjør meg vondt. Vi har en psykolog her som kan mye om sorg. Skal jeg spørre?"),
            _says(3, "Ja, spør gjerne."),
            _offers(4, "counsellor", "psychologist", "Sorg. Ønsker noen å snakke med over tid.", shares="everything",
                    agreement="in_writing"),
            _answers(6, "psychologist", "decline", "Fullt til over nyttår. Spør helsesykepleieren."),
        ),
    ),
    Story(
        "Rosthaug vgs", "nurse", "conversation", "Kan noen hjelpe meg å søke om ekstra tid på prøver?", _NB,
        minutes_ago=240,
        steps=(
            _take(0.4, "nurse"),
            _reply(0.5, "nurse", "Det kan rådgiveren. Er det greit at jeg spør, og at han leser det du skriver videre?"),
            _says(0.9, "Ja, helt greit."),
            _offers(1.5, "nurse", "counsellor", "Ekstra tid på prøver er rådgiverens felt.", shares="onward",
                    agreement="in_writing", walk_along=True),
        ),
    ),
)  # fmt: skip
STORIES: dict[str, tuple[Story, ...]] = {"norrtalje": NORRTALJE, "buskerud": BUSKERUD}
