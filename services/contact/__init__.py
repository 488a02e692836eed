"""Contact requests: a student knocks, the right adult answers in time, the conversation stays reachable by a
code.

Who uses it: students (the municipality's own pages, no sign-in) and, through `services.desk`, helpers.
Words: contact request, knock, receipt (the student's secret code), case number (public, sayable),
conversation,
channel (how the student wants to be reached), attempt (an adult reached, or tried to reach, the student).
Doors: `operations` (knock, take, release, reply, student_writes, record_contact, close, withdraw,
open_by_receipt, read_conversation), `queries` (visible_to and the desk's lists), the pages in `views`, `api`.
"""
