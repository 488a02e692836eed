"""Who may do which verb: the student of a conversation alone. What they share is read by who reads the conversation."""

from kernel import permissions
from services.contact.permissions import own_student

RULES = {"answer": own_student, "share": own_student}
permissions.register("feedback", RULES)
