"""Requests for help at Nora's door, and what came of them."""

from datetime import timedelta
from uuid import UUID

from kernel import clock
from kernel.actor import Actor, student
from services.attachments.intake import Upload, take_in
from services.contact import operations as contact
from services.contact import visit
from services.contact.models import ContactAttempt, ContactRequest, ConversationMessage, Wish
from services.desk import operations as desk
from services.feedback import operations as feedback
from services.meetings import operations as meetings
from services.meetings.models import MeetingTime
from services.meetings.rules import Proposed
from services.promises.models import Promise
from services.reach import operations as reach
from services.reach import visiting
from services.retention import operations as retention
from services.worry import operations as worries
from services.worry.rules import Said
from tenants.walls import operations as walls
from tests.cast import World
from tests.isolation.stage.sides import Side, cookie_of, ids_from, picture


def knocks(side: Side, world: World) -> None:
    """One that waits, one that Nora has, one that is closed: all at Nora's door, all in words of our own."""
    made = []
    for number, (kind, value) in enumerate((
        ("conversation", ""), ("email", f"{side.word}@sted.example.org"), ("conversation", ""),
    )):  # fmt: skip
        with ids_from(10 + number):
            said = contact.knock(
                by=student(None), idempotency_key=f"the-same-key-in-both-{number}", school_id=world.school,
                role_id=world.nurse_role, channel_kind=kind, channel_value=value, language="nb",
                message=f"Hemmelig {side.word}", name=f"Navn {side.word}",
                preferred_times=f"Etter {side.word}", topic="home",
                spoken="ar", interpreter=True, person_id=world.people["second_nurse"],
            )  # fmt: skip
        wish = Wish.objects.select_related("request__case_key").get(request_id=said.request_id)
        wish.say_instead = f"Si at det er {side.word}"
        wish.save(update_fields=["say_instead"])
        made.append(said)
    nurse = world.actor("nurse")
    with ids_from(6):
        contact.take(by=nurse, request_id=made[0].request_id)
        _meeting(side, nurse, made[0])
        (sent,) = take_in(
            [Upload(f"Bilde {side.word}.png", logo := picture(side), len(logo))], documents=False
        )
        contact.student_writes(by=student(made[0].request_id), request_id=made[0].request_id, files=[sent])
        side.picture = sent.content
        reach.ask_notice(
            by=student(made[0].request_id), request_id=made[0].request_id, each_time=True, language="nb",
            address=f"{side.word}@post.example.org",
        )  # fmt: skip
        reach.tell_name(
            by=student(made[0].request_id), request_id=made[0].request_id, name=f"Navn {side.word}"
        )
        friend = reach.invite_friend(
            by=student(made[0].request_id), request_id=made[0].request_id, tag=f"Venn {side.word}",
            reads_all=True,
        )  # fmt: skip
        side.friend = reach.code_of(friend)
        sam = reach.enter_as_friend(side.friend)
        reach.friend_writes(by=sam, text=f"Hei {side.word}")
        side.friend_visit = cookie_of(visiting.start, sam)
        reach.tie(
            by=student(made[0].request_id), request_id=made[0].request_id, code=made[1].receipt, shares=True
        )
        contact.release(by=nurse, request_id=made[0].request_id)
    with ids_from(2):
        contact.take(by=nurse, request_id=made[1].request_id)
        contact.take(by=nurse, request_id=made[2].request_id)
        document = f"%PDF-1.7 Vedtak {side.word} %%EOF".encode()
        contact.reply(
            by=nurse, request_id=made[1].request_id, text=f"Vedlagt {side.word}",
            files=take_in([Upload(f"Vedtak {side.word}.pdf", document, len(document))], documents=True),
        )  # fmt: skip
        note = desk.add_note(by=nurse, request_id=made[1].request_id, text=f"Notat {side.word}")
        desk.save_draft(by=nurse, request_id=made[1].request_id, kind="reply", text=f"Kladd {side.word}")
        contact.read_conversation(by=nurse, request_id=made[2].request_id)
        contact.reply(by=nurse, request_id=made[2].request_id, text=f"Svar {side.word}")
        contact.close(
            by=nurse, request_id=made[2].request_id, outcome="helped",
            said=contact.Settling(recorded_in=f"Journal {side.word}"),
        )  # fmt: skip
        feedback.answer(by=student(made[2].request_id), request_id=made[2].request_id, said="little")
        feedback.share(
            by=student(made[2].request_id), request_id=made[2].request_id, text=f"Takk {side.word}"
        )
        hold = retention.place_hold(
            by=world.actor("admin"), number=made[2].case_number, basis="court", reason=f"Vedtak {side.word}",
            last_day=clock.now().date() + timedelta(days=30),
        )  # fmt: skip
        rule = retention.decide_rule(by=world.actor("admin"), outcome="helped", months=9, method="delete")
        retention.wish_gone(by=student(made[1].request_id))
    side.ids |= {
        "hold_id": str(hold.pk),
        "rule_id": str(rule.pk),
        "request_id": str(made[0].request_id),
        "taken_id": str(made[1].request_id),
        "closed_id": str(made[2].request_id),
        "note_id": str(note.pk),
        "opening_id": str(_let_in(side, world, made)),
        "handover_id": str(_handed_over(side, world, made)),
        **_worried(side, world, made[1]),
        "promise_id": str(Promise.objects.get(subject_id=made[0].request_id).pk),
        "time_id": str(MeetingTime.objects.order_by("starts_at").first().pk),
        "attempt_id": str(ContactAttempt.objects.order_by("pk").first().pk),
        "message_id": str(ConversationMessage.objects.order_by("pk").first().pk),
    }
    side.receipt, side.visit = made[0].receipt, cookie_of(visit.start, made[0].request_id)
    side.proof = visit.proof(made[0].request_id)


