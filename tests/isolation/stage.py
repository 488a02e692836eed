"""alfa and beta played to the full: the same ids in every table of both, and in each a word of its own
wherever somebody can write. Whoever means to cross borrows what the other side has: ids, cookies, tokens.
"""

import io
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.internal import statekit
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client
from PIL import Image

from kernel import clock
from kernel.actor import MACHINE, Actor, student
from kernel.api.tokens import issue
from kernel.crypto import keys
from kernel.people import known
from kernel.people.identity import handover, invitations, students
from kernel.people.identity import operations as identity
from kernel.people.identity.queries import student_who
from kernel.people.models import Account
from kernel.people.operations import invite
from kernel.people.sessions import SessionStore
from kernel.tenancy import MunicipalityRef, front, inside, signing
from kernel.ui.theme import theme_hash
from services.attachments.intake import Upload, take_in
from services.contact import operations as contact
from services.contact import visit
from services.contact.models import ContactRequest, ConversationMessage, Wish
from services.desk import operations as desk
from services.eid import operations as eid
from services.eid import trips
from services.eid import visiting as eid_visiting
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
from tenants.onboarding import cookie, states
from tenants.onboarding.models import Application, Signature
from tenants.onboarding.operations.gates import _hash as hash_of_link
from tenants.own_address import operations as own_addresses
from tenants.presence import operations as presence
from tenants.setup import operations as setup
from tenants.setup.models import ClosedDay, Face, Lead, Look, Post, ResponseGuarantee, School, SchoolAddress
from tenants.setup.queries import forget as forget_portals
from tenants.walls import operations as walls
from tests.cast import World
from tests.signing_in import sign_in

