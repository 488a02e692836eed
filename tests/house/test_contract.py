"""`/api/v1/openapi.json` is true: each operation is asked well and badly, and each answer is one of those
described, in the form described.
"""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.test import Client
from jsonschema import Draft202012Validator

from kernel.actor import MACHINE
from kernel.api.openapi import contract
from kernel.api.serializers import Strict
from kernel.api.tokens import SCOPES, issue
from kernel.tenancy import inside
from services.contact import operations as contact
from services.contact.models import ContactRequest
from services.desk import operations as desk
from services.feedback import operations as feedback
from services.meetings import operations as meetings
from services.meetings.rules import Proposed
from services.promises.models import Promise
from services.promises.sweep import break_due
from services.worry import operations as worries
from tenants.setup import operations as setup
from tenants.setup.models import AttachmentRule, ClosedDay, HelperRole, Post, ResponseGuarantee, School
from tests.cast import World
from tests.services.attachments.files import picture, taken
from tests.services.contact.people import NUMBER, TUESDAY, knock, reach, reach_and_close, visitor
from tests.services.worry.said import said

PROBLEM = "application/problem+json"
NOBODYS = "00000000-0000-4000-8000-000000000000"
OPERATIONS = sorted((path, method) for path, methods in contract()["paths"].items() for method in methods)


STEP = {
    "recipient": "police", "who": "Vakt", "words": "Sagt", "student_first": False, "why_not_first": "Redd",
    "told": "told", "because": "Trygg", "done_at": "2026-09-15T07:30:00Z",
}  # fmt: skip


