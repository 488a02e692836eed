"""What a week is lived with: a clock that runs, people who press what their pages offer, and who watches over it all.

Nothing here knows an operation: students, helpers, leads and administrators do what a page of theirs has a form for.
While the clock runs the sweep passes again and again, and what must hold at every moment is looked at.
"""

import io
import json
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import time_machine
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from kernel import jobs
from kernel.outbox import operations as outbox
from kernel.people import queries as people
from kernel.tenancy import MunicipalityRef
from services.contact.models import ContactRequest
from services.promises.models import Promise
from tenants.setup.models import HelperRole, School
from tests.signing_in import sign_in

OSLO = ZoneInfo("Europe/Oslo")
HALF_AN_HOUR, NIGHT = timedelta(minutes=30), timedelta(hours=2)
#: A reply can be taken back for some seconds; then the student sees it.
SEEN = timedelta(seconds=20)
ENDURE = os.environ.get("ENDURE") == "1"


_CODE = re.compile(r"(?:[0-9A-Z]{5}-){5}[0-9A-Z][^<\s\"]")


def _hidden(page: str) -> dict[str, str]:
    """Every hidden answer of a page of the journey."""
    found = re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found if name != "next"}


@dataclass
class Form:
    """A form of a page: where its buttons lead, and what it sends when nothing is touched."""

    to: set[str]
    given: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self, page: str, address: str) -> None:
        super().__init__()
        self.address, self.forms, self._open = address, [], None
        self._named: dict[str, Form] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form" and said.get("method") == "post":
            self._open = Form({said.get("action") or self.address})
            self.forms.append(self._open)
            self._named[said.get("id", "")] = self._open
        form = self._named.get(said["form"]) if said.get("form") else self._open
        if form is None or not (said.get("name") or said.get("formaction")):
            return
        if said.get("formaction"):
            form.to.add(said["formaction"])
        if tag == "input" and (said.get("type") in ("hidden", "text", "date", None) or "checked" in said):
            form.given[said["name"]] = said.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None


@dataclass
class Person:
    """Somebody with a browser. `page` is what it shows."""

    client: Client
    page: str = ""
    address: str = ""

    def open(self, address: str, *, status: int = 200) -> str:
        """Go there."""
        return self._shown(self.client.get(address, follow=True), status)

    def press(self, to: str, /, *, status: int = 200, **typed: Any) -> str:
        """Send the form of this page that has a button to an address that ends so, with what is typed into it."""
        offered = _Forms(self.page, self.address).forms
        # A case page lists other requests beside it, with buttons of theirs: this page's own come first.
        for address in (f"{self.address.rstrip('/')}{to}", to):
            forms = [form for form in offered if any(a.endswith(address) for a in form.to)]
            if forms:
                break
        assert forms, f"{self.address} offers nothing that leads to …{to}: {self.words()}"
        known = [form for form in forms if set(typed) & set(form.given)] or forms
        address = next(a for a in known[0].to if a.endswith(address))
        sent = {**known[0].given, **{name: str(value) for name, value in typed.items()}}
        return self._shown(self.client.post(address, sent, follow=True), status)

    def _shown(self, answer: Any, status: int) -> str:
        if answer.redirect_chain:
            self.address = answer.redirect_chain[-1][0].partition("#")[0]
        else:
            self.address = answer.wsgi_request.path
        self.page = answer.content.decode()
        assert answer.status_code == status, f"{self.address}: {answer.status_code}: {self.words()[:800]}"
        return self.words()

    def words(self) -> str:
        """What the page says, without its marks."""
        text = re.sub(r"(?s)<(svg|script|style).*?</\1>", " ", self.page)
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).replace("&#x27;", "'").strip()


@dataclass(frozen=True)
class Knock:
    """One student's knock: the words nobody else may read, the code, and whose it is."""

    words: str
    code: str
    id: UUID

    @property
    def row(self) -> ContactRequest:
        return ContactRequest.objects.get(pk=self.id)

    @property
    def at_the_desk(self) -> str:
        return f"/desk/{self.id}/"