#: Columns somebody writes freely into: each gets the municipality's own word.
FREE_TEXT = {
    "people.Account": ("name",),
    "people.IdentityProvider": ("name",),
    "outbox.Message": ("last_error",),
    "usersessions.UserSession": ("user_agent",),
    "setup.School": ("name",),
    "setup.Employer": ("name",),
    "setup.HelperRole": ("names", "describes", "keeps"),
    "setup.CannedReply": ("titles", "texts"),
    "setup.Language": ("reviewed_by",),
    "setup.Wording": ("text",),
    "setup.ClosedDay": ("name", "source"),
    "setup.SchoolBreak": ("name",),
    "worry.LocalNumber": ("name", "address"),
    "worry.SafetyText": ("text",),
}
#: Columns whose word is put there by the way they are written: a seal, a look, an address, a cache.
WRITTEN = {
    "contact.ContactRequest": ("channel_value", "name", "preferred_times"),
    "contact.ConversationMessage": ("text", "tag"),
    "contact.Wish": ("say_instead",),
    "attachments.Attachment": ("name", "content"),
    "contact.RecordDue": ("detail",),
    "meetings.MeetingTime": ("place",),
    "reach.NoticeWish": ("address",),
    "reach.Friend": ("tag",),
    "desk.NoteVersion": ("text",),
    "feedback.Feedback": ("words",),
    "desk.Draft": ("text",),
    "contact.Handover": ("reason", "summary"),
    "contact.HandoverDecline": ("why",),
    "walls.Grant": ("reason",),
    "walls.Opening": ("reason", "untold_reason"),
    "retention.LegalHold": ("reason",),
    "worry.Worry": ("came_of_it",),
    "worry.Step": ("who", "words", "why_not_first", "because"),
    "worry.SafetyText": ("reviewed_by",),
    "people.Account": ("email",),
    "people.CacheRow": ("cache_key", "value"),
    "setup.Look": ("brand", "logo_hash", "exit_url"),
    "own_address.OwnAddress": ("host",),
    "setup.Post": ("agreement",),
}
#: Columns that hold a code, a key, a hash or a number: a word in them would not be what they are.
CODES = {
    "people.Account": ("password", "language", "speaks"),
    "people.IdentityProvider": (
        "purpose",
        "issuer",
        "client_id",
        "method",
        "asked_acr",
        "two_factor_acr",
        "two_factor_amr",
        "claim_posts",
    ),
    "sessions.Session": ("session_key", "session_data"),
    "mfa.Authenticator": ("type", "data"),
    "usersessions.UserSession": ("session_key", "data"),
    "crypto.MunicipalityKey": ("purpose",),
    "audit.Entry": ("actor_kind", "verb", "object_kind", "object_id", "details"),
    "audit.ReadEntry": ("actor_kind", "what", "why"),
    "audit.Link": ("kind",),
    "outbox.Message": ("cause", "recipient", "channel", "template", "language", "state"),
    "api.Token": ("public_id", "scopes"),
    "setup.School": ("form", "register_code"),
    "setup.SchoolAddress": ("slug",),
    "setup.Face": ("digest",),
    "setup.Employer": ("kind",),
    "setup.HelperRole": ("key", "profession"),
    "setup.Language": ("code",),
    "setup.Wording": ("key", "language"),
    "setup.Topic": ("key", "roles"),
    "setup.CalendarVersion": ("data",),
    "setup.WorkingCalendar": ("open_hours", "reminders"),
    "setup.ClosedDay": ("kind", "category", "state"),
    "setup.AttachmentRule": ("who",),
    "setup.MeetingGuarantee": ("urgency", "kind"),
    "setup.ResponseGuarantee": ("kind", "received_when_closed"),
    "promises.Promise": ("kind", "subject_kind", "outcome", "explained", "guarantee"),
    "logreview.LogReview": ("outcome", "log_head"),
    "contact.ContactRequest": (
        "case_number",
        "channel_kind",
        "language",
        "state",
        "outcome",
        "closed_from",
        "held",
    ),
    "contact.Wish": ("topic", "spoken"),
    "contact.RecordDue": ("system", "employer", "settled"),
    "contact.ConversationMessage": ("sender",),
    "attachments.Attachment": ("kind",),
    "meetings.Meeting": ("urgency", "state"),
    "reach.NoticeWish": ("language",),
    "meetings.MeetingTime": ("way", "state"),
    "contact.ContactAttempt": ("kind", "outcome"),
    "desk.Note": ("circle",),
    "desk.Draft": ("kind",),
    "contact.Handover": ("state", "shares", "agreement", "allowed_by", "returned"),
    "contact.NextDoor": ("shares",),
    "feedback.Feedback": ("answer",),
    "nextdoor.DoorOrder": ("roles", "never"),
    "own_address.OwnAddress": ("token",),
    "walls.Grant": ("basis",),
    "walls.Opening": ("case_number", "basis", "scope"),
    "retention.RetentionRule": ("outcome", "method"),
    "retention.ArchiveDecision": ("choice",),
    "retention.LegalHold": ("basis",),
    "retention.Tombstone": ("kind", "cause", "method", "law"),
    "retention.Tally": ("outcome", "promise"),
    "worry.Worry": ("urgency", "outcome"),
    "worry.Step": ("recipient", "told", "ground"),
    "worry.LocalNumber": ("kind", "phone"),
    "worry.SafetyText": ("language",),
}
#: Apps of others whose tables nothing of ours writes.
UNUSED = ("contenttypes", "auth", "account", "socialaccount")

#: An issuer of this machine where nobody listens.
CLOSED = "http://closed.localhost:9"
_BRANDS = {"alfa": "#27632a", "beta": "#7a1f5c"}
_DAY = date(2027, 3, 3)


