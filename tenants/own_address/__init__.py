"""A municipality's own address: a host of its own that leads students to its door, proved and proved again each day.

Words: own address (a host that the municipality says is its own), proof (a TXT record beside it), shown (the one that
posters and links say). Staff sign in at the platform's address only, as a passkey belongs to the host it was made at.
Doors: `operations`, `queries`, `/setup/address/`. Nothing of a person is kept here.
"""
