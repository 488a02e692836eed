"""Every page a student can meet, as it is rendered: what is measured for plain words, and looked at in a browser.

A municipality of its own for each country, with people, helpers' answers, meetings, a broken promise; its pages in a
language, one by one. Whatever a *person* wrote (a message, a name) is one of `PEOPLES_WORDS`: those are not our texts.
"""

import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID

import time_machine
from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError, transaction
from django.test import Client

from kernel.actor import MACHINE, Actor, actor_for, student
from kernel.errors import Conflict, NotAllowed
from kernel.people.models import Account
from kernel.tenancy import MunicipalityRef, inside
from kernel.tenancy.testing import drop_for_tests, forget_jobs, found_for_tests
from services.contact import operations as contact
from services.contact.operations import Accepted, Receiver
from services.feedback import operations as feedback
from services.meetings import operations as meetings
from services.meetings.rules import Proposed
from services.nextdoor import operations as nextdoor
from services.promises.sweep import break_due
from services.reach import operations as reach
from services.retention import operations as retention
from services.worry import operations as worries
from services.worry.rules import Said
from tenants.presence import operations as presence
from tenants.setup import operations as setup
from tenants.setup.models import HelperRole, Post
from tests.journeys.eid_pages import BY, EidPages
from tests.services.contact.people import read_and_close
from tests.services.contact.test_pages import hidden

#: Which country's municipality speaks a language; the languages of the door alone are met in the Norwegian one.
COUNTRY = {"sv": "SE", "da": "DK", "fi": "FI"}
OURS, OF_THE_DOOR = ("nb", "nn", "en", "sv", "da", "fi"), ("se", "ar", "uk", "pl", "so", "ti")
LANGUAGES = (*OURS, *OF_THE_DOOR)

MONDAY = datetime(2026, 9, 14, 8, 0, tzinfo=UTC)
NOW = datetime(2026, 9, 17, 8, 0, tzinfo=UTC)  # a Thursday, when the promises of Monday have broken
SATURDAY = datetime(2026, 9, 19, 8, 0, tzinfo=UTC)
SCHOOL, YOUNG, QUIET, TOWN = "Solhaug", "Lia", "Fjell", "Fjordvik"
NAME, PLACE, ANSWER, WHY = "Mona", "B12", "Hei igjen, du", "Ja, det er best for deg"
PEOPLES_WORDS = (SCHOOL, YOUNG, QUIET, TOWN, NAME, PLACE, ANSWER, WHY, "Nora", "Signe", "Carl", "Sam", BY)


@dataclass(frozen=True)
class Page:
    """One page as it came: the address of the browser that shows it, and the answer."""

    name: str
    path: str
    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def html(self) -> str:
        return self.body.decode()


@dataclass
class Place:
    """One country's municipality, and the conversations that students have there."""

    ref: MunicipalityRef
    school: UUID
    young: UUID
    quiet: UUID
    nurse: UUID
    counsellor: UUID
    people: dict[str, UUID] = field(default_factory=dict)
    cases: dict[str, Accepted] = field(default_factory=dict)
    friend: str = ""

    def actor(self, who: str) -> Actor:
        return actor_for(Account.objects.get(pk=self.people[who]))

    def knock(self, **said: Any) -> Accepted:
        given: dict[str, Any] = {
            "idempotency_key": uuid.uuid4().hex, "school_id": self.school, "role_id": self.nurse,
            "channel_kind": "conversation", "message": ANSWER, "language": "nb",
        }  # fmt: skip
        return contact.knock(by=student(None), **{**given, **said})


@contextmanager
def place_in(country: str) -> Iterator[Place]:
    """Founded and furnished, committed, and taken away again; its conversations are rolled back before that.

    The clock stands at NOW. Needs a database that is unblocked and no transaction around it.
    """
    day_before = MONDAY - timedelta(days=3)
    with time_machine.travel(day_before, tick=False):
        ref = found_for_tests(f"side{country.lower()}", country=country, name=f"{TOWN} kommune")
    try:
        with time_machine.travel(day_before, tick=False) as clock, inside(ref):
            place = _furnished(ref, country)
            with transaction.atomic():
                clock.move_to(MONDAY)
                _began_on_monday(place)
                clock.move_to(NOW)
                break_due()
                _go_on(place)
                yield place
                transaction.set_rollback(True)
    finally:
        forget_jobs()
        drop_for_tests(ref)


