"""The texts helper roles start with, in all languages (those of the door alone: role_texts_door.py). Copied into the
municipality's own rows, then theirs to change.

`keeps` says honestly what the helper can keep to themselves (docs/how/security.md 2): never absolute, never a
paragraph
number. Sentences of at most 12 words, for readers of 13.
"""

from typing import Any

from tenants.setup import role_texts_door

type Texts = dict[str, str]

_HEALTH: Texts = {
    "nb": "Har streng taushetsplikt. Snakker med deg først hvis andre må vite noe.",
    "nn": "Har streng teieplikt. Snakkar med deg først om andre må vite noko.",
    "sv": "Har sträng tystnadsplikt. Pratar med dig först om andra behöver veta något.",
    "da": "Har streng tavshedspligt. Taler med dig først, hvis andre skal vide noget.",
    "fi": "Tiukka vaitiolovelvollisuus. Puhuu ensin sinun kanssasi, jos muiden pitää tietää.",
    "en": "Keeps what you say private. Talks with you first if others must know.",
}
_SCHOOL: Texts = {
    "nb": "Har taushetsplikt. Sier fra til rektor hvis du ikke er trygg på skolen.",
    "nn": "Har teieplikt. Må seie frå til rektor om du ikkje er trygg på skulen.",
    "sv": "Har tystnadsplikt. Måste säga till om du far illa.",
    "da": "Har tavshedspligt. Skal sige det videre, hvis du ikke har det trygt.",
    "fi": "Vaitiolovelvollisuus. Kertoo eteenpäin, jos et ole turvassa.",
    "en": "Keeps things private. Must tell the head if you are not safe at school.",
}