@dataclass
class Side:
    """One municipality, and everything of it that somebody could carry to the other."""

    ref: MunicipalityRef
    ids: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)  # who → staff cookie
    tokens: dict[str, str] = field(default_factory=dict)  # who → API token
    known: str = ""  # the cookie of the nurse's own browser
    visit: str = ""
    proof: str = ""
    receipt: str = ""
    friend: str = ""  # the code and the open page of a friend of that student's
    friend_visit: str = ""
    eid: str = ""  # of a student who has shown who they are: their visit, and what waits on a trip of theirs
    eid_way: str = ""
    eid_opens: str = ""  # the form that opens their conversation
    eid_trip: str = ""  # the name of that trip
    invitation: str = ""  # Ulf's, not yet used
    door: str = ""  # Nora's, made for the other municipality
    state: str = ""  # of a sign-in by the provider that Nora's browser has begun
    application_id: str = ""
    application: str = ""  # the applicant's cookie on the front door
    link: str = ""  # the signatory's
    logo: bytes = b""
    face: bytes = b""  # Nora's, shown at her schools
    picture: bytes = b""  # what the student of the borrowed visit has sent
    feed: str = ""  # the token of Nora's calendar address

    @property
    def host(self) -> str:
        return f"{self.ref.slug}.localhost" if self.ref.kind != "operator" else "localhost"

    @property
    def word(self) -> str:
        return f"kanari-{self.ref.slug}"

    @property
    def words(self) -> tuple[bytes, ...]:
        """What only this municipality's own people may ever be shown."""
        name, slug = self.ref.slug.capitalize(), self.ref.slug
        said = (self.word, f"{name} kommune", f"skole {name}", f"{slug}.example", self.receipt)
        pictures = tuple(one for one in (self.logo, self.face, self.picture) if one)
        return tuple(one.encode() for one in (*said, _BRANDS[slug])) + pictures


@dataclass
class Stage:
    alpha: Side
    beta: Side
    operator: Side

    def other(self, side: Side) -> Side:
        return self.beta if side is self.alpha else self.alpha


def build(world: World) -> Stage:
    """In the transaction we are in. Both sides by the same steps, so that their ids come out the same."""
    alpha, beta, operator = Side(world.alpha), Side(world.beta), Side(world.operator)
    for side in (alpha, beta):
        with inside(side.ref):
            keys.make_keys()
            keys.municipality_key("session")
            with _ids_from(1):
                _set_up(side, world)
            _knocks(side, world)
            _provider(side, world)
            _eid(side, world)
            _plant(side)
            _sign_everybody_in(side, world)
            _tokens(side, world)
    _operator(operator)
    for side in (alpha, beta):
        with inside(world.operator):
            made = _application(side)
        with front():
            side.application = cookie_of(cookie.remember, made)
    assert alpha.ids == beta.ids, sorted(key for key in alpha.ids if alpha.ids[key] != beta.ids[key])
    _front_door_ids(operator, alpha)
    forget_portals()
    return Stage(alpha, beta, operator)


@contextmanager
def _ids_from(seed: int) -> Iterator[None]:
    """Every uuid drawn here comes from the seed (a uuid4 asks the system for 16 bytes); keys stay random."""
    seeded, real = random.Random(seed), os.urandom
    with patch("os.urandom", lambda size: seeded.randbytes(16) if size == 16 else real(size)):
        yield


