"""What attachments hold: what somebody chose to show. Sealed; erased by destroying the case key, and the row goes."""

from kernel.privacy import Kind

REGISTER = {
    "Attachment.id": Kind.TECHNICAL,
    "Attachment.case_key": Kind.STUDENT,
    "Attachment.subject_id": Kind.STUDENT,
    "Attachment.number": Kind.TECHNICAL,
    "Attachment.kind": Kind.STUDENT,
    "Attachment.size": Kind.STUDENT,
    "Attachment.width": Kind.TECHNICAL,
    "Attachment.height": Kind.TECHNICAL,
    "Attachment.name": Kind.CONTENT,
    "Attachment.content": Kind.CONTENT,
}
