"""The people who work here: accounts, sign-in, second factor, sessions. Knows no schools and no posts.

Who: helpers, leads, administrators, and the operator in the operator's own schema. Students have no account.
Words: account (one person in one municipality), second factor (passkey or authenticator app), code (by
e-mail).
Doors: `models.Account`, `operations` (invite, deactivate, …), `access.staff_required`, `queries`.
How sign-in works: docs/how/sign-in.md.
"""
