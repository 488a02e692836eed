"""Who reviews the log, and that they did. Nothing about a student: the sample is drawn anew each time it is shown."""

from kernel.privacy import Kind

REGISTER = {
    "LogReview.id": Kind.TECHNICAL,
    "LogReview.employer": Kind.SETTING,
    "LogReview.reviewer": Kind.STAFF,
    "LogReview.month": Kind.TECHNICAL,
    "LogReview.at": Kind.STAFF,
    "LogReview.outcome": Kind.STAFF,
    "LogReview.reads": Kind.TECHNICAL,
    "LogReview.log_head": Kind.TECHNICAL,
}
