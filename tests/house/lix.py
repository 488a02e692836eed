"""How hard a text is to read: LIX, the läsbarhetsindex of C. H. Björnsson (Läsbarhet, Stockholm 1968).

Words per sentence, plus how many of a hundred words have more than six letters. Under 30 is a children's book; 40 is a
newspaper. Björnsson ends a sentence at a full stop, a colon, a question or an exclamation mark.
"""

import re
from collections.abc import Iterable
from html.parser import HTMLParser

#: Where one sentence ends: not after "kl." or a number ("17. september"), whose next word is of the same sentence.
_END = re.compile(r"(?<!\bkl\.)(?<!\bca\.)(?<=[.!?:])\s+(?=[^\W\d_a-zæøåäöáé]|\d|[«\"(])")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
#: What stands on a line of its own is a sentence of its own: headings, buttons, labels, points of a list.
_BLOCKS = frozenset({
    "a", "address", "article", "aside", "button", "caption", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "header", "label", "legend", "li", "main",
    "nav", "ol", "p", "section", "small", "summary", "table", "td", "th", "title", "tr", "ul",
})  # fmt: skip
_RUNNING = frozenset({"p", "li", "dd", "td"})
#: Of our own elements: a name, or a hint or a note below a name, begins anew.
_ALONE = frozenset({"ds-button", "crisis-name", "person-note", "hint", "choice-hint", "choice-note"})
_UNREAD = frozenset({"script", "style", "svg", "template", "textarea", "title", "option"})
_EMPTY = frozenset({"input", "br", "hr", "img", "link", "meta", "source", "wbr"})


def sentences(text: str) -> list[str]:
    return [one for one in _END.split(text.strip()) if _WORD.search(one)]


def words(text: str) -> list[str]:
    return _WORD.findall(text)


def lix(texts: Iterable[str]) -> float:
    """Of texts that each begin a sentence anew; 0 without a word."""
    said = [sentence for text in texts for sentence in sentences(text)]
    all_words = [word for sentence in said for word in words(sentence)]
    if not all_words:
        return 0.0
    long = sum(1 for word in all_words if sum(map(str.isalpha, word)) > 6)
    return len(all_words) / len(said) + 100 * long / len(all_words)


class _Reader(HTMLParser):
    def __init__(self, language: str, names: Iterable[str], unread: Iterable[str]) -> None:
        super().__init__()
        self.texts: list[str] = [""]
        self._language, self._unread = language, frozenset(unread)
        self._names = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b") if names else None
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        classes = set(given.get("class", "").split())
        stands_alone = (tag in _BLOCKS and not (tag == "a" and self._is_running())) or classes & _ALONE
        if stands_alone or tag == "br":
            self.texts.append("")
        if tag in _EMPTY:
            return
        foreign = tag != "html" and given.get("lang", self._language) != self._language
        is_law = "lang" in given and "hint" in classes
        silent = tag in _UNREAD or given.get("aria-hidden") == "true" or bool(classes & self._unread)
        skipped = silent or foreign or is_law
        self._open.append((tag, skipped or self._is_silent()))

    def _is_silent(self) -> bool:
        return bool(self._open) and self._open[-1][1]

    def _is_running(self) -> bool:
        """Whether we are in the middle of a text: a link there is a part of its sentence."""
        return any(tag in _RUNNING for tag, _silent in self._open)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass
        if tag in _BLOCKS and not (tag == "a" and self._is_running()):
            self.texts.append("")

    def handle_data(self, data: str) -> None:
        if not self._is_silent():
            self.texts[-1] += data


def texts_of(html: str, language: str, names: Iterable[str], unread: Iterable[str]) -> list[str]:
    """The texts of a page as they are read, one for each block. `names` are taken out; what has a class of `unread`,
    stands in another language or names a law (a `hint` with a language of its own) is not read."""
    reader = _Reader(language, names, unread)
    reader.feed(html)
    found = [re.sub(r"\s+", " ", text.replace("\u00ad", "")).strip() for text in reader.texts]
    if reader._names:
        found = [re.sub(r"\s+", " ", reader._names.sub("", text)).strip() for text in found]
    return [text for text in found if words(text)]
