"""How a municipality is set up: everything an administrator can change without asking us.

Who uses it: administrators (pages at /setup/, API at /api/v1/setup/), sign-up and the demo (`furnish`),
and every room
upstairs, which reads the answers: who works where, what is promised, when the door is open, how it looks.

Words: school, employer, helper role (a profession as students meet it), post (a person in a role at a
school), lead (of a school, or of all), working calendar, calendar version (a frozen copy a promise points
at), response guarantee (municipality → school → role), look, wording.

Doors: `queries.portal()` (everything a student's page needs, one small query when nothing changed),
`queries.guarantee_for`, `queries.holders_of`, `queries.leads_of`; the verbs in `operations`.
"""
