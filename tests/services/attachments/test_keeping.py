"""A file is kept with its message: sealed, read by whoever may read the message, logged, and gone with it."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from kernel.actor import MACHINE
from kernel.audit.models import ReadEntry
from kernel.audit.operations import Reading
from kernel.crypto.fields import NotLogged, Plain
from kernel.crypto.keys import CannotOpen
from kernel.crypto.models import CaseKey
from kernel.errors import Invalid, NotAllowed, NotFound, violated
from services.attachments import operations as attachments
from services.attachments.models import Attachment
from services.contact import operations
from services.contact.models import ContactRequest, ConversationMessage
from services.contact.operations import SEEN_AFTER, TAKE_BACK_WITHIN
from services.contact.reads import reads_by_day
from services.logreview.queries import _without_pictures_of_a_page
from tenants.setup import operations as setup
from tenants.setup.models import AttachmentRule
from tests.cast import World
from tests.services.attachments.files import PDF, picture, taken
from tests.services.attachments.people import fetched, let, nurse_sends, one_picture, student_sends
from tests.services.contact.people import knock, visitor
from tests.services.contact.test_handover import accept, offer
from tests.services.contact.test_handover import taken as answered

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alpha: World) -> operations.Accepted:
    """Kari's conversation, which Nora has, at a door where helpers and named students may send."""
    let("named")
    return answered(alpha, name="Kari")


# --- who may send ------------------------------------------------------------------------------------------------


def test_nobody_sends_anything_until_set_up_says_so(alpha: World) -> None:
    accepted = answered(alpha, name="Kari")
    written = ConversationMessage.objects.count()
    for send in (lambda: student_sends(accepted), lambda: nurse_sends(alpha, accepted)):
        with pytest.raises(Invalid, match="invalid") as refused:
            send()
        assert "Send your words without them" in str(refused.value.errors[0].message)
    assert (ConversationMessage.objects.count(), Attachment.objects.count()) == (written, 0)
    assert operations.student_writes(by=visitor(accepted), request_id=accepted.request_id, text="Se her")


def test_named_means_helpers_and_students_with_a_name(alpha: World, case: operations.Accepted) -> None:
    student_sends(case)
    nurse_sends(alpha, case)
    without_a_name = answered(alpha)
    nurse_sends(alpha, without_a_name)
    with pytest.raises(Invalid):
        student_sends(without_a_name)
    let("everybody")
    student_sends(without_a_name)


def test_a_school_may_choose_for_itself(alpha: World, case: operations.Accepted) -> None:
    let("nobody", school_id=alpha.school)
    with pytest.raises(Invalid):
        student_sends(case)
    setup.reset_attachments(school_id=alpha.school, by=MACHINE)
    student_sends(case)
    let("nobody")
    let("everybody", school_id=alpha.other_school)
    with pytest.raises(Invalid):
        student_sends(case)
    assert fetched(visitor(case), case).content  # what was sent stays


def test_set_up_is_an_administrators(alpha: World) -> None:
    for who in ("nurse", "lead", "outsider"):
        with pytest.raises(NotAllowed):
            setup.set_attachments(who="everybody", by=alpha.actor(who))
    setup.set_attachments(who="everybody", by=alpha.actor("admin"))
    with pytest.raises(Invalid):
        setup.set_attachments(who="anybody", by=MACHINE)
    with pytest.raises(NotFound):
        setup.set_attachments(who="named", school_id=alpha.nurse_role, by=MACHINE)
    with transaction.atomic(), pytest.raises(IntegrityError) as twice:
        AttachmentRule.objects.create(who="named")
    assert violated(twice.value) == "one_attachment_rule_for_each_school"


def test_a_document_is_a_helpers(alpha: World, case: operations.Accepted) -> None:
    pdf = taken(PDF, name="Vedtak.pdf", documents=True)
    nurse_sends(alpha, case, files=pdf)
    assert fetched(visitor(case), case).content == PDF
    with pytest.raises(Invalid):
        student_sends(case, files=pdf)


def test_a_picture_may_say_it_alone_but_is_no_answer_of_a_helper(
    alpha: World, case: operations.Accepted
) -> None:
    assert student_sends(case, text="  ").text
    with pytest.raises(Invalid) as refused:
        nurse_sends(alpha, case, text=" ")
    assert [error.field for error in refused.value.errors] == ["text"]


def test_a_case_has_room_for_so_much(case: operations.Accepted, monkeypatch) -> None:
    monkeypatch.setattr(attachments, "MOST_OF_A_CASE", 3)
    student_sends(case, files=taken(picture(), picture()))
    with pytest.raises(Invalid, match="invalid") as full:
        student_sends(case, files=taken(picture(), picture()))
    assert "no room" in str(full.value.errors[0].message)
    assert Attachment.objects.count() == 2
    monkeypatch.setattr(attachments, "MOST_BYTES_OF_A_CASE", 100)
    with pytest.raises(Invalid):
        student_sends(case)
    assert Attachment.objects.count() == 2


# --- who gets it -------------------------------------------------------------------------------------------------


