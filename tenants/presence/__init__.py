"""Who is there on which day: absences, weekdays of a post, substitutes in order.

Who uses it: contact (whose is a request today, who is told), promises (reminders), set-up (which roles a door
offers, what a leaver leaves behind).
Words: absence (from a day to a day, both included), weekday of a post, substitute (of a post, in order),
stand-in (a substitute while it lasts), present, pool (whoever else answers at the door).
Doors: `presence.Roster` pure; `queries.roster`, `present_on`, `responsible_now`; the verbs in `operations`.
"""
