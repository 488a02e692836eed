"""The languages people talk in, each in its own words: far more than the pages speak. What a student may ask for, and
what a helper may say that they answer in. Data, in the order of a list: ours first, then what is most asked for."""

TONGUES: dict[str, str] = {
    "nb": "Bokmål",
    "nn": "Nynorsk",
    "sv": "Svenska",
    "da": "Dansk",
    "fi": "Suomi",
    "is": "Íslenska",
    "se": "Davvisámegiella",
    "en": "English",
    "ar": "العربية",
    "uk": "Українська",
    "pl": "Polski",
    "so": "Soomaali",
    "ti": "ትግርኛ",
    "fa": "فارسی",
    "prs": "دری",
    "ps": "پښتو",
    "ckb": "کوردیی ناوەندی",
    "kmr": "Kurmancî",
    "tr": "Türkçe",
    "ur": "اردو",
    "am": "አማርኛ",
    "sw": "Kiswahili",
    "rw": "Ikinyarwanda",
    "ru": "Русский",
    "et": "Eesti",
    "lv": "Latviešu",
    "lt": "Lietuvių",
    "ro": "Română",
    "bg": "Български",
    "sq": "Shqip",
    "bs": "Bosanski",
    "el": "Ελληνικά",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
    "pt": "Português",
    "it": "Italiano",
    "nl": "Nederlands",
    "vi": "Tiếng Việt",
    "th": "ไทย",
    "tl": "Tagalog",
    "zh": "中文",
    "ta": "தமிழ்",
    "hi": "हिन्दी",
}


def tongue(code: str) -> str:
    """A language in its own words; its code where we have none."""
    return TONGUES.get(code, code)
