"""An applicant with a browser and a mailbox, and an operator: what the tests of sign-up are told with."""

import email
import re
import socket
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from email import policy
from typing import Any
from uuid import UUID

from aiosmtpd.controller import Controller
from django.test import Client, override_settings

from kernel import jobs
from kernel.actor import MACHINE, Actor
from kernel.tenancy import MunicipalityRef, inside, municipality
from tenants.onboarding import operations
from tenants.onboarding.models import Application
from tenants.onboarding.permissions import applicant
from tenants.setup import operations as setup
from tenants.setup.models import HelperRole, School

OPERATOR = Actor(kind="person", id=UUID(int=99), name="operator", is_operator=True)
NUMBERS = {"NO": "958 935 420", "SE": "212000-0142", "DK": "64942212", "FI": "0201256-6", "IS": "530269-7609"}


class Mailbox:
    """A real mail server that keeps what it gets."""

    def __init__(self) -> None:
        self.mails: list[email.message.EmailMessage] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.mails.append(email.message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def text(self, number: int = -1) -> str:
        return self.mails[number].get_body(("plain",)).get_content().replace("\r\n", "\n")

    def to(self, address: str) -> list[str]:
        return [
            m.get_body(("plain",)).get_content().replace("\r\n", "\n")
            for m in self.mails
            if m["To"] == address
        ]

    def code(self) -> str:
        return re.search(r"^(\d{3} \d{3})$", self.text(), re.M).group(1)

    def link(self, number: int = -1) -> str:
        return re.search(r"https?://[^/\s]+(/\S*)", self.text(number)).group(1)


@contextmanager
def mailbox():
    handler = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    options = {"host": "127.0.0.1", "port": port, "timeout": 2}
    server = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}
    try:
        with override_settings(MAILERS=server):
            yield handler
    finally:
        controller.stop()


@dataclass
class Applicant:
    """Goes through the pages as a person would: each answer is posted where the page says."""

    box: Mailbox
    email: str = "kari@lom.kommune.no"
    name: str = "Lom kommune"
    country: str = "NO"
    kind: str = "municipality"
    number: str = ""
    code: str = ""
    client: Client = field(default_factory=lambda: Client(SERVER_NAME="localhost", HTTP_ACCEPT_LANGUAGE="en"))
    answers: dict[str, str] = field(default_factory=dict)

    def post(self, path: str, data: dict[str, Any] | None = None):
        return self.client.post(path, data or {})

    def answer(self, step: str, **answers: str):
        self.answers.update(answers)
        return self.post("/start/", {"step": step, **self.answers})

    def ask_for_code(self):
        self.answer("country", country=self.country)
        self.answer("kind", kind=self.kind)
        self.answer("number", organisation_number=self.number or NUMBERS[self.country])
        return self.answer("email", email=self.email, contact_name="Kari Nordmann", anyway="1")

    def type_code(self, page, code: str):
        pending = re.search(r'name="pending" value="([^"]+)"', page.content.decode()).group(1)
        return self.post("/start/code/", {"pending": pending, "email": self.email, "code": code})

    def verify(self):
        page = self.ask_for_code()
        assert page.status_code == 200, page.content.decode()
        jobs.drain()
        answer = self.type_code(page, self.box.code())
        assert answer.status_code == 302, answer.content.decode()
        return answer

    def fill_in(self, *, slug: str, school: str = "Loar skule", brand: str = "#0b5d6b"):
        for path, data in (
            ("/start/name/", {"name": self.name, "register_code": self.code}),
            ("/start/address/", {"slug": slug}),
            ("/start/school/", {"pilot_school": school}),
            ("/start/languages/", {"languages": ["nb", "en"], "default_language": "nb"}),
            ("/start/look/", {"brand": brand}),
        ):
            answer = self.post(path, data)
            assert answer.status_code == 302, (path, answer.content.decode())

    def found(self, slug: str) -> MunicipalityRef:
        self.fill_in(slug=slug)
        assert self.post("/start/check/", {"sure": "1"}).status_code == 302
        jobs.drain()
        return municipality(slug)

    @property
    def application(self) -> Application:
        return Application.objects.filter(email=self.email).latest("opened_at")

    @property
    def actor(self) -> Actor:
        return applicant(self.application.pk)

    def sign_agreement(self, to: str = "ordforer@lom.kommune.no") -> str:
        answer = self.post(
            "/start/gates/agreement/",
            {"name": "Ola Berg", "role": "Kommunedirektør", "authority": "Delegert", "email": to},
        )
        assert answer.status_code == 302, answer.content.decode()
        jobs.drain()
        link = next(
            self.box.link(n) for n in reversed(range(len(self.box.mails))) if self.box.mails[n]["To"] == to
        )
        reader = Client(SERVER_NAME="localhost", HTTP_ACCEPT_LANGUAGE="en")
        page = reader.get(link)
        text = re.search(r'name="text" value="([0-9a-f]{64})"', page.content.decode()).group(1)
        assert reader.post(link, {"text": text, "read": "1"}).status_code == 302
        return link

    def pass_gates(self, ref: MunicipalityRef) -> None:
        self.sign_agreement()
        today = date(2026, 1, 1).isoformat()
        for path, data in (
            ("/start/gates/dpia/", {"choice": "supports", "decided_on": today}),
            ("/start/gates/archive/", {"choice": "delete", "decided_on": today}),
            ("/start/gates/deputy/", {"name": "Per Vara", "email": "per@vagaa.kommune.no"}),
        ):
            answer = self.post(path, data)
            assert answer.status_code == 302, (path, answer.content.decode())
        signs_in(ref, "per@vagaa.kommune.no", self.box)
        staff_the_school(ref)

    def submit(self, ref: MunicipalityRef) -> None:
        self.pass_gates(ref)
        assert self.post("/start/submit/").status_code == 302
        operations.match_organisation(application_id=self.application.pk, matches=True, by=OPERATOR)


def signs_in(ref: MunicipalityRef, address: str, box: Mailbox) -> None:
    """The person at `address` asks for a code and types what arrives."""
    browser = Client(SERVER_NAME=f"{ref.slug}.localhost", HTTP_ACCEPT_LANGUAGE="en")
    assert browser.post("/sign-in/", {"email": address}).status_code == 302
    jobs.drain()
    code = re.search(r"^([A-Z]{4}-[A-Z]{4})$", box.to(address)[-1], re.M).group(1)
    assert browser.post("/sign-in/code/", {"code": code}).status_code == 302


def staff_the_school(ref: MunicipalityRef) -> None:
    """A real person in every role at every school."""
    with inside(ref):
        for role in HelperRole.objects.all():
            account = setup.invite_person(
                email=f"{role.key}@lom.kommune.no", name=f"Ekte {role.key}", by=MACHINE
            )
            for school in School.objects.all():
                setup.give_post(account_id=account, role_id=role.pk, school_id=school.pk, by=MACHINE)
