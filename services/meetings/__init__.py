"""Meetings: helper and student agree how urgent it is and on a time; the meeting has a promise of its own.

Who uses it: students (a panel on the page of their conversation, and the API) and, through `services.desk`, helpers.
Words: meeting (what a contact request leads to; one open at a time), urgency (today, days, weeks: sets the promise),
time (one proposed, agreed, held … time of a meeting), way (room, phone, video, walk), place (where, or the link;
sealed), no-show (the student did not come; nobody is blamed), calendar feed (busy times at a secret address).
Doors: `operations` (set_urgency, propose, pick, none_fit, cancel, take_back, move, record_held, record_no_show),
`queries` (shown_to, todays), `feed`, the panel in `panel`, `api`.
"""
