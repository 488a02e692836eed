"""Did you get help? A student is asked once after each closing; to skip is as good an answer as any.

Who uses it: students (a panel on the page of their conversation, and the API), helpers (what the student lets them see)
and, withheld where small, those who lead (`services.insights.course`). Never counted for a helper.
Words: feedback (one answer about one closing), shared (the adult who has the conversation may see it).
Doors: `operations` (answer, share), `queries` (about, shared_with), the panel in `panel`, `api`.
"""
