"""The next door as JSON, by receipt: what is offered, a yes, and to wait (docs/how/guarantee.md)."""

from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kernel.api.fields import Choice, Id, Instant, Words
from services.contact import rules as words
from services.contact.api import ReceiptBody, iso
from services.contact.api_receipts import ReceiptView
from services.contact.models import ContactRequest, NextDoor
from services.contact.taking_over import left_without_anybody
from services.nextdoor import operations
from services.nextdoor.queries import Door, answer_to, left_out, offered, sent_by, what_broke
from tenants.setup.models import HelperRole
from tenants.setup.portal import text_in


class NextDoorBody(ReceiptBody):
    role = Id(help_text="one of those that are offered")
    shares = Choice(
        choices=[one for one in NextDoor.Shares.choices if one[0]],
        help_text="what the new door reads of what was written before",
    )
    text = Words(limit=words.MESSAGE_LIMIT, tidy=words.tidy, too_long=words.too_long, required=False)


_OFFERED: dict[str, Any] = {
    "id": serializers.CharField(),
    "name": serializers.CharField(),
    "keeps": serializers.CharField(help_text="what it can keep to itself, in the municipality's words"),
    "due_at": Instant(help_text="when it answers, if it is asked now"),
    "without": serializers.ListField(
        child=serializers.CharField(allow_null=True),
        help_text="who of it does not get it, because the student said no to them: names, null for who is not named",
    ),
}
_GIVEN = inline_serializer(
    "NextDoorGiven",
    {
        "broken_due_at": Instant(
            allow_null=True, help_text="None: nothing is broken now, and nothing is offered"
        ),
        "waits": serializers.BooleanField(help_text="the student has said that they wait"),
        "nobody_there": serializers.BooleanField(
            help_text="nothing is broken, and nobody is left who could answer: somebody is being found"
        ),
        "offered": inline_serializer("NextDoorOffered", _OFFERED, many=True),
        "asked": inline_serializer(
            "NextDoorAsked",
            {
                "name": serializers.CharField(),
                "instead_of": serializers.CharField(),
                "shares": serializers.ChoiceField(choices=["onward", "everything"]),
                "due_at": Instant(),
            },
            allow_null=True,
        ),
    },
)
_NO_CODE = OpenApiResponse(description="Wrong, expired or another municipality's code: always the same.")
_LOST = OpenApiResponse(
    description="An adult has answered meanwhile, it is closed, or another door was asked; `detail` says which."
)


def _given(case_id: UUID) -> dict[str, Any]:
    request, language = ContactRequest.objects.get(pk=case_id), get_language() or "en"
    broken = what_broke(request)
    said = answer_to(broken) if broken else None
    sent = sent_by(request) if request.is_open else None
    return {
        "broken_due_at": iso(broken.due_at) if broken else None,
        "waits": said is not None and said.to_role_id is None,
        "nobody_there": broken is None and left_without_anybody(request),
        "offered": [
            {
                "id": str(door.role.id),
                "name": door.role.name(language),
                "keeps": door.role.keep(language),
                "due_at": iso(door.due),
                "without": _without(door),
            }
            for door in (offered(request) if broken else [])
        ],
        "asked": _asked(sent, language) if sent else None,
    }


def _without(door: Door) -> list[str | None]:
    names, and_others = left_out(door)
    return [*names, None] if and_others else [*names]


def _asked(sent: NextDoor, language: str) -> dict[str, Any] | None:
    if sent.to_role is None or sent.promise is None:
        return None
    return {
        "name": _name(sent.to_role, language),
        "instead_of": _name(sent.from_role, language),
        "shares": sent.shares,
        "due_at": iso(sent.promise.due_at),
    }


def _name(role: HelperRole, language: str) -> str:
    return text_in(role.names, language) or role.key


class Offered(ReceiptView):
    """After a broken promise: which other roles may be asked, and which one was."""

    refuses = {"POST": (404,)}

    @extend_schema(
        summary="The next doors of a conversation, by its receipt",
        request=ReceiptBody,
        responses={200: _GIVEN, 404: _NO_CODE},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        _by, case_id = self.student(self.read_body(ReceiptBody, request))
        return Response(_given(case_id))


class Ask(ReceiptView):
    """The student's yes: the conversation goes to that role, with a new promise. The same again is fine."""

    @extend_schema(
        summary="Send a conversation on to the next door",
        request=NextDoorBody,
        responses={200: _GIVEN, 404: _NO_CODE, 409: _LOST},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        body = self.read_body(NextDoorBody, request)
        by, case_id = self.student(body)
        operations.ask(
            by=by, request_id=case_id, role_id=body["role"], shares=body["shares"], text=body.get("text", "")
        )
        return Response(_given(case_id))


class Wait(ReceiptView):
    """The student wants nobody else: nothing moves, and a yes can still be said."""

    refuses = {"POST": (404,)}

    @extend_schema(
        summary="Say no to the next doors, and wait",
        request=ReceiptBody,
        responses={200: _GIVEN, 404: _NO_CODE},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        by, case_id = self.student(self.read_body(ReceiptBody, request))
        operations.wait(by=by, request_id=case_id)
        return Response(_given(case_id))
