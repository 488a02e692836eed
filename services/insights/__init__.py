"""The lead's first page: is the promise kept, and where is it about to break?

Who uses it: leads, for the schools they lead, and administrators, for all. Its one table keeps how far help came in
each quarter that is over (`course`), with nothing small in it. It shows clock and role; never content, a student's
name or anything that points at one request. Colleagues are named for a door, as who could step in: never who has
what, or how much.
Words: broken (past its due time, and the student still waits), in danger (due within the next open hours),
withheld (a figure that is not shown, so that nobody can be recognised by it).
Doors: the page in `views`, `queries`.
"""
