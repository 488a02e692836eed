"""How a municipality signs itself up: from the landing page to a rehearsal, through the gates, to live.

Who uses it: one person of a municipality (the applicant), a signatory, the platform's operator, and
students who look for their school. Everything is in `public`; whoever writes does it as the operator,
inside the operator's schema, where audit and messages go in the same transaction.

Words: application (one municipality's way in), code (six digits by e-mail), rehearsal (a portal with
invented people), gate (what must be in order before the door opens), signatory (somebody who may bind the
municipality), paper (a pre-filled document), decision (approve, ask, refuse), published school (a name that
`/schools/` finds).
Doors: `operations`, `queries`, `schools.find`, `urls` (front door), `urls_municipality`
(`/rehearsal/`, `/papers/`).
"""