@dataclass
class Ground:
    """A municipality with one of everything, and a way to speak to its API."""

    world: World
    at: Callable[..., Client]
    tokens: dict[str, str]
    keys: int = 0

    def ask(
        self, method: str, path: str, body: Any = None, *, raw: str | None = None, token: bool = True
    ) -> Any:
        self.keys += 1
        headers = {"accept-language": "en", "idempotency-key": f"key-of-a-contract-{self.keys:06}"}
        if token and "/setup/" in path:
            headers["authorization"] = f"Bearer {self.tokens['admin']}"
        if token and "/desk/" in path:
            headers["authorization"] = f"Bearer {self.tokens['nurse']}"
        client = self.at(self.world.alpha, headers=headers)
        if method == "get":
            return client.get(path)
        data = raw if raw is not None else json.dumps({} if body is None else body)
        return getattr(client, method)(path, data, content_type="application/json")

    def good(self, method: str, path: str) -> tuple[str, Any]:
        """A path and a body that are accepted."""
        rest = path.removeprefix("/api/v1/")
        ids = self._ids(rest)
        for name, value in ids.items():
            path = path.replace(f"{{{name}}}", str(value))
        if rest.startswith("receipts/"):
            return path, self._by_code(rest)
        return path, self._bodies().get((method, rest))

    def _ids(self, rest: str) -> dict[str, Any]:
        if rest.startswith("desk/handovers/"):
            return {"handover_id": self._offered("nurse" if rest.endswith("withdraw") else "second_nurse")}
        if rest.startswith("desk/requests/"):
            accepted = knock(self.world, channel_kind="phone", channel_value=NUMBER)
            if "/notes" in rest:
                return self._noted(accepted.request_id, is_deleted=rest.endswith("restore"))
            if rest.endswith("handovers"):
                self._taken(accepted.request_id, "nurse")
            if "/no-answer" in rest:
                self._answered(accepted, is_laid_down=rest.endswith("undo"))
            if rest.endswith("{request_id}/record"):
                reach_and_close(
                    by=self.world.actor("nurse"), request_id=accepted.request_id, outcome="helped"
                )
            if rest.endswith("requests/{request_id}/close"):
                self._taken(accepted.request_id, "nurse")
                reach(
                    by=self.world.actor("nurse"),
                    request=ContactRequest.objects.get(pk=accepted.request_id),
                )
            if rest.endswith("recuse/undo"):
                contact.recuse(by=self.world.actor("nurse"), request_id=accepted.request_id)
            ids = {"request_id": accepted.request_id}
            if "/contact/" in rest:
                return ids | {"attempt_id": self._written_down(accepted)}
            if "/files/" in rest:
                contact.take(by=self.world.actor("nurse"), request_id=accepted.request_id)
                return ids | {"number": self._sent_a_file(accepted)}
            return ids | {"time_id": self._proposed(accepted)} if "/meeting" in rest else ids
        if rest.startswith("desk/worries/"):
            return self._worry(rest)
        if rest.endswith("calendar/{entry_id}"):
            holiday = ClosedDay.objects.filter(kind=ClosedDay.Kind.PUBLIC_HOLIDAY, day__gt=date(2026, 10, 1))
            return {"entry_id": holiday.order_by("day").values_list("pk", flat=True)[0]}
        days = ClosedDay.objects.exclude(kind=ClosedDay.Kind.PUBLIC_HOLIDAY)
        return {
            "school_id": School.objects.get(name="Nedlagt skole").pk,
            "role_id": HelperRole.objects.get(key="lost").pk,
            "code": "en",
            "key": "home",
            "entry_id": days.values_list("pk", flat=True)[0],
            "guarantee_id": ResponseGuarantee.objects.get(school__name="Uten løfte").pk,
            "account_id": self.world.people["outsider"],
            "files_id": AttachmentRule.objects.get(school__name="Uten løfte").pk,
        }

    def _answered(self, accepted: Any, *, is_laid_down: bool) -> None:
        """The nurse has reached them, they have written anew, and she has read it; and said that it needs no answer."""
        nurse, pk = self.world.actor("nurse"), accepted.request_id
        self._taken(pk, "nurse")
        reach(by=nurse, request=ContactRequest.objects.get(pk=pk))
        contact.student_writes(by=visitor(accepted), request_id=pk, text="Takk")
        contact.read_conversation(by=nurse, request_id=pk)
        if is_laid_down:
            contact.needs_no_answer(by=nurse, request_id=pk)

    def _written_down(self, accepted: Any) -> UUID:
        """The nurse has tried, a moment ago; its id."""
        return contact.record_contact(
            by=self.world.actor("nurse"), request_id=accepted.request_id, kind="visit", outcome="attempted",
            can_undo=True,
        ).attempt.pk  # fmt: skip

    def _sent_a_file(self, accepted: Any) -> int:
        """The student has sent a picture; its number."""
        contact.student_writes(by=visitor(accepted), request_id=accepted.request_id, files=taken(picture()))
        return 1

    def _proposed(self, accepted: Any) -> Any:
        """The nurse has it, and has proposed a time; its id."""
        contact.take(by=self.world.actor("nurse"), request_id=accepted.request_id)
        return meetings.propose(
            by=self.world.actor("nurse"), request_id=accepted.request_id, urgency="weeks", outside_hours=True,
            times=[Proposed(TUESDAY.replace(second=0) + timedelta(hours=30), 30, "room", "B12")],
        )[0].pk  # fmt: skip

    def _noted(self, request_id: UUID, *, is_deleted: bool) -> dict[str, Any]:
        """The nurse has it, and has a note beside it."""
        nurse = self.world.actor("nurse")
        contact.take(by=nurse, request_id=request_id)
        note = desk.add_note(by=nurse, request_id=request_id, text="Ringe i morgen")
        if is_deleted:
            desk.delete_note(by=nurse, request_id=request_id, note_id=note.pk)
        return {"request_id": request_id, "note_id": note.pk}

    def _taken(self, request_id: UUID, who: str) -> None:
        contact.take(by=self.world.actor(who), request_id=request_id)
        contact.read_conversation(by=self.world.actor(who), request_id=request_id)

    def _offered(self, by: str) -> UUID:
        """By Nora to Carl, or by Signe to Nora, whose program asks."""
        accepted, to = knock(self.world), {"nurse": "counsellor", "second_nurse": "nurse"}[by]
        self._taken(accepted.request_id, by)
        return contact.offer_handover(
            by=self.world.actor(by), request_id=accepted.request_id, reason="fordi", shares="nothing",
            to=contact.Receiver(account_id=self.world.people[to]), agreement="in_talk",
        ).pk  # fmt: skip

    def _introduced(self) -> str:
        """The code of a student whom Nora offers to Carl."""
        accepted = knock(self.world)
        self._taken(accepted.request_id, "nurse")
        contact.offer_handover(
            by=self.world.actor("nurse"), request_id=accepted.request_id, reason="fordi", shares="nothing",
            to=contact.Receiver(account_id=self.world.people["counsellor"]), agreement="in_talk",
        )  # fmt: skip
        return accepted.receipt

    def _broken(self) -> str:
        """The code of a student whose promise has broken: another door is offered."""
        accepted = knock(self.world)
        of_the_case = Promise.objects.filter(subject_id=accepted.request_id)
        of_the_case.update(opened_at=TUESDAY - timedelta(days=3), due_at=TUESDAY - timedelta(hours=1))
        break_due()
        return accepted.receipt

    def _over(self, *, answered: bool) -> str:
        """The code of a student whom Nora has helped, who has said so or not."""
        accepted = knock(self.world, channel_kind="phone", channel_value=NUMBER)
        reach_and_close(by=self.world.actor("nurse"), request_id=accepted.request_id, outcome="helped")
        if answered:
            feedback.answer(by=visitor(accepted), request_id=accepted.request_id, said="yes")
        return accepted.receipt

    def _worry(self, rest: str) -> dict[str, Any]:
        """The nurse is worried about a new case; what is to be opened again is closed."""
        nurse, about = self.world.actor("nurse"), knock(self.world)
        worry = worries.raise_worry(by=nurse, request_id=about.request_id, urgency="soon")
        step = worries.record_step(by=nurse, worry_id=worry.pk, said=said())
        if rest.endswith("reopen"):
            worries.close(by=nurse, worry_id=worry.pk, outcome="safe")
        return {"worry_id": worry.pk, "step_id": step.pk}

    def _by_code(self, rest: str) -> dict[str, Any]:
        """What a student sends with a code, of a conversation that stands where it is asked for."""
        if rest.startswith("receipts/feedback"):
            more = {
                "receipts/feedback/answer": {"answer": "little"},
                "receipts/feedback/share": {"text": "Takk"},
            }
            return {"receipt": self._over(answered=rest.endswith("share")), **more.get(rest, {})}
        if rest == "receipts/next-door/ask":
            return {
                "receipt": self._broken(),
                "role": str(self.world.counsellor_role),
                "shares": "everything",
            }
        if rest == "receipts/next-door/wait":
            return {"receipt": self._broken()}
        if rest == "receipts/handover/refuse":
            return {"receipt": self._introduced(), "number": 1, "unread": False, "since": False}
        accepted = knock(self.world)
        if rest.startswith("receipts/meetings"):
            time = str(self._proposed(accepted))
            more = {
                "receipts/meetings/pick": {"time": time},
                "receipts/meetings/decline": {"text": "Etter tre"},
                "receipts/meetings/cancel": {"again": True},
            }
        else:
            more = {"receipts/messages": {"text": "Hei", "files": [_file()]}}
        if rest == "receipts/files":
            return {"receipt": accepted.receipt, "number": self._sent_a_file(accepted)}
        return {"receipt": accepted.receipt, **more.get(rest, {})}

    def _bodies(self) -> dict[tuple[str, str], Any]:
        file = _file()
        door = {"school": str(self.world.school), "role": str(self.world.nurse_role)}
        return {
            ("post", "contact-requests"): {
                **door,
                "channel": {"kind": "phone", "value": NUMBER},
                "message": "Hei",
            },
            ("post", "desk/requests/{request_id}/meeting"): {"urgency": "days"},
            ("post", "desk/requests/{request_id}/meeting/times"): {
                "times": [{"starts_at": "2026-09-17T09:00:00Z", "way": "room", "place": "B12"}]
            },
            ("post", "desk/requests/{request_id}/meeting/times/{time_id}/take-back"): {"reason": "Syk"},
            ("post", "desk/requests/{request_id}/meeting/record"): {"outcome": "held"},
            ("post", "desk/search"): {"search": "redd"},
            ("post", "desk/requests/{request_id}/messages"): {"text": "Hei", "files": [file]},
            ("post", "desk/requests/{request_id}/notes"): {"text": "Ringe"},
            ("patch", "desk/requests/{request_id}/notes/{note_id}"): {"text": "Ringe i dag", "version": 1},
            ("post", "desk/requests/{request_id}/worries"): {"urgency": "now"},
            ("post", "desk/requests/{request_id}/safety-text"): {"language": "nb", "version": "L1"},
            ("post", "desk/worries/{worry_id}/steps"): STEP,
            ("post", "desk/worries/{worry_id}/steps/{step_id}/correction"): STEP,
            ("post", "desk/worries/{worry_id}/close"): {"outcome": "safe"},
            ("post", "desk/requests/{request_id}/contact"): {"kind": "phone", "outcome": "reached"},
            ("post", "desk/requests/{request_id}/close"): {"outcome": "helped"},
            ("post", "desk/requests/{request_id}/record"): {"no_record_because": "bare et spørsmål"},
            ("post", "desk/requests/{request_id}/handovers"): {
                "person": str(self.world.people["counsellor"]),
                "reason": "fordi",
                "by_law": True,
            },
            ("post", "setup/calendar"): {"kind": "break", "name": "Ferie", "first_day": "2026-12-01"},
            ("patch", "setup/calendar/{entry_id}"): {"state": "open"},
            ("post", "setup/guarantees"): {"kind": "counted_hours", "amount": 12, "school": door["school"]},
            ("patch", "setup/guarantees/{guarantee_id}"): {"amount": 12},
            ("post", "setup/files"): {"who": "named"},
            ("patch", "setup/files/{files_id}"): {"who": "nobody"},
            ("post", "setup/languages"): {"code": "nn"},
            ("patch", "setup/languages/{code}"): {"is_default": True},
            ("patch", "setup/topics/{key}"): {
                "roles": [door["role"]],
                "shown": True,
                "texts": {"nb": "Hjemme"},
            },
            ("post", "setup/outside-doors"): {"doors": [{"school": door["school"], "role": door["role"]}]},
            ("patch", "setup/look"): {"brand": "#0b5d6b"},
            ("post", "setup/people"): {"name": "Ny", "email": "ny@alfa.example"},
            ("patch", "setup/people/{account_id}"): {"posts": [door]},
            ("post", "setup/roles"): {"names": {"nb": "Miljøterapeut", "en": "Social worker"}},
            ("patch", "setup/roles/{role_id}"): {"order": 7},
            ("post", "setup/schools"): {"name": "Ny skole", "form": "compulsory"},
            ("patch", "setup/schools/{school_id}"): {"name": "Annet navn"},
        }


