"""What is held of a student here: an address, sealed with the case's key until it is used, and that they asked. It goes
with the request: shredding the case key erases the address, also in backups.
"""

from kernel.privacy import Kind

REGISTER = {
    "NoticeWish.id": Kind.TECHNICAL,
    "NoticeWish.request": Kind.STUDENT,
    "NoticeWish.address": Kind.CONTENT,
    "NoticeWish.by_text": Kind.STUDENT,
    "NoticeWish.each_time": Kind.STUDENT,
    "NoticeWish.language": Kind.STUDENT,
    "NoticeWish.asked_at": Kind.STUDENT,
    "NoticeWish.told_at": Kind.STUDENT,
    "NoticeWish.is_on_its_way": Kind.TECHNICAL,
    "NoticeWish.failed_at": Kind.STUDENT,
    "NoticeWish.times": Kind.TECHNICAL,
    "Friend.id": Kind.TECHNICAL,
    "Friend.request": Kind.STUDENT,
    "Friend.code_hash": Kind.SECRET,
    "Friend.tag": Kind.CONTENT,
    "Friend.reads_all": Kind.STUDENT,
    "Friend.numbered": Kind.TECHNICAL,
    "Friend.invited_at": Kind.STUDENT,
    "Friend.joined_at": Kind.STUDENT,
    "Friend.ended_at": Kind.STUDENT,
    "NameTold.id": Kind.TECHNICAL,
    "NameTold.request": Kind.STUDENT,
    "NameTold.told_at": Kind.STUDENT,
    "NameTold.taken_out_at": Kind.STUDENT,
    "Tie.id": Kind.TECHNICAL,
    "Tie.first": Kind.STUDENT,
    "Tie.second": Kind.STUDENT,
    "Tie.shares": Kind.STUDENT,
    "Tie.tied_at": Kind.STUDENT,
}
