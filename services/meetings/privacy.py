"""What a meeting holds of a student: when and how, in the open; where, sealed with the case's key. It goes with the
request: shredding the case key erases every place, also in backups."""

from kernel.privacy import Kind

REGISTER = {
    "Meeting.id": Kind.TECHNICAL,
    "Meeting.request": Kind.STUDENT,
    "Meeting.urgency": Kind.STUDENT,
    "Meeting.state": Kind.STUDENT,
    "Meeting.opened_at": Kind.STUDENT,
    "Meeting.ended_at": Kind.STUDENT,
    "MeetingTime.id": Kind.TECHNICAL,
    "MeetingTime.meeting": Kind.STUDENT,
    "MeetingTime.account": Kind.STAFF,
    "MeetingTime.starts_at": Kind.STUDENT,
    "MeetingTime.ends_at": Kind.STUDENT,
    "MeetingTime.way": Kind.STUDENT,
    "MeetingTime.place": Kind.CONTENT,
    "MeetingTime.state": Kind.STUDENT,
    "MeetingTime.proposed_at": Kind.STUDENT,
    "MeetingTime.decided_at": Kind.STUDENT,
    "CalendarFeed.id": Kind.TECHNICAL,
    "CalendarFeed.account": Kind.STAFF,
    "CalendarFeed.token_hash": Kind.SECRET,
    "CalendarFeed.made_at": Kind.STAFF,
}