def _handed_over(side: Side, world: World, made: list[contact.Accepted]) -> UUID:
    """What Nora has was offered to the counsellors, who said no, and is offered to Olga; Signe stepped aside from what
    is closed."""
    nurse, taken = world.actor("nurse"), made[1].request_id
    given = {"by": nurse, "request_id": taken, "agreement": "in_talk"}
    with ids_from(4):
        contact.read_conversation(by=nurse, request_id=taken)
        declined = contact.offer_handover(
            **given, to=contact.Receiver(role_id=world.counsellor_role, school_id=world.school), shares="summary",
            reason=f"Grunn {side.word}", summary=f"Kort om {side.word}",
        )  # fmt: skip
        contact.decline_handover(
            by=world.actor("counsellor"), handover_id=declined.pk, why=f"Nei, sier {side.word}"
        )
        offered = contact.offer_handover(
            **given, to=contact.Receiver(account_id=world.people["other_nurse"]), shares="nothing",
            reason=f"Annen grunn {side.word}",
        )  # fmt: skip
        contact.recuse(by=world.actor("second_nurse"), request_id=made[2].request_id)
    return offered.pk


def _meeting(side: Side, nurse: Actor, made: contact.Accepted) -> None:
    """Times proposed to the student whose visit is borrowed, at a place of the municipality's own; and a calendar."""
    times = [
        Proposed(clock.minute(clock.now()) + timedelta(hours=n), 30, "room", f"Rom {side.word}")
        for n in (5, 60)
    ]
    meetings.propose(by=nurse, request_id=made.request_id, urgency="weeks", times=times, outside_hours=True)
    side.feed = meetings.make_feed(by=nurse)


def _let_in(side: Side, world: World, made: list[contact.Accepted]) -> UUID:
    """Signe may read what Nora has; and the lead asks that what waits be opened for Nora."""
    taken = ContactRequest.objects.get(pk=made[1].request_id)
    with ids_from(3):
        walls.give_grant(
            by=world.actor("nurse"), case_key_id=taken.case_key_id, account_id=world.people["second_nurse"],
            basis="need", reason=f"Sammen om {side.word}", last_day=clock.now().date() + timedelta(days=2),
        )  # fmt: skip
        opening = walls.ask_opening(
            by=world.actor("lead"), number=made[0].case_number, basis="court", scope="with_log",
            reason=f"Vedtak {side.word}", reader_id=world.people["nurse"], hours=2, is_told=False,
            untold_reason=f"Lov {side.word}",
        )  # fmt: skip
    return opening.pk


def _worried(side: Side, world: World, taken: contact.Accepted) -> dict[str, str]:
    """Nora is worried about what she has, has told somebody; and what the administrator keeps for it."""
    nurse, admin = world.actor("nurse"), world.actor("admin")
    said = Said(
        recipient="police", who=f"Vakt {side.word}", words=f"Sagt {side.word}", student_first=False,
        why_not_first=f"Fordi {side.word}", told="told", because=f"Trygg {side.word}",
    )  # fmt: skip
    with ids_from(7):
        worry = worries.raise_worry(by=nurse, request_id=taken.request_id, urgency="soon")
        step = worries.record_step(by=nurse, worry_id=worry.pk, said=said)
        worries.close(by=nurse, worry_id=worry.pk, outcome="safe", came_of_it=f"Vel {side.word}")
        worries.reopen(by=nurse, worry_id=worry.pk)
        number = worries.set_number(
            by=admin, kind="principal", school_id=world.school, name=f"Rektor {side.word}", phone="33 33 33 33",
            address=f"Vei {side.word}",
        )  # fmt: skip
        worries.set_times(by=admin, hours=3, minutes=20)
        text = worries.write_safety_text(
            by=admin, language="nb", text=f"Vi har lest det du skrev. {side.word} " * 3
        )
        other = worries.write_safety_text(
            by=admin, language="sv", text=f"Vi har läst det du skrev. {side.word} " * 3
        )
        worries.review_safety_text(
            by=admin,
            text_id=other.pk,
            reviewed_by=f"Lege {side.word}",
            reviewed_on=clock.now().date() - timedelta(days=1),
        )
    return {
        "worry_id": str(worry.pk),
        "step_id": str(step.pk),
        "number_id": str(number.pk),
        "text_id": str(text.pk),
        "recipient": "police",
    }