def _file() -> dict[str, str]:
    return {"name": "Bilde.png", "content": base64.b64encode(picture("PNG")).decode()}


@pytest.fixture
def ground(world: World, at: Callable[..., Client]) -> Iterator[Ground]:
    with time_machine.travel(TUESDAY, tick=False), inside(world.alpha):
        Post.objects.update(starts_on=date(2020, 1, 1))
        admin, nurse = world.account("admin"), world.account("nurse")
        tokens = {
            "admin": issue(by=MACHINE, account=admin, scopes=[one for one in SCOPES if "setup" in one]),
            "nurse": issue(by=MACHINE, account=nurse, scopes=[one for one in SCOPES if "desk" in one]),
        }
        setup.add_school(name="Nedlagt skole", form="compulsory", by=MACHINE)
        setup.add_role(names={"nb": "Borte", "en": "Lost"}, key="lost", by=MACHINE)
        lost = setup.add_school(name="Uten løfte", form="compulsory", by=MACHINE)
        setup.set_guarantee(kind="counted_hours", amount=48, school_id=lost, role_id=None, by=MACHINE)
        setup.set_attachments(who="everybody", by=MACHINE)
        setup.set_attachments(who="named", school_id=lost, by=MACHINE)
        setup.add_closed_day(day=date(2026, 11, 2), name="Planlegging", by=MACHINE)
        yield Ground(world, at, tokens)


