"""Anonymous yet reachable: what a student may add to a conversation that only a code opens, by their own act alone.

Who uses it: students (panels on the page of their conversation), friends they have asked in (a page of their own),
and, through `services.desk`, helpers, who see that it was said.
Words: notice (an e-mail that says that there is something new, and nothing else), wish (that the student wants one, and
where; the address is sealed), friend (who takes part by a code of their own), tag (what the student calls them), tie
(two conversations that a student says are theirs).
Doors: `operations`, `queries`, the panels in `panels`, `views.friend`. The outbox asks `notices` where to write.
"""
