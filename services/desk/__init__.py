"""The helpers' desk: what waits, in the order of the promise; one request at a time; the next right act.

Who uses it: holders of a post, by the pages under /desk/ and by the API. It shows what services.contact and
services.promises hold, and every act on a request is theirs. Its own are private notes: beside a conversation,
sealed with its key, for the one who has it.
Words: shelf (waiting = nobody has it, mine, handed = offered to me; all in queries.SHELVES), running (a promise that
still waits for its answer).
Reading: a list opens nothing and shows no name. A request opens only for the one who has taken it; anything
else ("read before taking", reading a colleague's or a closed one) is an act of its own, in the read log with
its reason.
Doors: `queries` (shelf, counts, kept_share), the pages in `views`, `api`.
"""
