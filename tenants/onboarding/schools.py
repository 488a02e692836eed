"""Find my school: forgiving search over the published names. Pure, but for the snapshot kept by this process.

A name and a question are both reduced to plain letters; they are compared word by word, then by shared
trigrams, so that "rostaug", "Rosthaug vidergående" and "drammen vgs" all lead to the right door.
"""

import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from tenants.onboarding.hints import plain

#: Words that nearly every school has: they decide nothing.
_COMMON = frozenset(
    [
        "skole",
        "skolen",
        "skolan",
        "skola",
        "skolor",
        "vgs",
        "videregaende",
        "vidaregaande",
        "gymnasium",
        "gymnasiet",
        "gymnasieskola",
        "grundskola",
        "barneskole",
        "barneskule",
        "grunnskole",
        "grunnskule",
        "ungdomsskule",
        "skule",
        "skulen",
        "folkeskole",
        "ungdomsskole",
        "koulu",
        "lukio",
        "peruskoulu",
        "ylaaste",
        "school",
        "the",
        "i",
        "og",
        "och",
        "ja",
    ]
)
ENOUGH = 0.45


@dataclass(frozen=True, slots=True)
class Place:
    """One published school. `slug` leads to its municipality's portal, `path` to the school's own page there."""

    name: str
    municipality: str
    slug: str
    country: str
    path: str = "/"


def _words(text: str) -> list[str]:
    words = plain(text).split()
    return [word for word in words if word not in _COMMON] or words


def _trigrams(text: str) -> set[str]:
    padded = f"  {text} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}


@dataclass(slots=True)
class SchoolIndex:
    """All published schools, ready to be searched. Building costs about 20 µs a school."""

    places: list[Place]
    _by_trigram: dict[str, list[int]] = field(init=False)
    _texts: list[tuple[list[str], list[str]]] = field(init=False)

    def __post_init__(self) -> None:
        self._by_trigram = {}
        self._texts = [(_words(p.name), _words(p.municipality)) for p in self.places]
        for number, (name, where) in enumerate(self._texts):
            for trigram in set().union(*(_trigrams(word) for word in name + where)):
                self._by_trigram.setdefault(trigram, []).append(number)

    def find(self, text: str, *, limit: int = 20) -> list[Place]:
        """The best matches first; [] when nothing is near. `text` may be misspelt and in any letters."""
        return [self.places[number] for number in self.numbers(text)[:limit]]

    def numbers(self, text: str) -> list[int]:
        """As `find`, by their numbers in `places`."""
        asked = _words(text[:100])
        if not asked:
            return []
        hits: Counter[int] = Counter()
        for trigram in set().union(*(_trigrams(word) for word in asked)):
            hits.update(self._by_trigram.get(trigram, ()))
        scored = [(self._score(asked, number), number) for number, _ in hits.most_common(200)]
        near = sorted(
            ((s, n) for s, n in scored if s >= ENOUGH), key=lambda h: (-h[0], self.places[h[1]].name)
        )
        best = near[0][0] if near else 0.0
        return [number for score, number in near if score >= best - 0.3]

    def _score(self, asked: list[str], number: int) -> float:
        """0–1: how well every asked word is found; the municipality's name counts slightly less than the
        school's.
        """
        name, where = self._texts[number]
        total = 0.0
        for word in asked:
            total += max(
                max((_alike(word, other) for other in name), default=0.0),
                max((0.9 * _alike(word, other) for other in where), default=0.0),
            )
        return total / len(asked)


def _alike(asked: str, word: str) -> float:
    if word == asked:
        return 1.0
    if len(asked) > 1 and word.startswith(asked):
        return 0.95
    ratio = SequenceMatcher(None, asked, word).ratio()
    return ratio if ratio >= 0.7 else 0.0


def nearest(text: str, names: list[str]) -> list[int]:
    """The numbers of those of a few names that are near to what was typed, the best first."""
    return SchoolIndex([Place(name, "", "", "") for name in names]).numbers(text)


_known: tuple[object, SchoolIndex] | None = None
_lock = threading.Lock()


def index_of(version: object, load: Iterable[Place]) -> SchoolIndex:
    """The index for this version of the table; `load` is only read when the version is new."""
    global _known
    with _lock:
        if _known is None or _known[0] != version:
            _known = (version, SchoolIndex(list(load)))
        return _known[1]
