"""Attachments: a picture or a document that goes with a message, looked through, drawn anew and sealed.

Who uses it: contact, for replies and for what a student writes; it asks who may, this room knows no case.
Words: attachment (what is kept: a JPEG drawn by us, or a PDF as it came), upload (a file as it was sent), taken (an
upload that was looked through; pictures are drawn anew, so nothing is left that was in the file beside what is seen),
subject (the message it goes with).
Doors: `intake.take_in`, `operations.attach`, `operations.remove`, `queries`.
"""