def _set_up(side: Side, world: World) -> None:
    employer = setup.add_employer(name=f"Helse {side.word}", kind="municipality", by=MACHINE)
    holiday = setup.add_closed_day(day=_DAY, name=f"Planlegging {side.word}", by=MACHINE)
    first = setup.add_break(name="Ferie", first_day=_DAY, last_day=_DAY + timedelta(days=3), by=MACHINE)
    promise = setup.set_guarantee(kind="counted_hours", amount=30, school_id=world.school, by=MACHINE)
    setup.set_attachments(who="everybody", by=MACHINE)
    files = setup.set_attachments(who="everybody", school_id=world.school, by=MACHINE)
    setup.change_wording(key="greeting", language="nb", text=f"Hei fra {side.word}", by=MACHINE)
    setup.change_languages(languages=["nb", "en", "sv"], default_language="nb", by=MACHINE)
    setup.change_look(
        brand=_BRANDS[side.ref.slug],
        logo=_picture(side),
        exit_url=f"https://{side.word}.example.org/",
        by=MACHINE,
    )
    ready = setup.add_canned_reply(
        role_id=world.nurse_role, titles={"nb": f"Lest {side.word}"}, texts={"nb": f"Jeg har lest {side.word}"},
        by=MACHINE,
    )  # fmt: skip
    setup.change_wording(key="topic_sleep", language="nb", text=f"Søvn i {side.word}", by=MACHINE)
    setup.set_topic_roles(key="sleep", roles=[world.counsellor_role, world.nurse_role], by=MACHINE)
    setup.set_outside_doors(doors=[(world.other_school, world.nurse_role)], by=MACHINE)
    setup.give_post(
        account_id=world.people["other_nurse"], role_id=world.counsellor_role, school_id=world.other_school,
        ends_on=_DAY, agreement=f"Avtale {side.word}", by=MACHINE,
    )  # fmt: skip
    absence = presence.begin_absence(
        account_id=world.people["outsider"], first_day=_DAY, last_day=_DAY + timedelta(days=4), by=MACHINE
    )
    presence.name_substitutes(
        post_id=Post.objects.filter(account_id=world.people["second_nurse"]).get().pk,
        account_ids=[world.people["other_nurse"]], by=MACHINE,
    )  # fmt: skip
    invented = invite(by=MACHINE, email="ida@rehearsal.invalid", name="Ida", is_invented=True)
    look = Look.objects.get()
    side.logo = bytes(look.logo)
    address = own_addresses.add(by=MACHINE, host=f"dor.{side.word}.example")
    setup.show_face(picture=_picture(side), agrees=True, by=world.actor("nurse"))
    called = School.objects.get(pk=world.school).name
    for name in ("Skolen", called):
        setup.rename_school(school_id=world.school, name=name, shows_faces=True, by=MACHINE)
    side.face = bytes(Face.objects.get().picture)
    public = ClosedDay.objects.filter(kind=ClosedDay.Kind.PUBLIC_HOLIDAY).order_by("pk").first()
    side.ids |= {
        "school_id": str(world.school),
        "slug": SchoolAddress.objects.get(school_id=world.school, is_current=False).slug,  # the same in both
        "role_id": str(world.counsellor_role),
        "employer_id": str(employer),
        "reply_id": str(ready),
        "account_id": str(world.people["outsider"]),
        "invented_id": str(invented.pk),
        "post_id": str(Post.objects.filter(account_id=world.people["second_nurse"]).get().pk),
        "absence_id": str(absence),
        "lead_id": str(Lead.objects.get().pk),
        "holiday_id": str(public.pk if public else holiday),
        "day_id": str(holiday),
        "break_id": str(first),
        "guarantee_id": str(promise),
        "missing_guarantee": str(ResponseGuarantee.objects.filter(school_id=None).first().pk),
        "files_id": str(files),
        "address_id": str(address.pk),
        "code": "sv",
        "key": "sleep",
    }


def _picture(side: Side) -> bytes:
    """A small logo in the municipality's own colour."""
    out = io.BytesIO()
    Image.new("RGB", (24, 24), _BRANDS[side.ref.slug]).save(out, format="PNG")
    return out.getvalue()


def _knocks(side: Side, world: World) -> None:
    """One that waits, one that Nora has, one that is closed: all at Nora's door, all in words of our own."""
    made = []
    for number, (kind, value) in enumerate((
        ("conversation", ""), ("email", f"{side.word}@sted.example.org"), ("conversation", ""),
    )):  # fmt: skip
        with _ids_from(10 + number):
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
    with _ids_from(6):
        contact.take(by=nurse, request_id=made[0].request_id)
        _meeting(side, nurse, made[0])
        (sent,) = take_in(
            [Upload(f"Bilde {side.word}.png", logo := _picture(side), len(logo))], documents=False
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
    with _ids_from(2):
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
        "message_id": str(ConversationMessage.objects.order_by("pk").first().pk),
    }
    side.receipt, side.visit = made[0].receipt, cookie_of(visit.start, made[0].request_id)
    side.proof = visit.proof(made[0].request_id)


