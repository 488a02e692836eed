"""Promises: a due time given to somebody, kept or broken. One table and one sweep for every service.

Who uses it: contact (first contact and retries); later handovers, measures and duty shifts.
Words: promise, due, kept, broken, corrected (found late to have been kept), ended (nobody waits any more),
subject (what the promise is about), standing (neither kept, broken nor ended).
Doors: `operations.give`, `keep`, `end`, `break_due`; `subjects.register`; `manage.py sweep`.
"""
