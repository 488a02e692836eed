"""Every page of a student who chooses an eID, as student_pages shows the others. The provider is on for these alone."""

import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client

from kernel.actor import MACHINE, student
from kernel.people.identity import operations as providers
from kernel.people.identity import students
from services.contact.models import ContactRequest
from services.eid import operations, trips
from tests.services.contact.test_pages import hidden

ISSUER, WHO = "http://idp.localhost:9", b"w" * 32
NAMED, BY = "Mona", "BankID"

type Made = tuple[str, Any]


@contextmanager
def switched_on() -> Iterator[UUID]:
    """A provider for students that would answer; off again afterwards."""
    made = providers.save_provider(
        by=MACHINE, name=BY, issuer=ISSUER, client_id="x", method="client_secret_post", secret="x",
        purpose="students",
    )  # fmt: skip
    providers.passed_test(by=MACHINE, provider_id=made)
    providers.switch_provider(by=MACHINE, provider_id=made, on=True)
    ends = {name: f"{ISSUER}/{name}" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    cache.set(f"openid-configuration:{ISSUER}", {"issuer": ISSUER, **ends}, 300)
    try:
        yield made
    finally:
        providers.switch_provider(by=MACHINE, provider_id=made, on=False)


class EidPages:
    """`said`: the journey's answers; `cases`: two conversations of the student, one open and one closed."""

    def __init__(self, client: Callable[[], Client], said: dict[str, str], cases: dict[str, Any]) -> None:
        self.client, self.said, self.cases = client, said, cases

    def all(self) -> dict[str, Callable[[], Made]]:
        made: dict[str, Callable[[UUID], Made]] = {
            "name": lambda _p: self._post("/knock/", {**self.said, "step": "name", "go": "name"}),
            "first": lambda _p: ("/", self.client().get("/")),
            "code": lambda _p: ("/receipt/", self.client().get("/receipt/")),
            "leaving": self._leaving,
            "check": lambda p: self._arrived(p, "knock"),
            "confirmed": lambda p: self._at(p, "name"),
            "receipt": self._receipt,
            "stopped": lambda p: self._arrived(p, "knock", why="cancelled"),
            "away": lambda p: self._arrived(p, "knock", why="unreachable"),
            "off": lambda p: self._arrived(p, "knock", why="off"),
            "again": lambda p: self._arrived(p, "knock", why="nonce"),
            "waits": self._waits,
            "not opened": lambda p: self._arrived(p, "see", why="late"),
            "nothing yet": lambda p: self._arrived(p, "see"),
            "mine": self._mine,
            "tell": lambda p: self._arrived(p, "tell"),
            "not told": lambda p: self._arrived(p, "tell", why="cancelled"),
            "over": lambda _p: ("/eid/arrived/", self.client().get("/eid/arrived/")),
            "bound": self._bound,
            "offered": self._offered,
        }
        return {f"eid: {name}": self._switched_on(make) for name, make in made.items()}

    def _switched_on(self, make: Callable[[UUID], Made]) -> Callable[[], Made]:
        def made() -> Made:
            with switched_on() as provider:
                return make(provider)

        return made

    def _post(self, path: str, form: dict[str, str]) -> Made:
        return path, self.client().post(path, form)

    def _leaving(self, provider: UUID) -> Made:
        """Held still: it would lead away while somebody looks at it."""
        path, answer = self._post("/eid/set-out/", {**self.said, "provider": str(provider)})
        answer.content = re.sub(rb'<meta http-equiv="refresh"[^>]*>', b"", answer.content)
        return path, answer

    def _ticket(self, client: Client, provider: UUID, aim: str) -> trips.Ticket:
        ticket_id, case = uuid.uuid4(), self.cases["answered"].request_id
        ticket = operations.set_out(
            by=student(None), ticket_id=ticket_id, began=students.beginning(ticket_id.hex), aim=aim,
            provider_id=provider, said=self.said, case_id=case if aim == "tell" else None,
        )  # fmt: skip
        response = HttpResponse()
        trips.hand(HttpRequest(), response, ticket)
        client.cookies[settings.EID_WAY_COOKIE_NAME] = response.cookies[settings.EID_WAY_COOKIE_NAME].value
        return ticket

    def _back(self, client: Client, provider: UUID, aim: str, why: str = "") -> Any:
        ticket = self._ticket(client, provider, aim)
        shown = None if why else students.Shown(WHO, NAMED)
        operations.arrive(by=student(None), ticket=ticket, shown=shown, why=why)
        return client.get("/eid/arrived/", {"t": ticket.name})

    def _arrived(self, provider: UUID, aim: str, why: str = "") -> Made:
        return "/eid/arrived/", self._back(self.client(), provider, aim, why)

    def _at(self, provider: UUID, step: str) -> Made:
        client = self.client()
        check = hidden(self._back(client, provider, "knock").content.decode())
        return "/knock/", client.post("/knock/", {**check, "go": step})

    def _receipt(self, provider: UUID) -> Made:
        client = self.client()
        check = hidden(self._back(client, provider, "knock").content.decode())
        return "/knock/", client.post("/knock/", {**check, "step": "check"})

    def _waits(self, provider: UUID) -> Made:
        client = self.client()
        self._ticket(client, provider, "knock")
        return "/knock/", client.get("/knock/")

    def _bind(self, provider: UUID, *names: str) -> None:
        for name in names:
            request = ContactRequest.objects.get(pk=self.cases[name].request_id)
            operations.bind(by=student(request.pk), request=request, who=WHO, provider_id=provider)

    def _mine(self, provider: UUID) -> Made:
        self._bind(provider, "met", "closed")
        made = self._arrived(provider, "see")
        self._let_go("met", "closed")
        return made

    def _bound(self, provider: UUID) -> Made:
        self._bind(provider, "met")
        client = self.client()
        self._back(client, provider, "see")
        made = self._conversation(client, "met")
        self._let_go("met")
        return made

    def _offered(self, _provider: UUID) -> Made:
        return self._conversation(self.client(), "met")

    def _conversation(self, client: Client, name: str) -> Made:
        client.post("/receipt/", {"receipt": self.cases[name].receipt})
        return "/conversation/", client.get("/conversation/")

    def _let_go(self, *names: str) -> None:
        for name in names:
            about = self.cases[name].request_id
            operations.unbind(by=student(about), request_id=about)
