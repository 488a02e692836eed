"""Retention and rights: how long a case is kept, what holds it, how it ends, and what its student may have and undo.

Used by the administrator (/setup/retention/), by the student on the page of their conversation, by the hourly sweep.
Words: rule (how long after closing, and what then), hold, tombstone (that something ended, without whose),
tally (what stays for the statistics), wish (the student wants it deleted).
Doors: `operations`, `queries`; every other room joins by `services.contact.following`. How: docs/how/retention.md.
"""