def _handed_over(side: Side, world: World, made: list[contact.Accepted]) -> UUID:
    """What Nora has was offered to the counsellors, who said no, and is offered to Olga; Signe stepped aside from what
    is closed."""
    nurse, taken = world.actor("nurse"), made[1].request_id
    given = {"by": nurse, "request_id": taken, "agreement": "in_talk"}
    with _ids_from(4):
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
    with _ids_from(3):
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
    with _ids_from(7):
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


def cookie_of(start, value: Any) -> str:
    """The value of the cookie that `start(response, value)` sets."""
    response = HttpResponse()
    start(response, value)
    return next(iter(response.cookies.values())).value


def _plant(side: Side) -> None:
    """The municipality's own word in every column that somebody writes freely into."""
    for label, columns in FREE_TEXT.items():
        for row in apps.get_model(label).objects.all():
            for column in columns:
                setattr(row, column, _with_word(getattr(row, column), side.word))
            type(row).objects.filter(pk=row.pk).update(**{column: getattr(row, column) for column in columns})
    cache.set("kanari", side.word)
    nurse = Account.objects.get(email__startswith="nurse@")
    TOTP.activate(nurse, generate_totp_secret())


def _provider(side: Side, world: World) -> None:
    """One that does not answer, with Nora linked to it, and what could be carried from here to the other side."""
    with _ids_from(30):
        provider = identity.save_provider(
            by=MACHINE,
            name="Innlogging",
            issuer=CLOSED,
            client_id="x",
            method="client_secret_post",
            secret="x",
        )
        linked = identity.link(
            by=MACHINE, account_id=world.people["nurse"], provider_id=provider, issuer=CLOSED, subject="nora"
        )
    TOTP.activate(world.account("admin"), generate_totp_secret())
    identity.passed_test(by=MACHINE, provider_id=provider)
    identity.switch_provider(by=MACHINE, provider_id=provider, on=True)
    Authenticator.objects.filter(user_id=world.people["admin"]).delete()
    side.ids |= {"provider_id": str(provider), "identity_id": str(linked.pk)}
    side.invitation = invitations.token_for(world.account("outsider"))
    other = world.beta if side.ref == world.alpha else world.alpha
    side.door = handover.make(account_id=world.people["nurse"], issuer=CLOSED, subject="nora", to=other)


def _eid(side: Side, world: World) -> None:
    """A provider for students that does not answer; one of their conversations is bound, and another trip waits."""
    with _ids_from(34):
        provider = identity.save_provider(
            by=MACHINE, name="BankID", issuer=CLOSED, client_id="x", method="client_secret_post", secret="x",
            purpose="students",
        )  # fmt: skip
        identity.passed_test(by=MACHINE, provider_id=provider)
        identity.switch_provider(by=MACHINE, provider_id=provider, on=True)
        request = ContactRequest.objects.get(pk=side.ids["request_id"])
        who = student_who(CLOSED, "the-same-in-both")
        eid.bind(by=student(request.pk), request=request, who=who, provider_id=provider)
        ticket_id = uuid4()
    ticket = eid.set_out(
        by=student(None), ticket_id=ticket_id, began=students.beginning(ticket_id.hex), provider_id=provider,
        aim="knock", said={"message": f"Hemmelig {side.word}"},
    )  # fmt: skip
    now = int(clock.now().timestamp())
    visit = eid_visiting.Visit(who, provider, f"Navn {side.word}", "a-mark", ticket_id, now, now + 7200)
    side.eid = cookie_of(eid_visiting.start, visit)
    side.eid_way = cookie_of(partial(trips.hand, HttpRequest()), ticket)
    side.eid_opens = signing.dumps(str(request.pk), purpose="eid-open")
    side.eid_trip = ticket.name


def _with_word(value, word: str):
    if isinstance(value, dict):
        return {key: _with_word(one, word) for key, one in value.items()}
    return f"{value} {word}".strip()[:60]


def _sign_everybody_in(side: Side, world: World) -> None:
    for who in world.people:
        side.sessions[who] = session_of(world.account(who), side.host)
    side.known = cookie_of(partial(known.remember, HttpRequest()), world.account("nurse"))
    side.sessions["half"] = session_of(world.account("nurse"), side.host, second_factor=False)
    side.state = _begun(side.sessions["nurse"], side.ids["provider_id"])