def test_whoever_may_read_the_message_gets_its_file_and_nobody_else(
    alpha: World, case: operations.Accepted
) -> None:
    sent = one_picture()
    student_sends(case, files=sent)
    got = fetched(alpha.actor("nurse"), case)
    assert (got.file.name, got.content) == ("Hemmelig bilde.jpg", sent[0].content)
    assert fetched(visitor(case), case).content == sent[0].content
    with pytest.raises(NotAllowed):
        fetched(alpha.actor("second_nurse"), case)  # a colleague at the door
    for who in ("counsellor", "other_nurse", "lead", "admin", "outsider"):
        with pytest.raises(NotFound):
            fetched(alpha.actor(who), case)
    other = knock(alpha, name="Per")
    for by, where in ((visitor(other), case), (visitor(case), other)):
        with pytest.raises(NotFound):
            fetched(by, where)
    for number in (0, 2, 999_999):
        with pytest.raises(NotFound):
            fetched(alpha.actor("nurse"), case, number)


def test_what_is_closed_after_a_handover_has_its_files_closed(
    alpha: World, case: operations.Accepted
) -> None:
    student_sends(case)
    operations.read_conversation(by=alpha.actor("nurse"), request_id=case.request_id)
    accept(alpha, offer(alpha, case, shares="nothing"))
    student_sends(case)
    carl = alpha.actor("counsellor")
    with pytest.raises(NotFound):
        fetched(carl, case, 1)
    assert fetched(carl, case, 2).content
    assert fetched(visitor(case), case, 1).content
    opened = operations.read_conversation(by=carl, request_id=case.request_id)
    assert [file.number for line in opened.lines for file in line.files] == [2]


def test_what_is_kept_apart_after_a_no_has_its_files_kept_apart(
    alpha: World, case: operations.Accepted
) -> None:
    """What the student wrote to the adult they said no to stays with that adult; its picture too."""
    operations.read_conversation(by=alpha.actor("nurse"), request_id=case.request_id)
    accept(alpha, offer(alpha, case, shares="everything"))
    student_sends(case)
    assert fetched(alpha.actor("counsellor"), case).content
    operations.refuse_handover(by=visitor(case), request_id=case.request_id, unread_too=False)
    apart = ConversationMessage.objects.filter(is_apart=True)
    assert apart.filter(pk=Attachment.objects.get().subject_id).exists()
    with pytest.raises(NotFound):
        fetched(alpha.actor("nurse"), case)
    assert fetched(visitor(case), case).content


def test_a_file_is_not_there_for_its_student_while_the_reply_may_be_taken_back(
    alpha: World, case: operations.Accepted, clock: time_machine.Traveller
) -> None:
    nurse_sends(alpha, case, can_undo=True)
    with pytest.raises(NotFound):
        fetched(visitor(case), case)
    clock.shift(SEEN_AFTER + timedelta(seconds=1))
    assert fetched(visitor(case), case).content


def test_a_reply_that_is_taken_back_takes_its_files_along(
    alpha: World, case: operations.Accepted, clock: time_machine.Traveller
) -> None:
    kept = student_sends(case)
    message = nurse_sends(alpha, case, can_undo=True, files=one_picture() + one_picture())
    clock.shift(TAKE_BACK_WITHIN - timedelta(seconds=1))
    operations.withdraw_reply(by=alpha.actor("nurse"), request_id=case.request_id, message_id=message.pk)
    assert [row.subject_id for row in Attachment.objects.all()] == [kept.pk]


# --- the read log ------------------------------------------------------------------------------------------------


def test_every_fetch_is_in_the_log_and_what_is_refused_is_not(
    alpha: World, case: operations.Accepted
) -> None:
    student_sends(case)
    before = set(ReadEntry.objects.values_list("pk", flat=True))
    fetched(alpha.actor("nurse"), case)
    fetched(visitor(case), case)
    with pytest.raises(NotFound):
        fetched(alpha.actor("nurse"), case, 2)
    new = ReadEntry.objects.exclude(pk__in=before).order_by("at", "pk")
    assert sorted((row.actor_kind, row.what, row.why) for row in new) == [
        ("person", "attachment", "to answer"),
        ("student", "attachment", "own conversation"),
    ]


def test_no_row_in_the_log_means_no_file(alpha: World, case: operations.Accepted, monkeypatch) -> None:
    student_sends(case)

    def broken(**_said: object) -> Reading:
        raise RuntimeError("the log is away")

    monkeypatch.setattr("services.contact.operations.reading.reading", broken)
    with pytest.raises(RuntimeError):
        fetched(alpha.actor("nurse"), case)


def test_the_student_sees_that_files_were_read_and_a_page_counts_once(
    alpha: World, case: operations.Accepted, clock: time_machine.Traveller
) -> None:
    student_sends(case, files=one_picture() + one_picture())
    request = ContactRequest.objects.get(pk=case.request_id)
    [before] = reads_by_day(request)
    nora = alpha.actor("nurse")
    operations.read_conversation(by=nora, request_id=case.request_id)
    fetched(nora, case, 1)
    fetched(nora, case, 2)
    [after] = reads_by_day(request)
    assert after.times == before.times + 1
    clock.shift(timedelta(days=1))
    fetched(nora, case, 1)
    assert [read.times for read in reads_by_day(request)] == [1, after.times]
    reviewed = list(_without_pictures_of_a_page(ReadEntry.objects.filter(actor_kind="person")))
    assert len(reviewed) == ReadEntry.objects.filter(actor_kind="person").count() - 2


