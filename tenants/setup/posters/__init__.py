"""What hangs on a school's wall and lies in its students' pockets: posters and cards as PDF.

Words: sheet (a PDF under way), figure (a drawing of kernel/ui, here in ink), poster (one page, A4 or A3), cards (ten of
them on an A4 sheet). Doors: `poster`, `cards`, `words_of`. How: docs/how/ways-in.md.
"""

from tenants.setup.posters.cards import cards
from tenants.setup.posters.poster import poster
from tenants.setup.posters.typeface import unprintable
from tenants.setup.posters.words import Words, words_of

__all__ = ["Words", "cards", "poster", "unprintable", "words_of"]
