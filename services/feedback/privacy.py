"""Whether it helped, said by the student: about them alone, never about who helped. It goes with the conversation."""

from kernel.privacy import Kind

REGISTER = {
    "Feedback.id": Kind.TECHNICAL,
    "Feedback.request": Kind.STUDENT,
    "Feedback.closed_at": Kind.STUDENT,
    "Feedback.school": Kind.STUDENT,
    "Feedback.role": Kind.STUDENT,
    "Feedback.answer": Kind.STUDENT,
    "Feedback.is_shared": Kind.STUDENT,
    "Feedback.words": Kind.CONTENT,
    "Feedback.at": Kind.STUDENT,
}