def described(path: str, method: str) -> dict[str, Any]:
    found: dict[str, Any] = contract()["paths"][path][method]
    return found


def schema_of(node: Any) -> Any:
    """OpenAPI 3.0's `nullable`, as JSON Schema says it; references resolved."""
    if isinstance(node, list):
        return [schema_of(one) for one in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return schema_of(contract()["components"]["schemas"][node["$ref"].rsplit("/", 1)[1]])
    said = {key: schema_of(value) for key, value in node.items() if key != "nullable"}
    return {"anyOf": [said, {"type": "null"}]} if node.get("nullable") else said


def untrue(path: str, method: str, answer: Any) -> list[str]:
    """What the contract does not say of this answer."""
    known = described(path, method)["responses"].get(str(answer.status_code))
    if known is None:
        return [f"{answer.status_code} is not described: {answer.content[:200]!r}"]
    if answer.status_code == 204:
        return []
    media = answer["Content-Type"].partition(";")[0]
    if media not in known.get("content", {}):
        return [f"{answer.status_code} comes as {media}"]
    if (media == PROBLEM) != (answer.status_code >= 400):
        return [f"{answer.status_code} as {media}"]
    schema = schema_of(known["content"][media]["schema"])
    found = list(Draft202012Validator(schema).iter_errors(answer.json()))
    more = set(answer.json()) - set(schema.get("properties", {}))
    return [f"{answer.status_code}: {one.json_path} {one.message}" for one in found] + sorted(more)


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=lambda part: str(part).removeprefix("/api/v1/"))
def test_what_is_asked_well_is_answered_as_described(ground: Ground, path: str, method: str) -> None:
    where, body = ground.good(method, path)
    answer = ground.ask(method, where, body)
    assert answer.status_code in (200, 201, 204), answer.content
    assert str(answer.status_code) == min(described(path, method)["responses"])
    assert untrue(path, method, answer) == []