def _furnished(ref: MunicipalityRef, country: str) -> Place:
    default = next((code for code, where in COUNTRY.items() if where == country), "nb")
    spoken = [default, *(code for code in LANGUAGES if code != default)]
    setup.furnish(
        country=country, kind="municipality", languages=spoken, default_language=default, by=MACHINE
    )
    for code in OF_THE_DOOR:
        setup.review_language(code=code, reviewed_by="Leila Haddad", by=MACHINE)
    school = setup.add_school(name=SCHOOL, form="compulsory", by=MACHINE)
    young, quiet = (setup.add_school(name=name, form="compulsory", by=MACHINE) for name in (YOUNG, QUIET))
    setup.rename_school(school_id=young, name=YOUNG, simple_door=True, by=MACHINE)
    roles = list(HelperRole.objects.order_by("order").values_list("key", "pk"))
    nurse = dict(roles)["nurse"]
    counsellor = next(pk for key, pk in roles if key != "nurse")
    place = Place(ref, school, young, quiet, nurse, counsellor)
    for who, role, where in (
        ("Nora", nurse, (school, young)), ("Signe", nurse, (school,)), ("Carl", counsellor, (school, young)),
        ("Olga", nurse, (quiet,)),
    ):  # fmt: skip
        place.people[who] = setup.invite_person(
            email=f"{who.lower()}@{ref.slug}.example", name=f"{who} Prove", language=default,
            is_administrator=False, by=MACHINE,
        )  # fmt: skip
        for one in where:
            setup.give_post(account_id=place.people[who], role_id=role, school_id=one, by=MACHINE)
    setup.set_attachments(who="everybody", by=MACHINE)
    setup.set_outside_doors(doors=[(young, nurse)], by=MACHINE)
    Post.objects.update(starts_on=date(2020, 1, 1))
    return place


def _began_on_monday(place: Place) -> None:
    for name in ("late", "late_waits", "late_sent"):
        place.cases[name] = place.knock()


def _go_on(place: Place) -> None:
    """What students and helpers did until now; each name is a page of the conversation."""
    for who in ("Olga",):  # nobody is left at QUIET
        presence.begin_absence(
            account_id=place.people[who],
            first_day=NOW.date(),
            last_day=NOW.date() + timedelta(days=30),
            by=MACHINE,
        )
    nurse = place.actor("Nora")
    cases = place.cases
    late = cases["late_waits"]
    nextdoor.wait(by=student(late.request_id), request_id=late.request_id)
    sent = cases["late_sent"]
    nextdoor.ask(
        by=student(sent.request_id), request_id=sent.request_id, role_id=place.counsellor, shares="everything"
    )
    cases["waiting"] = place.knock()
    cases["waiting_for_a_call"] = place.knock(channel_kind="phone", channel_value="99887766", name=NAME)
    for name in ("has_it", "answered", "met", "meeting_agreed", "offered", "accepted", "told", "closed",
                 "said_no", "shared", "tied"):  # fmt: skip
        cases[name] = place.knock()
        contact.take(by=nurse, request_id=cases[name].request_id)
        if name != "has_it":
            contact.read_conversation(by=nurse, request_id=cases[name].request_id)
            contact.reply(by=nurse, request_id=cases[name].request_id, text=ANSWER)
    _asked_for_more(place)
    _met(place, nurse)
    _handed_over(place, nurse)
    _closed(place, nurse)
    tried = cases["tried"] = place.knock(channel_kind="phone", channel_value="99887766", name=NAME)
    contact.record_contact(by=nurse, request_id=tried.request_id, kind="phone", outcome="attempted")
    gone = cases["withdrawn"] = place.knock()
    contact.withdraw(by=student(gone.request_id), request_id=gone.request_id)


