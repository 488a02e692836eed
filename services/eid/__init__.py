"""Optional eID for students: by their own choice they show who they are, and come back without a code.

Who uses it: students, on their way to a knock, where a code is typed, and on the page of a conversation; helpers see,
through `services.desk`, that a name is confirmed. Never required: every page stands without it.
Words: trip (out to the provider and back; what was typed waits meanwhile, sealed under a key that the browser alone
has), binding (a conversation is this person's: a keyed hash, never a number), eID visit (who this browser has shown
itself to be, for 20 idle minutes). How it works: docs/how/eid.md.
Doors: `operations`, `queries`, `panels`; contact asks through `services.contact.confirming`.
"""