def bad_bodies(body: dict[str, Any], schema: dict[str, Any]) -> Iterator[tuple[Any, str]]:
    """(body, the field that is wrong)."""
    yield {**body, "surprise": 1}, "surprise"
    for name, known in schema["properties"].items():
        wrong = {"string": 5, "boolean": "yes", "integer": "5", "array": "x", "object": 5}
        yield {**body, name: wrong[known.get("type", "object")]}, name
        if "maxLength" in known:
            yield {**body, name: "x" * 20_000}, name
        if known.get("format") == "date-time":
            yield {**body, name: TUESDAY.strftime("%Y-%m-%dT%H:%M:%S")}, name
            yield {**body, name: True}, name


#: Was there before it had a body: nothing at all still means what it meant.
MAY_BE_EMPTY = {"/api/v1/desk/handovers/{handover_id}/accept"}


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=lambda part: str(part).removeprefix("/api/v1/"))
def test_what_is_asked_badly_is_refused_as_described(ground: Ground, path: str, method: str) -> None:
    operation, (where, body) = described(path, method), ground.good(method, path)
    tried = []
    if "security" in operation and {} not in operation["security"]:
        tried.append((ground.ask(method, where, body, token=False), 401))
    if "{" in path:
        lost = where.replace("/en", "/xx").replace("/home", "/xx")
        for part in where.split("/"):
            lost = lost.replace(part, NOBODYS) if len(part) == 36 else lost
        tried.append((ground.ask(method, lost, body), 404))
    if "requestBody" in operation:
        content = operation["requestBody"]["content"]["application/json"]
        malformed = ["[]", "null", "123", "{", "[" * 9999, *([] if path in MAY_BE_EMPTY else [""])]
        tried += [(ground.ask(method, where, raw=raw), 400) for raw in malformed]
        for wrong, name in bad_bodies(body or {}, schema_of(content["schema"])):
            answer = ground.ask(method, where, wrong)
            tried.append((answer, 422))
            assert any(one["field"].startswith(name) for one in answer.json().get("errors", [])), (
                name,
                wrong,
            )
    if method == "get" and operation.get("security"):
        asked = ["zzz=1"]
        if any(one["name"] == "limit" for one in operation["parameters"]):
            asked += ["limit=abc", "limit=-1", "limit=0", "limit=201", "offset=-1", "offset=x", "format=xml"]
        tried += [(ground.ask(method, f"{where}?{query}"), 422) for query in asked]
    assert tried or path == "/api/v1/door"
    for answer, status in tried:
        assert answer.status_code == status, answer.content
        assert answer.json()["type"].startswith("urn:lavterskel:problem:")
        assert untrue(path, method, answer) == []