def _asked_for_more(place: Place) -> None:
    """A friend, a name, an address for news, a tie; and an adult who told somebody."""
    answered, tied = place.cases["answered"].request_id, place.cases["tied"].request_id
    by = student(answered)
    reach.tell_name(by=by, request_id=answered, name=NAME)
    reach.ask_notice(by=by, request_id=answered, each_time=True, language="nb", address="a@b.example")
    reach.invite_friend(by=by, request_id=answered, tag="Sam", reads_all=True)
    joined = reach.invite_friend(by=student(tied), request_id=tied, tag="Sam", reads_all=True)
    place.friend = reach.code_of(joined)
    reach.enter_as_friend(place.friend)
    reach.tie(by=student(tied), request_id=tied, code=place.cases["waiting"].receipt, shares=True)
    nurse, told = place.actor("Nora"), place.cases["told"].request_id
    worry = worries.raise_worry(by=nurse, request_id=told, urgency="soon")
    said = Said(
        recipient="child_welfare", who="Carl", words=ANSWER, student_first=True, told="told", because=WHY
    )
    worries.record_step(by=nurse, worry_id=worry.pk, said=said)


def _met(place: Place, nurse: Actor) -> None:
    tomorrow = datetime(2026, 9, 18, 8, 0, tzinfo=UTC)
    for name in ("met", "meeting_agreed"):
        times = [Proposed(tomorrow + timedelta(hours=n), 30, "room", PLACE) for n in (0, 2)]
        rows = meetings.propose(
            by=nurse, request_id=place.cases[name].request_id, urgency="days", times=times
        )
        if name == "meeting_agreed":
            about = place.cases[name].request_id
            meetings.pick(by=student(about), request_id=about, time_id=rows[0].pk)


def _handed_over(place: Place, nurse: Actor) -> None:
    for name in ("offered", "accepted"):
        made = contact.offer_handover(
            by=nurse, request_id=place.cases[name].request_id, reason=WHY, shares="everything",
            agreement="in_talk", to=Receiver(role_id=place.counsellor, school_id=place.school),
        )  # fmt: skip
        if name == "accepted":
            contact.accept_handover(by=place.actor("Carl"), handover_id=made.pk)


def _closed(place: Place, nurse: Actor) -> None:
    for name in ("closed", "said_no", "shared"):
        about = place.cases[name].request_id
        read_and_close(by=nurse, request_id=about, outcome="helped")
        if name != "closed":
            feedback.answer(by=student(about), request_id=about, said="no" if name == "said_no" else "yes")
        if name == "shared":
            feedback.share(by=student(about), request_id=about)
    wished = place.cases["wished_gone"] = place.knock()
    retention.wish_gone(by=student(wished.request_id))


