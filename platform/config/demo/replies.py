"""Ready replies of the demo's helpers, per role and language. Only the door's names are filled in.

Short sentences that promise no more than the door does: the helper changes them before sending.
"""

type Words = dict[str, str]

_THANKS: Words = {
    "nb": "T"
    "akk for at du skrev", "nn": "Takk for at du skreiv", "sv": "Tack för att du skrev", "da": "Tak, fordi du skrev",
    "fi": "Kiitos viestistä", "en": "Thank you for writing",
}  # fmt: skip
_TIME: Words = {
    "nb": "Finne en tid", "nn": "Finne ei tid", "sv": "Hitta en tid", "da": "Finde en tid", "fi": "Sovitaan aika",
    "en": "Find a time",
}  # fmt: skip
_MISSED: Words = {
    "nb": "Fikk ikke tak i deg", "nn": "Fekk ikkje tak i deg", "sv": "Nådde dig inte", "da": "Kunne ikke få fat i dig",
    "fi": "En tavoittanut sinua", "en": "Could not reach you",
}  # fmt: skip

#: The door's own names stand as a signature: they fit there in every language, as they are written.
_SIGNED = "\n\n{role}, {school}"
_THANKS_TEXT: Words = {
    "nb": "Hei! Takk for at du skrev. Vil du fortelle litt mer? Skriv så mye eller lite du vil." + _SIGNED,
    "nn": "Hei! Takk for at du skreiv. Vil du fortelje litt meir? Skriv så mykje eller lite du vil."
    + _SIGNED,
    "sv": "Hej! Tack för att du skrev. Vill du berätta lite mer? Skriv så mycket eller lite du vill."
    + _SIGNED,
    "da": "Hej! Tak, fordi du skrev. Vil du fortælle lidt mere? Skriv så meget eller lidt, du vil." + _SIGNED,
    "fi": "Hei! Kiitos, kun kirjoitit. Haluatko kertoa vähän lisää? Kirjoita juuri sen verran kuin haluat."
    + _SIGNED,
    "en": "Hi! Thank you for writing. Would you tell me a little more? As much or as little as you like."
    + _SIGNED,
}
_TIME_TEXT: Words = {
    "nb": "Vi kan møtes på {school}, snakke i telefonen eller gå en tur. Hva passer deg, og når?",
    "nn": "Vi kan møtast på {school}, snakke i telefonen eller gå ein tur. Kva passar deg, og når?",
    "sv": "Vi kan ses på {school}, prata i telefon eller ta en promenad. Vad passar dig, och när?",
    "da": "Vi kan mødes på {school}, tale i telefon eller gå en tur. Hvad passer dig, og hvornår?",
    "fi": "Voimme tavata koululla ({school}), puhua puhelimessa tai kävellä. Mikä sopii sinulle, ja milloin?",
    "en": "We can meet at {school}, talk on the phone or take a walk. What suits you, and when?",
}
_MISSED_TEXT: Words = {
    "nb": "Jeg prøvde å nå deg, men fikk ikke tak i deg. Det er helt fint. Skriv her når det passer.",
    "nn": "Eg prøvde å nå deg, men fekk ikkje tak i deg. Det er heilt fint. Skriv her når det passar.",
    "sv": "Jag försökte nå dig, men fick inte tag på dig. Det är helt okej. Skriv här när det passar.",
    "da": "Jeg prøvede at få fat i dig, men det lykkedes ikke. Det er helt fint. Skriv her, når det passer.",
    "fi": "Yritin tavoittaa sinua, mutta en saanut yhteyttä. Se ei haittaa. Kirjoita tänne, kun sinulle sopii.",
    "en": "I tried to reach you and did not get through. That is fine. Write here when it suits you.",
}

