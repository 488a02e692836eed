"""The next door: when a promise breaks, the student is offered another role, and nothing moves without their yes.

Who uses it: students (a panel on the page of their conversation, and the API) and administrators, who say in which
order the doors of a school are offered (/setup/next-doors/).
Words: next door (another role at the same school, offered after a broken promise), order of doors (the municipality's,
for all schools or one; without it the order of its roles).
Doors: `operations` (ask, wait, set_order, forget_order), `queries` (offered, standing), the panel in `panel`, `api`.
"""
