"""The answer to a message of danger, word for word: ours in six languages, reviewed; and how a text becomes a message.

Two of them: for a student in danger, and for one who is worried about a friend. What stands in `DRAFTS` nobody who
speaks that language has read: it is sent only once a municipality has had it reviewed.

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


#: For whoever is worried about somebody else: what to do now, that they did right, that it is not theirs to carry.
FOR_A_FRIEND: dict[str, str] = {
    "nb": (
        "Takk for at du sa fra. Det var riktig gjort. Jeg har lest det, og jeg tar det på alvor.\n\n"
        "Er vennen din i fare nå? Ring et av numrene under med en gang. Du trenger ikke spørre om lov først. "
        "Er du sammen med vennen din, så bli der til en voksen kommer. Men ikke sett deg selv i fare.\n\n"
        "Skriv gjerne hvor vennen din er. Da kan vi hjelpe. Vet vi ikke hvem det er, kan vi ikke finne noen.\n\n"
        "Du svikter ingen når du sier fra. Og du skal ikke bære dette alene. Hvordan har du det selv?"
    ),
    "nn": (
        "Takk for at du sa frå. Det var rett gjort. Eg har lese det, og eg tek det på alvor.\n\n"
        "Er venen din i fare no? Ring eitt av numra under med ein gong. Du treng ikkje spørje om lov først. "
        "Er du saman med venen din, så bli der til ein vaksen kjem. Men ikkje set deg sjølv i fare.\n\n"
        "Skriv gjerne kvar venen din er. Då kan vi hjelpe. Veit vi ikkje kven det er, kan vi ikkje finne nokon.\n\n"
        "Du svik ingen når du seier frå. Og du skal ikkje bere dette åleine. Korleis har du det sjølv?"
    ),
    "sv": (
        "Tack för att du berättade. Det var rätt gjort. Jag har läst det och jag tar det på allvar.\n\n"
        "Är din vän i fara nu? Ring ett av numren här nedanför direkt. Du behöver inte fråga om lov först. "
        "Är du hos din vän, så stanna tills en vuxen kommer. Men utsätt dig inte själv för fara.\n\n"
        "Skriv gärna var din vän är. Då kan vi hjälpa till. Vet vi inte vem det är, kan vi inte hitta någon.\n\n"
        "Du sviker ingen när du berättar. Och du ska inte bära det här ensam. Hur mår du själv?"
    ),
    "da": (
        "Tak, fordi du sagde det. Det var rigtigt gjort. Jeg har læst det, og jeg tager det alvorligt.\n\n"
        "Er din ven i fare nu? Ring til et af numrene herunder med det samme. Du behøver ikke spørge om lov først. "
        "Er du sammen med din ven, så bliv der, til en voksen kommer. Men bring ikke dig selv i fare.\n\n"
        "Skriv gerne, hvor din ven er. Så kan vi hjælpe. Ved vi ikke, hvem det er, kan vi ikke finde nogen.\n\n"
        "Du svigter ingen, når du siger det. Og du skal ikke bære det her alene. Hvordan har du det selv?"
    ),
    "fi": (
        "Kiitos, että kerroit. Teit oikein. Luin sen, ja otan sen vakavasti.\n\n"
        "Onko ystäväsi nyt vaarassa? Soita heti johonkin alla olevista numeroista. Sinun ei tarvitse kysyä lupaa. "
        "Jos olet ystäväsi luona, pysy siellä, kunnes aikuinen tulee. Mutta älä joudu itse vaaraan.\n\n"
        "Kirjoita, missä ystäväsi on. Silloin voimme auttaa. Jos emme tiedä, kuka hän on, emme löydä häntä.\n\n"
        "Et petä ketään, kun kerrot. Sinun ei tarvitse kantaa tätä yksin. Miten sinä itse voit?"
    ),
    "en": (
        "Thank you for telling us. You did the right thing. I have read it, and I take it seriously.\n\n"
        "Is your friend in danger now? Call one of the numbers below right away. You need not ask first. "
        "If you are with your friend, stay until an adult comes. But do not put yourself in danger.\n\n"
        "Write where your friend is. Then we can help. If we do not know who it is, we cannot find anybody.\n\n"
        "You let nobody down by telling. And you should not carry this alone. How are you yourself?"
    ),
}
#: Nobody who speaks the language has read these: each is put up for review, and until then sent by nobody.
DRAFTS: dict[str, dict[str, str]] = {
    "self": {
        "ar": (
            "شكرًا لأنك كتبت إلينا. قرأتُ رسالتك وأنا آخذها على محمل الجد.\n\n"
            "هل أنت في خطر الآن؟ أو هل آذيت نفسك؟ اتصل فورًا بأحد الأرقام أدناه. "
            "اذهب إلى شخص بالغ تثق به، وابقَ معه.\n\n"
            "إذا لم نعرف من أنت، فلن نستطيع أن نجدك. اكتب لنا أين أنت أو ما اسمك. عندها يمكننا أن نأتي.\n\n"
            "أنا أنتظر ردّك. لا يجب أن تكون وحدك في هذا."
        ),
    },
    "friend": {
        "ar": (
            "شكرًا لأنك أخبرتنا. لقد فعلت الصواب. قرأتُ رسالتك وأنا آخذها على محمل الجد.\n\n"
            "هل صديقك في خطر الآن؟ اتصل فورًا بأحد الأرقام أدناه. لا تحتاج إلى أن تستأذن أولًا. "
            "إذا كنت مع صديقك، فابقَ معه حتى يأتي شخص بالغ. لكن لا تعرّض نفسك للخطر.\n\n"
            "اكتب لنا أين صديقك. عندها يمكننا أن نساعد. إذا لم نعرف من هو، فلن نستطيع أن نجد أحدًا.\n\n"
            "أنت لا تخذل أحدًا عندما تخبرنا. ولا يجب أن تحمل هذا وحدك. وأنت، كيف حالك؟"
        ),
    },
}
TEXTS = {"self": OURS, "friend": FOR_A_FRIEND}


@dataclass(frozen=True, slots=True)
class Text:
    """A text that may be sent: by whom it was reviewed and when. `version`: L1 is ours, M1 the municipality's.
    `about`: who is in danger, the student ("self") or a friend of theirs."""

    about: str
    language: str
    version: str
    text: str
    reviewed_by: str
    reviewed_on: date

    @property
    def is_ours(self) -> bool:
        """Ours are read by us alone: whoever sends one is told that no clinician has."""
        return self.version.startswith("L")


def ours(language: str, about: str = "self") -> Text | None:
    """Our own text in this language; None where we have written none."""
    text = TEXTS[about].get(language)
    return Text(about, language, f"L{VERSION}", text, _REVIEWED_BY, _REVIEWED_ON) if text else None


def as_message(text: str, country: str) -> str:
    """The text with the country's crisis numbers below: the number of danger first."""
    numbers = sorted(numbers_for(country), key=lambda one: not one.danger)
    lines = [f"{one.number}  {one.name.replace(chr(0xAD), '')}" for one in numbers]
    return "\n".join([text.strip(), "", *lines])