_SLEEP: Words = {
    "nb": "Dårlig søvn", "nn": "Dårleg søvn", "sv": "Dålig sömn", "da": "Dårlig søvn", "fi": "Huono uni",
    "en": "Bad sleep",
}  # fmt: skip
_SLEEP_TEXT: Words = {
    "nb": "Det er slitsomt å sove dårlig. Hvor lenge har det vært slik? Vi ser på det sammen, steg for steg.",
    "nn": "Det er slitsamt å sove dårleg. Kor lenge har det vore slik? Vi ser på det saman, steg for steg.",
    "sv": "Det är jobbigt att sova dåligt. Hur länge har det varit så? Vi tittar på det ihop, steg för steg.",
    "da": "Det er hårdt at sove dårligt. Hvor længe har det været sådan? Vi ser på det sammen, skridt for skridt.",
    "fi": "Huonosti nukkuminen on raskasta. Kauanko se on jatkunut? Katsotaan asiaa yhdessä, askel kerrallaan.",
    "en": "Sleeping badly wears you out. How long has it been so? We look at it together, step by step.",
}
_SAFE: Words = {
    "nb": "Ikke trygt på skolen", "nn": "Ikkje trygt på skulen", "sv": "Inte tryggt i skolan",
    "da": "Ikke trygt på skolen", "fi": "Koulussa ei ole turvallista", "en": "Not safe at school",
}  # fmt: skip
_SAFE_TEXT: Words = {
    "nb": "Det er bra at du sier fra. Du skal ha det trygt på {school}. "
    "Før jeg snakker med andre, snakker jeg med deg.",
    "nn": "Det er bra at du seier frå. Du skal ha det trygt på {school}. Før eg snakkar med andre, snakkar eg med deg.",
    "sv": "Det är bra att du säger till. Du ska ha det tryggt på {school}. "
    "Innan jag pratar med andra pratar jag med dig.",
    "da": "Det er godt, at du siger det. Du skal være tryg på {school}. Før jeg taler med andre, taler jeg med dig.",
    "fi": "Hyvä, että kerroit. Sinulla on oikeus olla turvassa koulussa ({school}). Puhun ensin sinun kanssasi.",
    "en": "It is good that you say so. You are to be safe at {school}. I talk with you before I talk with others.",
}
_HEAVY: Words = {
    "nb": "Tunge tanker", "nn": "Tunge tankar", "sv": "Tunga tankar", "da": "Tunge tanker", "fi": "Raskaat ajatukset",
    "en": "Heavy thoughts",
}  # fmt: skip
_HEAVY_TEXT: Words = {
    "nb": "Takk for at du forteller det. Det må være tungt å bære alene. Er du trygg akkurat nå?",
    "nn": "Takk for at du fortel det. Det må vere tungt å bere åleine. Er du trygg akkurat no?",
    "sv": "Tack för att du berättar. Det måste vara tungt att bära ensam. Är du trygg just nu?",
    "da": "Tak, fordi du fortæller det. Det må være tungt at bære alene. Er du tryg lige nu?",
    "fi": "Kiitos, että kerrot. Sen kantaminen yksin on varmasti raskasta. Oletko turvassa juuri nyt?",
    "en": "Thank you for telling me. It must be heavy to carry alone. Are you safe right now?",
}
_LEARN: Words = {
    "nb": "Vanskelig å lære", "nn": "Vanskeleg å lære", "sv": "Svårt att lära", "da": "Svært at lære",
    "fi": "Oppiminen on vaikeaa", "en": "Hard to learn",
}  # fmt: skip
_LEARN_TEXT: Words = {
    "nb": "Mange strever med det samme. Hva er vanskeligst, og hva har hjulpet før? Vi finner ut av det sammen.",
    "nn": "Mange strevar med det same. Kva er vanskelegast, og kva har hjelpt før? Vi finn ut av det saman.",
    "sv": "Många kämpar med samma sak. Vad är svårast, och vad har hjälpt förut? Vi reder ut det ihop.",
    "da": "Mange kæmper med det samme. Hvad er sværest, og hvad har hjulpet før? Vi finder ud af det sammen.",
    "fi": "Moni painii saman asian kanssa. Mikä on vaikeinta, ja mikä on auttanut? Selvitetään se yhdessä.",
    "en": "Many struggle with the same. What is hardest, and what has helped before? We work it out together.",
}

_ROLES = ("nurse", "counsellor", "psychologist", "ppt")
_OWN = {
    "nurse": (_SLEEP, _SLEEP_TEXT),
    "counsellor": (_SAFE, _SAFE_TEXT),
    "psychologist": (_HEAVY, _HEAVY_TEXT),
    "ppt": (_LEARN, _LEARN_TEXT),
}
#: (role, titles, texts), in the order in which a helper sees them.
REPLIES: tuple[tuple[str, Words, Words], ...] = tuple(
    (role, titles, texts)
    for role in _ROLES
    for titles, texts in ((_THANKS, _THANKS_TEXT), _OWN[role], (_TIME, _TIME_TEXT), (_MISSED, _MISSED_TEXT))
)
