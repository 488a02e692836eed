"""Can what is promised be kept in the next 30 days? By the calendar, the promises and the roster, at each door.

Who uses it: administrators (every door) and leads (those of their schools) on pages of their own, set-up before
something is saved, the daily digest.
Words: *door* (a role at a school), *gap* (nobody is there in time for a knock), *alone* (it hangs on one person),
*outlook* (30 days of a door), *plan* (all that decides it, as one value), *trial* (a plan with something else in it,
of which nothing is stored).
Doors: `gaps` and `plan` pure; `queries.current_plan`, `guard.refuse_gaps` and `guard.left_by` for set-up; the pages in
`views`, which services/insights shows to leads. How it works: docs/how/guarantee.md.
"""