def _begun(session: str, provider_id: str) -> str:
    """The state of a sign-in that this session has begun at the provider."""
    request = HttpRequest()
    request.session = SessionStore(session)
    told = {"process": "sign_in", "nonce": "x", "pkce_code_verifier": "x"}
    return statekit.stash_state(request, provider_id=provider_id, state=told)


def session_of(account: Account, host: str, *, second_factor: bool = True) -> str:
    """The staff cookie of somebody who has just signed in."""
    session = sign_in(Client(SERVER_NAME=host), account, second_factor=second_factor)
    if second_factor:
        for record in session[AUTHENTICATION_METHODS_SESSION_KEY]:
            record["at"] += 3600  # a proof is fresh for five minutes, and the stage stands for longer
        session.save()
    return session.session_key


def _tokens(side: Side, world: World) -> None:
    for who, person, scopes in (
        ("token_desk", "nurse", ("desk:read", "desk:write")),
        ("token_desk_read", "nurse", ("desk:read",)),
        ("token_setup", "admin", ("setup:read", "setup:write")),
        ("token_setup_read", "admin", ("setup:read",)),
        ("token_idle", "outsider", ("desk:read", "desk:write", "setup:read", "setup:write")),
    ):
        side.tokens[who] = issue(account=world.account(person), scopes=scopes, by=MACHINE)


def _operator(side: Side) -> None:
    with inside(side.ref):
        account = invite(by=MACHINE, email="operator@lavterskel.example", name="Oda Operator")
        Account.objects.filter(pk=account.pk).update(is_operator=True)
        idle = invite(by=MACHINE, email="idle@lavterskel.example", name="Uno Uten")
        side.sessions = {
            "operator": session_of(Account.objects.get(pk=account.pk), "localhost"),
            "operator_half": session_of(Account.objects.get(pk=account.pk), "localhost", second_factor=False),
            "operator_idle": session_of(idle, "localhost"),
        }


def _application(side: Side) -> UUID:
    """A sign-up in rehearsal with a link to its signatory."""
    now = clock.now()
    made = Application.objects.create(
        state=states.REHEARSING, country="NO", kind="municipality", organisation_number="958935420",
        email=f"{side.word}@{side.ref.slug}.example", contact_name=f"Kari {side.word}", language="nb",
        name=f"{side.ref.name} {side.word}", slug=side.ref.slug, municipality_id=side.ref.id,
        pilot_school=f"Skole {side.word}", languages=["nb"], default_language="nb",
        brand=_BRANDS[side.ref.slug], logo=_picture(side), opened_at=now, verified_at=now,
        expires_at=now + timedelta(days=30),
    )  # fmt: skip
    side.link = f"link-{side.ref.id}-of-a-signatory"
    Signature.objects.create(
        application=made, name=f"Ola {side.word}", role="Leder", authority="Delegert", language="nb",
        email=f"ola@{side.ref.slug}.example", token_hash=hash_of_link(side.link), sent_at=now,
        expires_at=now + states.SIGNING_LIFE,
    )  # fmt: skip
    side.application_id = str(made.pk)
    return made.pk


def _front_door_ids(operator: Side, alpha: Side) -> None:
    operator.ids = {"application_id": alpha.application_id, "job_id": "999999", "token": alpha.link}


def theme_stamp(side: Side) -> str:
    """The part of the theme's address that is this municipality's."""
    return theme_hash(_BRANDS[side.ref.slug])


COOKIES = {
    "session": settings.SESSION_COOKIE_NAME,
    "visit": settings.VISIT_COOKIE_NAME,
    "eid": settings.EID_COOKIE_NAME,
    "eid_way": settings.EID_WAY_COOKIE_NAME,
    "application": cookie.NAME,
    "known": settings.KNOWN_BROWSER_COOKIE_NAME,
}