class Week:
    """Buskerud for some days. Inside its municipality all the while."""

    def __init__(
        self, ref: MunicipalityRef, traveller: time_machine.Traveller, at: Callable[..., Client]
    ) -> None:
        self.ref, self._traveller, self._at = ref, traveller, at
        self.knocks: list[Knock] = []
        self.passes = self.evenings = 0
        self.sent: list[dict[str, str]] = []

    # --- the clock

    @property
    def now(self) -> datetime:
        return datetime.now(OSLO)

    def until(self, day: int, clock: str) -> None:
        """Live on to a day of the month and a local time. The sweep passes each half hour, every two at night."""
        hour, minute = (int(part) for part in clock.split(":"))
        month = self.now.month if day >= self.now.day else self.now.month % 12 + 1
        there = self.now.replace(month=month, day=day, hour=hour, minute=minute, second=0, microsecond=0)
        assert there > self.now, f"{there} is over"
        while self.now < there:
            step = HALF_AN_HOUR if 7 <= self.now.hour < 18 else NIGHT
            self._traveller.move_to(min(self.now + step, there))
            self._time_has_passed()

    def a_moment(self) -> None:
        """Long enough for a reply to be there."""
        self._traveller.shift(SEEN)

    def _time_has_passed(self) -> None:
        self.passes += 1
        said = io.StringIO()
        call_command("sweep", stdout=said, stderr=said)
        assert "failed" not in said.getvalue(), said.getvalue()
        jobs.drain(10_000)
        outbox.send_all_due()
        self._nothing_is_forgotten()

    def _nothing_is_forgotten(self) -> None:
        """No promise is past due and unmarked; nobody waits for a first answer without a clock; broken is told."""
        late = Promise.objects.filter(due_at__lt=self.now, kept_at=None, broken_at=None, ended_at=None)
        assert not late.exists(), f"{self.now}: past due and not marked"
        for request in ContactRequest.objects.filter(closed_at=None):
            clocks = Promise.objects.filter(subject_id=request.pk)
            assert clocks.exists(), f"{request.case_number} has no promise at all"

    # --- people

    def helper(self, who: str) -> Person:
        """Signed in a moment ago, with every factor shown."""
        account = people.by_email(f"{who}@{self.ref.slug}.example")
        assert account is not None
        client = self._at(self.ref, headers={"accept-language": "en"})
        sign_in(client, account)
        return Person(client)

    def at_the_desk(self, who: str, knock: Knock) -> Person:
        """That helper before that request."""
        person = self.helper(who)
        person.open(knock.at_the_desk)
        return person

    def student(self, knock: Knock) -> Person:
        """Whoever knocked, with the code, on another device."""
        person = Person(self._at(self.ref, enforce_csrf_checks=True, headers={"accept-language": "en"}))
        person.open("/receipt/")
        person.press("/receipt/", receipt=knock.code)
        return person

    def knock(self, school: str, role: str, words: str, **said: str) -> Knock:
        """From the first question to the code."""
        person = Person(self._at(self.ref, enforce_csrf_checks=True, headers={"accept-language": "en"}))
        door = {
            "school": str(School.objects.get(name=school).pk),
            "role": str(HelperRole.objects.get(key=role).pk),
            "channel": "conversation", "message": words, "language": "en", **said,
        }  # fmt: skip
        person.page = person.client.post("/knock/", {**door, "step": "name"}).content.decode()
        sent = person.client.post("/knock/", {**_hidden(person.page), "step": "check"}, follow=True)
        person._shown(sent, 200)
        code = _CODE.search(person.page)
        assert code is not None, person.words()
        row = ContactRequest.objects.exclude(pk__in=[one.id for one in self.knocks]).get()
        made = Knock(words, unescape(code[0]), row.pk)
        self.knocks.append(made)
        return made

    # --- what must never be

    def readers(self, knock: Knock, whole_cast: Iterable[str]) -> set[str]:
        """Everybody who can get at its words at their desk, by looking and by pressing what reads."""
        found = set()
        for who in whole_cast:
            person = self.helper(who)
            looks = person.client.get(knock.at_the_desk, follow=True)
            reads = person.client.post(f"{knock.at_the_desk}read/")
            person.page = looks.content.decode() + reads.content.decode()
            if knock.words in person.words():
                found.add(who)
        return found

    def whispers(self, whole_cast: Iterable[str]) -> list[str]:
        """Every list, count, page of figures and log that speaks a student's words. There are none.

        Each person looks at the one half today and at the other tomorrow, and never all at the same; ENDURE=1: at all.
        """
        found = []
        self.evenings += 1
        for place, who in enumerate(whole_cast):
            person = self.helper(who)
            for address in LISTS if ENDURE else LISTS[(place + self.evenings) % 2 :: 2]:
                answer = person.client.get(address, follow=True)
                text = answer.content.decode()
                found += [f"{who} {address}: {one.words}" for one in self.knocks if one.words in text]
        return found

    def mails(self) -> list[dict[str, str]]:
        """What has left the house."""
        file = Path(settings.DATA_DIR) / "demo-mail" / f"{self.ref.schema}.jsonl"
        if not file.exists():
            return []
        return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


LISTS = (
    "/desk/", "/desk/mine/", "/desk/handed/", "/desk/danger/", "/desk/closed/", "/desk/shared/", "/desk/unrecorded/",
    "/desk/search/", "/insights/", "/log-review/", "/worry/", "/away/", "/setup/", "/setup/people/",
    "/setup/messages/", "/openings/", "/account/",
)  # fmt: skip