# --- sealed ------------------------------------------------------------------------------------------------------


def test_the_table_holds_neither_the_picture_nor_its_name(case: operations.Accepted) -> None:
    sent = one_picture()
    student_sends(case, files=sent)
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM attachments_attachment t")
        [(row,)] = cursor.fetchall()
    for word in (b"Hemmelig bilde", sent[0].content[:40], sent[0].content[-40:]):
        assert word.hex() not in row
        assert word.decode("latin-1") not in row
    assert "Hemmelig" not in repr(Attachment.objects.get().__dict__)


def test_a_ciphertext_that_was_moved_does_not_open(alpha: World, case: operations.Accepted) -> None:
    student_sends(case)
    other = answered(alpha, name="Per")
    student_sends(case)
    student_sends(other)
    first, second, third = Attachment.objects.select_related("case_key__wrapped_by").order_by("pk")
    rows = sorted((first, second, third), key=lambda row: (row.case_key_id, row.number))
    for row in rows:
        proof = Reading(row.case_key_id)
        for strange in rows:
            for name in ("name", "content"):
                for target in ("name", "content"):
                    here = strange is row and name == target
                    kept = row.__dict__[target]
                    row.__dict__[target] = strange.__dict__[name]
                    if here:
                        getattr(row, target).open(proof)
                    else:
                        with pytest.raises(CannotOpen):
                            getattr(row, target).open(proof)
                    row.__dict__[target] = kept


def test_a_reading_of_another_case_opens_nothing(alpha: World, case: operations.Accepted) -> None:
    student_sends(case)
    row = Attachment.objects.select_related("case_key").get()
    with pytest.raises(NotLogged):
        row.content.open(Reading(knock(alpha).request_id))


def test_bytes_are_sealed_only_where_they_are_said_to_be_plain(case: operations.Accepted) -> None:
    student_sends(case)
    row = Attachment.objects.select_related("case_key__wrapped_by").get()
    row.content = Plain(b"other bytes")
    assert repr(row.__dict__["content"]) == "[to be sealed]"
    assert str(row.content) == "[sealed]"
    assert row.content.open(Reading(row.case_key_id)) == b"other bytes"
    with pytest.raises(TypeError):
        Attachment.objects.update(content=Plain(b"in bulk"))
    with pytest.raises(TypeError):
        row.name = row.content


def test_a_file_goes_with_its_case_and_its_key_is_destroyed_first(
    alpha: World, case: operations.Accepted
) -> None:
    student_sends(case)
    other = answered(alpha, name="Per")
    student_sends(other)
    copy = Attachment.objects.select_related("case_key").get(
        case_key=ContactRequest.objects.get(pk=case.request_id).case_key
    )
    gone = operations.forget(by=MACHINE, request_ids=[case.request_id])
    assert gone["attachments.Attachment"] == 1
    assert Attachment.objects.count() == 1
    copy.case_key = CaseKey.objects.get(pk=copy.case_key_id)  # as somebody with a copy of the row would try
    with pytest.raises(CannotOpen):
        copy.content.open(Reading(copy.case_key_id))


# --- all or nothing ----------------------------------------------------------------------------------------------


def test_a_message_and_its_files_are_kept_together_or_not_at_all(
    alpha: World, case: operations.Accepted, monkeypatch
) -> None:
    written = ConversationMessage.objects.count()
    real = attachments._keep

    def second_fails(by, case_key, subject_id, number, file):
        if number == 2:
            raise RuntimeError("the disk is full")
        return real(by, case_key, subject_id, number, file)

    monkeypatch.setattr(attachments, "_keep", second_fails)
    for send in (student_sends, lambda case, **said: nurse_sends(alpha, case, **said)):
        with pytest.raises(RuntimeError):
            send(case, files=one_picture() + one_picture())
    assert (ConversationMessage.objects.count(), Attachment.objects.count()) == (written, 0)


def test_the_table_numbers_what_a_case_has_and_knows_what_a_picture_is(case: operations.Accepted) -> None:
    student_sends(case)
    row = Attachment.objects.select_related("case_key__wrapped_by").get()
    for change, name in (
        ({"number": 1}, "attachments_of_a_case_are_numbered"),
        ({"number": 2, "width": None}, "a_picture_has_a_width_and_a_height"),
        ({"number": 2, "size": 0}, "an_attachment_is_not_empty"),
    ):
        fields = {"number": 2, "kind": "picture", "size": 9, "width": 3, "height": 3, **change}
        twin = Attachment(case_key=row.case_key, subject_id=row.subject_id, **fields)
        twin.name, twin.content = "b.jpg", Plain(b"b")
        with transaction.atomic(), pytest.raises(IntegrityError) as refused:
            twin.save(force_insert=True)
        assert violated(refused.value) == name
