"""Who our municipalities are (public schema): their names, addresses, countries and lifecycle.

Used by onboarding and the operator, the commands and, as frozen `MunicipalityRef`s, by everybody.
Words: municipality (a municipality or a county; the operator is one more row, never listed), slug (its part
of the address), founding (making its schema), lifecycle (rehearsal → live → suspended / ended).
Doors: `operations.found_municipality`, `operations.change_state`, `manage.py found_municipality` and
`migrate_all`.
"""