class Walk:
    """Somebody who meets every page in one language. Each page is made when it is asked for."""

    def __init__(self, place: Place, language: str) -> None:
        self.place, self.language = place, language
        self.host = f"{place.ref.slug}.localhost"

    def client(self) -> Client:
        return Client(SERVER_NAME=self.host, headers={"accept-language": self.language})

    def files(self) -> dict[str, tuple[str, bytes]]:
        """What the pages ask for beside themselves, by path: kind and content."""
        client = self.client()
        html = client.get("/").content.decode()
        asked = {"/icon.svg", *re.findall(r'(?:href|src)="(/(?:theme|logo|app-icon|manifest)[^"]*)"', html)}
        found = {path: client.get(path) for path in asked}
        return {path: (one["Content-Type"], b"".join(one) if one.streaming else one.content)
                for path, one in found.items() if one.status_code == 200}  # fmt: skip

    def all(self, only: Callable[[str], bool] = lambda _name: True) -> Iterator[Page]:
        for name, make in self.pages().items():
            if only(name):
                path, answer = make()
                assert answer["Content-Type"].startswith("text/html"), name
                yield Page(name, path, answer.status_code, answer.content, tuple(answer.items()))

    def pages(self) -> dict[str, Callable[[], tuple[str, Any]]]:
        """Name → what makes it."""
        return {
            **self._alone(), **self._journey(), **self._simple(), **self._conversations(), **self._refusals(),
            **EidPages(self.client, self._said(), self.place.cases).all(),
        }  # fmt: skip

    def _said(self) -> dict[str, str]:
        return {
            "school": str(self.place.school), "role": str(self.place.nurse), "channel": "conversation",
            "message": ANSWER, "language": self.language,
        }  # fmt: skip

    # --- pages with an address of their own ---------------------------------------------------------
    def _alone(self) -> dict[str, Callable[[], tuple[str, Any]]]:
        paths = {
            "first": "/", "school": f"/s/{SCHOOL.lower()}/", "role": f"/s/{SCHOOL.lower()}/nurse/",
            "old address": "/s/gone/", "who": "/who/", "who at": f"/who/{SCHOOL.lower()}/",
            "who at a quiet school": f"/who/{QUIET.lower()}/", "privacy": "/privacy/",
            "to whom anonymous": "/anonymous/", "accessibility": "/accessibility/", "code": "/receipt/",
            "expired": "/receipt/?expired", "left": "/receipt/?left", "offline": "/offline/",
            "nobody here": f"/s/{QUIET.lower()}/", "not there": "/nothing/",
        }  # fmt: skip
        made = {name: self._get(path) for name, path in paths.items()}
        return made | {
            "out of hours": self._get("/", at=SATURDAY),
            "wrong code": self._post("/receipt/", receipt="wrong"),
            "moved": self._moved,
        }

    def _get(self, path: str, at: datetime = NOW) -> Callable[[], tuple[str, Any]]:
        def make() -> tuple[str, Any]:
            with time_machine.travel(at, tick=False):
                return path, self.client().get(path)

        return make

    def _moved(self) -> tuple[str, Any]:
        """From a page that was open at an own host that has ended."""
        headers = {"accept-language": self.language, "sec-fetch-site": "same-origin"}
        with patch("kernel.tenancy.middleware.whose_it_was", return_value=self.place.ref):
            answer = Client(SERVER_NAME="gone.example", headers=headers).post("/knock/", {"message": ANSWER})
        return "/knock/", answer

    def _post(self, path: str, **form: Any) -> Callable[[], tuple[str, Any]]:
        return lambda: (path, self.client().post(path, {"language": self.language, **form}))

    # --- the journey --------------------------------------------------------------------------------
    def _journey(self) -> dict[str, Callable[[], tuple[str, Any]]]:
        said = {"school": str(self.place.school), "role": str(self.place.nurse), "channel": "conversation"}
        phone = {**said, "channel": "phone", "channel_value": "99887766"}
        named = {**phone, "name": NAME, "message": ANSWER, "preferred_times": WHY}
        kept_out = {**said, "not_them": str(self.place.people["Carl"])}

        def at(step: str, **more: Any) -> Callable[[], tuple[str, Any]]:
            return self._post("/knock/", **{**said, "step": step, "go": step, **more})

        def wrong(step: str, **more: Any) -> Callable[[], tuple[str, Any]]:
            return self._post("/knock/", step=step, **more)

        made = {f"knock: {step}": at(step) for step in ("school", "who", "how", "about", "name", "check")}
        made |= {f"knock: {step}": at(step) for step in ("topic", "not", "outside", "spoken")}
        made |= {
            f"knock: reach by {way}": at("reach", **{**phone, "channel": way})
            for way in ("phone", "sms", "email", "visit", "video", "walk")
        }
        made |= {f"knock: {topic}": at("about", topic=topic) for topic in ("hurt", "worried", "bullying")}
        return made | {
            "knock: who, one kept out": at("who", **kept_out),
            "knock: check, named": at("check", **named),
            "knock: check, with all": at(
                "check", **{**named, **kept_out, "topic": "sleep", "spoken": "ar", "interpreter": "yes"}
            ),
            "knock: no school": wrong("school"),
            "knock: nobody": wrong("who", school=said["school"]),
            "knock: no number": wrong("reach", **{**said, "channel": "phone"}),
            "knock: nowhere to meet": wrong("reach", **{**said, "channel": "visit"}),
            "receipt, the only way": self._post("/knock/", step="check", key=uuid.uuid4().hex, **said),
            "receipt": self._post("/knock/", step="check", key=uuid.uuid4().hex, **named),
        }

    # --- the simple door ----------------------------------------------------------------------------
    def _simple(self) -> dict[str, Callable[[], tuple[str, Any]]]:
        said: dict[str, str] = {"school": str(self.place.young), "about": "sad", "role": "any"}

        def at(step: str, **more: str) -> Callable[[], tuple[str, Any]]:
            return self._post("/simple/", **{**said, "go": step, **more})

        def sent(**more: str) -> Callable[[], tuple[str, Any]]:
            form = {**said, "role": str(self.place.nurse), "step": "find", "key": uuid.uuid4().hex, **more}
            return self._post("/simple/", **form)

        return {
            "simple": self._get(f"/s/{YOUNG.lower()}/"),
            "simple: who": at("who"),
            "simple: how": at("how"),
            "simple: come": at("find", how="come"),
            "simple: write": at("find", how="write"),
            "simple: no name": sent(how="come"),
            "simple: done, somebody comes": sent(how="come", name=NAME, group="3B"),
            "simple: done, the code": sent(how="write", words=ANSWER),
            "simple: code": self._get("/receipt/?simple"),
            "simple: wrong code": self._post("/receipt/", receipt="wrong", simple="1"),
            **{
                f"simple: {name}": self._in_few_words(name)
                for name in ("waiting", "answered", "late_waits", "closed")
            },
        }

    def _in_few_words(self, name: str) -> Callable[[], tuple[str, Any]]:
        def make() -> tuple[str, Any]:
            client = self.client()
            client.post("/receipt/", {"receipt": self.place.cases[name].receipt, "simple": "1"})
            return "/conversation/", client.get("/conversation/")

        return make

    # --- conversations ------------------------------------------------------------------------------
    def opened(self, name: str) -> Client:
        client = self.client()
        client.post("/receipt/", {"receipt": self.place.cases[name].receipt})
        return client

    def _conversations(self) -> dict[str, Callable[[], tuple[str, Any]]]:
        talk = "/conversation/"

        def shown(name: str, path: str = talk) -> Callable[[], tuple[str, Any]]:
            return lambda: (path.partition("#")[0], self.opened(name).get(path))

        def sent(name: str, path: str, **form: str) -> Callable[[], tuple[str, Any]]:
            def make() -> tuple[str, Any]:
                client = self.opened(name)
                frame = hidden(client.get(talk).content.decode())
                return path, client.post(path, {"proof": frame["proof"], "once": uuid.uuid4().hex, **form})

            return make

        def often() -> tuple[str, Any]:
            for _time in range(7):
                path, answer = sent("waiting", "/conversation/yours/")()
            return path, answer

        made = {f"conversation: {name}": shown(name) for name in self.place.cases}
        return made | {
            "conversation: thanked": shown("closed", f"{talk}?thanks"),
            "withdraw": shown("waiting", "/conversation/withdraw/"),
            "refuse": shown("accepted", "/conversation/refuse/"),
            "nothing written": sent("waiting", talk, text="", act="message"),
            "yours": sent("answered", "/conversation/yours/"),
            "too often": often,
            "words kept": self._post(talk, text=ANSWER, act="message"),
            "no proof": lambda: (talk, self.opened("waiting").post(talk, {"text": "", "act": "message"})),
            "friend": self._friend,
        }

    def _friend(self) -> tuple[str, Any]:
        client = self.client()
        client.post("/receipt/", {"receipt": self.place.friend})
        return "/friend/", client.get("/friend/")

    # --- when something is wrong --------------------------------------------------------------------
    def _refusals(self) -> dict[str, Callable[[], tuple[str, Any]]]:
        wrong = {
            "refused: 400": SuspiciousOperation(), "refused: 403": NotAllowed(), "refused: 409": Conflict(),
            "refused: 500": RuntimeError(), "refused: 503": OperationalError(),
        }  # fmt: skip
        return {name: self._broken(error) for name, error in wrong.items()}

    def _broken(self, error: Exception) -> Callable[[], tuple[str, Any]]:
        def make() -> tuple[str, Any]:
            client = self.client()
            client.raise_request_exception = False
            with patch("services.contact.views.first.first_screen", side_effect=error):
                return "/", client.get("/")

        return make
