"""The log reviewer: once a month somebody at each employer looks at who has read what, without reading it.

Who uses it: the person an administrator has named for an employer; leads and administrators see whether it was
done. It shows roles, times, counts and reasons; never content, a student, or the name of who read.
Words: reviewer (one for each employer), sample (reads drawn for a month, the same for whoever draws), outlier
(something worth a question), sign-off (the reviewer's word for a month, once).
Doors: `operations` (name_reviewer, sign_off, remind), `queries`, the pages in `views`.
"""