def test_every_field_of_every_body_is_one_of_ours() -> None:
    """kernel.api.fields: exact types, refusals in the reader's language."""

    def all_of(kind: type[Strict]) -> Iterator[type[Strict]]:
        for one in kind.__subclasses__():
            yield one
            yield from all_of(one)

    foreign = [
        f"{body.__name__}.{name}"
        for body in all_of(Strict)
        for name, known in body().fields.items()
        if type(known).__module__ not in ("kernel.api.fields", "rest_framework.serializers")
        and not isinstance(known, Strict)
    ]
    assert foreign == []


def test_a_list_goes_on_where_it_says(ground: Ground) -> None:
    first = ground.ask("get", "/api/v1/setup/roles?limit=1").json()
    second = ground.ask("get", first["next"]).json()
    assert first["results"] != second["results"]


@pytest.mark.parametrize("language", ["nb", "nn", "sv", "da", "fi"])
def test_no_refusal_is_left_in_english(ground: Ground, language: str) -> None:
    client = ground.at(ground.world.alpha)
    setup.change_languages(languages=["nb", "nn", "sv", "da", "fi", "en"], default_language="nb", by=MACHINE)

    def refused(tongue: str, body: Any, key: str = "a-key-of-a-contract") -> dict[str, Any]:
        headers = {"accept-language": tongue, "idempotency-key": key}
        data = body if isinstance(body, str) else json.dumps(body)
        answer = client.post(
            "/api/v1/contact-requests", data, content_type="application/json", headers=headers
        )
        return answer.json()

    wrong = {
        "school": "x",
        "role": 5,
        "channel": {"kind": "pigeon", "value": 5},
        "message": "x" * 10_001,
        "a": 1,
    }
    only = {"school": "x", "role": None, "channel": {"kind": "pigeon", "value": 5}, "message": "x" * 10_001}
    for sent, key in ((wrong, "a-key-of-a-contract"), (only, "a-key-of-a-contract"), ("[]", "a-key-of-a-contract"),
                      ("{", "a-key-of-a-contract"), ({}, "a-key-of-a-contract"), ({}, "")):  # fmt: skip
        here, english = refused(language, sent, key), refused("en", sent, key)
        assert here["title"] != english["title"]
        assert here["detail"] != english["detail"]
        pairs = zip(here["errors"], english["errors"], strict=True)
        assert not [one for one, same in pairs if one["message"] == same["message"]]
