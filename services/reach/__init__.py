"""Anonymous yet reachable: what a student may add to a conversation that only a code opens, by their own act alone.

Who uses it: students (panels on the page of their conversation).
Words: notice (an e-mail that says that there is something new, and nothing else), wish (that the student wants one, and
where; the address is sealed).
Doors: `operations` (ask_notice, stop_notice), the panels in `panels`. The outbox asks `addressees` where to write.
"""