_ROLE_TEXTS: dict[str, dict[str, Any]] = {
    "nurse": {
        "profession": "school_nurse",
        "names": {
            "nb": "Helsesykepleier",
            "nn": "Helsesjukepleiar",
            "sv": "Skolsköterska",
            "da": "Sundhedsplejerske",
            "fi": "Terveydenhoitaja",
            "en": "School nurse",
        },
        "describes": {
            "nb": "Kropp, søvn, følelser, sex, mat, vondt i magen. Stort og smått.",
            "nn": "Kropp, søvn, kjensler, sex, mat, vondt i magen. Stort og smått.",
            "sv": "Kropp, sömn, känslor, sex, mat, ont i magen. Stort och smått.",
            "da": "Krop, søvn, følelser, sex, mad, ondt i maven. Stort og småt.",
            "fi": "Keho, uni, tunteet, seksi, ruoka, vatsakipu. Isot ja pienet asiat.",
            "en": "Body, sleep, feelings, sex, food, tummy ache. Big things and small.",
        },
        "keeps": _HEALTH,
    },
    "counsellor": {
        "profession": "counsellor",
        "names": {
            "nb": "Rådgiver",
            "nn": "Rådgjevar",
            "sv": "Kurator",
            "da": "Rådgiver",
            "fi": "Kuraattori",
            "en": "Counsellor",
        },
        "describes": {
            "nb": "Venner, mobbing, familie, stress, det som er vanskelig på skolen.",
            "nn": "Vener, mobbing, familie, stress, det som er vanskeleg på skulen.",
            "sv": "Vänner, mobbning, familj, stress, det som är svårt i skolan.",
            "da": "Venner, mobning, familie, stress, det der er svært i skolen.",
            "fi": "Kaverit, kiusaaminen, perhe, stressi, vaikeat asiat koulussa.",
            "en": "Friends, bullying, family, stress, what is hard at school.",
        },
        "keeps": _SCHOOL,
    },
    "psychologist": {
        "profession": "psychologist",
        "names": {
            "nb": "Psykolog",
            "nn": "Psykolog",
            "sv": "Skolpsykolog",
            "da": "Psykolog",
            "fi": "Psykologi",
            "en": "Psychologist",
        },
        "describes": {
            "nb": "Tunge tanker, angst, sorg, når hodet ikke vil stoppe.",
            "nn": "Tunge tankar, angst, sorg, når hovudet ikkje vil stoppe.",
            "sv": "Tunga tankar, ångest, sorg, när huvudet inte vill stanna.",
            "da": "Tunge tanker, angst, sorg, når hovedet ikke vil stoppe.",
            "fi": "Raskaat ajatukset, ahdistus, suru, kun pää ei hiljene.",
            "en": "Heavy thoughts, fear, grief, when your head will not stop.",
        },
        "keeps": _HEALTH,
    },
    "ppt": {
        "profession": "educational_psychology",
        "names": {
            "nb": "PP-tjenesten",
            "nn": "PP-tenesta",
            "sv": "PP-tjänsten (stöd i lärandet)",
            "da": "PPT (hjælp til at lære)",
            "fi": "PPT (oppimisen tuki)",
            "en": "PPT (help with learning)",
        },
        "describes": {
            "nb": "Når det er vanskelig å lese, lære eller være på skolen.",
            "nn": "Når det er vanskeleg å lese, lære eller vere på skulen.",
            "sv": "När det är svårt att läsa, lära eller vara i skolan.",
            "da": "Når det er svært at læse, lære eller være i skole.",
            "fi": "Kun on vaikea lukea, oppia, keskittyä tai olla koulussa.",
            "en": "When it is hard to read, learn or be at school.",
        },
        "keeps": _HEALTH,
    },
    "ssp": {
        "profession": "ssp",
        "names": {
            "nb": "SSP-konsulent",
            "nn": "SSP-konsulent",
            "sv": "SSP-konsulent",
            "da": "SSP-konsulent",
            "fi": "SSP-neuvoja",
            "en": "SSP adviser",
        },
        "describes": {
            "nb": "Trøbbel, rus, vold, deling av bilder, når noe er på vei galt.",
            "nn": "Trøbbel, rus, vald, deling av bilete, når noko er på veg gale.",
            "sv": "Bråk, droger, våld, delade bilder, när något är på väg fel.",
            "da": "Ballade, rusmidler, vold, delte billeder, når noget er på vej skidt.",
            "fi": "Hankaluudet, päihteet, väkivalta, jaetut kuvat, kun jokin menee pieleen.",
            "en": "Trouble, drugs, violence, shared pictures, when something is going wrong.",
        },
        "keeps": _SCHOOL,
    },
    "guidance": {
        "profession": "guidance",
        "names": {
            "nb": "Veileder",
            "nn": "Rettleiar",
            "sv": "Studie- och yrkesvägledare",
            "da": "Vejleder",
            "fi": "Opinto-ohjaaja",
            "en": "Guidance counsellor",
        },
        "describes": {
            "nb": "Valg av skole, bytte av retning, hva du vil videre.",
            "nn": "Val av skule, byte av retning, kva du vil vidare.",
            "sv": "Val av skola, byta inriktning, vad du vill sedan.",
            "da": "Valg af skole, skift af retning, hvad du vil videre.",
            "fi": "Koulun valinta, suunnan vaihto, mitä haluat tehdä.",
            "en": "Choosing a school, changing course, what you want next.",
        },
        "keeps": _SCHOOL,
    },
}

#: Where a country calls the same role by another name.
_COUNTRY_NAMES: dict[tuple[str, str], Texts] = {
    ("NO", "counsellor"): {"nb": "Rådgiver / sosiallærer", "nn": "Rådgjevar / sosiallærar"},
    ("DK", "ssp"): {"en": "SSP adviser (school, social services, police)"},
}

PROFESSIONS = tuple(sorted({str(texts["profession"]) for texts in _ROLE_TEXTS.values()} | {"other"}))


def role_texts(country: str, key: str) -> dict[str, Any]:
    """`{profession, names, describes, keeps}` to start this role with, by language: copies, the caller's to change."""
    texts = _ROLE_TEXTS[key]
    door = {code: of_role[key] for code, of_role in role_texts_door.NAMES.items()}
    kept = int(texts["keeps"] is _SCHOOL)
    own = _COUNTRY_NAMES.get((country.upper(), key), {})
    return {
        "profession": texts["profession"],
        "names": texts["names"] | {code: name for code, (name, _for) in door.items()} | own,
        "describes": texts["describes"] | {code: what for code, (_name, what) in door.items()},
        "keeps": texts["keeps"] | {code: both[kept] for code, both in role_texts_door.KEEPS.items()},
    }
