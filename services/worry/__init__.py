"""Worry and duty: one act, "I am worried", that leaves nobody alone with it.

Who uses it: the one who has a case, at /worry/ and by the API; the desk shows its panel on the page of a request;
the student reads on the receipt page what was told to whom; administrators keep local numbers and times.
Words: worry (an adult's, about one case), duty (what a law asks of somebody in this role, employer and country),
step (who was told of a worry, when and by whom; a correction is another step), deputy (who decides when the first did
not), safety text (a reviewed answer to a message of danger).
Doors: `duties.duties_of` (pure), `operations`, `queries`, `told.told_about`, the pages, `api`.
How it works: docs/how/worry.md.

The platform sends nothing to anybody outside. Rules of law here are engineering input, never legal advice.
"""
