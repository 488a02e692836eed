"""Handing over and stepping aside as JSON: the same operations as the pages (docs/how/handover.md)."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kernel.api.fields import Choice, Flag, Id, Instant, Words
from kernel.api.parsing import is_empty
from kernel.api.serializers import Strict
from kernel.errors import FieldError, Invalid, NotFound
from services.contact import handover_queries as handovers
from services.contact import operations, rules
from services.contact.api import iso
from services.contact.models import Handover
from services.contact.operations import Opened, Receiver
from services.contact.operations.handing_over import REASON_LIMIT, SUMMARY_LIMIT
from services.contact.operations.recusing import UNDO_WITHIN
from services.desk import queries
from services.desk.api import DeskView


class OfferBody(Strict):
    """`person` or `role`; with `role` a school, the request's own unless said."""

    person = Id(required=False)
    role = Id(required=False)
    school = Id(required=False)
    reason = Words(limit=REASON_LIMIT, tidy=rules.tidy, too_long=rules.too_long)
    shares = Choice(choices=Handover.Shares.choices, required=False, default=Handover.Shares.NOTHING)
    agreement = Choice(choices=Handover.Agreement.choices, required=False, default=Handover.Agreement.NONE)
    summary = Words(limit=SUMMARY_LIMIT, tidy=rules.tidy, too_long=rules.too_long, required=False, default="")
    walk_along = Flag(required=False, default=False, help_text="the first talk is together")
    by_law = Flag(
        required=False,
        default=False,
        help_text="into another circle without the student's yes, where the law opens by the written reason",
    )


class DeclineBody(Strict):
    why = Words(limit=REASON_LIMIT, tidy=rules.tidy, too_long=rules.too_long, required=False, default="")


class AcceptBody(Strict):
    keep_meeting = Flag(
        required=False,
        help_text="whether you come to the agreed meeting (409 when you cannot); left out: if you can",
    )


def _fields() -> dict[str, Any]:
    return {
        "id": serializers.CharField(),
        "request": serializers.CharField(help_text="id"),
        "state": serializers.ChoiceField(choices=Handover.State.choices),
        "from_person": serializers.CharField(help_text="id of an account"),
        "from_role": serializers.CharField(help_text="id"),
        "from_school": serializers.CharField(help_text="id"),
        "to_person": serializers.CharField(allow_null=True, help_text="null: everybody of the role"),
        "to_role": serializers.CharField(help_text="id"),
        "to_school": serializers.CharField(help_text="id"),
        "accepted_by": serializers.CharField(allow_null=True, help_text="id of an account"),
        "shares": serializers.ChoiceField(choices=Handover.Shares.choices),
        "agreement": serializers.ChoiceField(choices=Handover.Agreement.choices),
        "walk_along": serializers.BooleanField(),
        "offered_at": Instant(),
        "accepted_at": Instant(allow_null=True),
        "contacted_at": Instant(allow_null=True),
        "ended_at": Instant(allow_null=True),
        "due_at": Instant(help_text="somebody has said yes and reached the student"),
        "reason": serializers.CharField(
            allow_null=True, help_text="for whom it was written, and who wrote it"
        ),
        "summary": serializers.CharField(allow_null=True),
    }


_HANDOVER = inline_serializer("DeskHandover", _fields())
_CHAIN = inline_serializer(
    "DeskHandovers",
    {"results": type(_HANDOVER)(many=True), "next": serializers.URLField(allow_null=True)},
)
_ASIDE = inline_serializer("DeskRecusal", {"undo_until": Instant()})
_UNDONE = inline_serializer("DeskRecusalUndone", {"mine": serializers.BooleanField()})
_NOT_FOUND = OpenApiResponse(description="Unknown, or none of your business: never told apart.")
_NOT_YOURS = OpenApiResponse(description="You hold no post today; or somebody else has it.")
_LOST = OpenApiResponse(
    description="Somebody was faster, it has moved on, or something is unread; `detail` says."
)
_FIELDS = OpenApiResponse(description="Fields that cannot be accepted, each with its remedy.")


def _item(handover: Handover, opened: Opened | None = None) -> dict[str, Any]:
    def one(found: UUID | None) -> str | None:
        return str(found) if found else None

    return {
        "id": str(handover.pk),
        "request": str(handover.request_id),
        "state": handover.state,
        "from_person": str(handover.from_account_id),
        "from_role": str(handover.from_role_id),
        "from_school": str(handover.from_school_id),
        "to_person": one(handover.to_account_id),
        "to_role": str(handover.to_role_id),
        "to_school": str(handover.to_school_id),
        "accepted_by": one(handover.accepted_by_id),
        "shares": handover.shares,
        "agreement": handover.agreement,
        "walk_along": handover.walk_along,
        "offered_at": iso(handover.offered_at),
        "accepted_at": iso(handover.accepted_at),
        "contacted_at": iso(handover.contacted_at),
        "ended_at": iso(handover.ended_at),
        "due_at": iso(handover.promise.due_at),
        "reason": opened.reason or None if opened else None,
        "summary": opened.summary or None if opened else None,
    }


class Handovers(DeskView):
    """Who had a request, and offering it to the next."""

    @extend_schema(
        operation_id="desk_handovers_list",
        summary="Every handover of a request, oldest first; what was written is opened for whom it was, and logged",
        responses={200: _CHAIN, 403: _NOT_YOURS, 404: _NOT_FOUND},
    )
    def get(self, request: Request, request_id: UUID) -> Response:
        row = queries.one(self.actor, request_id)
        if row is None:
            raise NotFound()
        offer = handovers.offer_to(self.actor, request_id)
        if not self.actor.holds(row.request.role_id, row.request.school_id) and offer is not None:
            opened = operations.read_offer(by=self.actor, request_id=request_id)
            return Response({"results": [_item(offer, opened)], "next": None})
        found = operations.read_chain(by=self.actor, request_id=request_id)
        rows = [_item(one, found.get(one.pk)) for one in handovers.chain(request_id)]
        return Response({"results": rows, "next": None})

    @extend_schema(
        summary="Offer a request you have to a person or a role; you answer until somebody accepts",
        request=OfferBody,
        responses={201: _HANDOVER, 403: _NOT_YOURS, 404: _NOT_FOUND, 409: _LOST, 422: _FIELDS},
    )
    def post(self, request: Request, request_id: UUID) -> Response:
        body = self.read_body(OfferBody, request)
        person, role = body.get("person"), body.get("role")
        if (person is None) == (role is None):
            raise Invalid([FieldError("person", "person or role")])
        row = queries.one(self.actor, request_id)
        if row is None:
            raise NotFound()
        school = body.get("school") or (row.request.school_id if role else None)
        try:
            handover = operations.offer_handover(
                by=self.actor,
                request_id=request_id,
                to=Receiver(person, role, school),
                reason=body["reason"],
                shares=body["shares"],
                agreement=body["agreement"],
                summary=body["summary"],
                walk_along=body["walk_along"],
                by_law=body["by_law"],
            )
        except Invalid as refused:
            named = "person" if person else "role"
            errors = [
                FieldError(named if one.field == "to" else one.field, one.message) for one in refused.errors
            ]
            raise Invalid(errors) from None
        return Response(_item(handover), status=201)


class _Answer(DeskView):
    """One answer to an offer. Again by the same person: the same answer."""

    act: ClassVar[Any]

    def answered(self, handover_id: UUID, **said: Any) -> Response:
        handover = type(self).act(by=self.actor, handover_id=handover_id, **said)
        return Response(_item(handover))


class Accept(_Answer):
    act = staticmethod(operations.accept_handover)

    @extend_schema(
        summary="Take it over: it is yours from now on; again by you is fine",
        request=AcceptBody,
        responses={200: _HANDOVER, 403: _NOT_YOURS, 404: _NOT_FOUND, 409: _LOST, 422: _FIELDS},
    )
    def post(self, request: Request, handover_id: UUID) -> Response:
        body = {} if is_empty(request) else self.read_body(AcceptBody, request)
        return self.answered(handover_id, keep_meeting=body.get("keep_meeting"))


class Decline(_Answer):
    act = staticmethod(operations.decline_handover)

    @extend_schema(
        summary="Say no, with or without a why; of a role the others are asked on",
        request=DeclineBody,
        responses={200: _HANDOVER, 403: _NOT_YOURS, 404: _NOT_FOUND, 409: _LOST, 422: _FIELDS},
    )
    def post(self, request: Request, handover_id: UUID) -> Response:
        return self.answered(handover_id, why=self.read_body(DeclineBody, request)["why"])


class Withdraw(_Answer):
    act = staticmethod(operations.withdraw_handover)

    @extend_schema(
        summary="Take an offer back",
        request=None,
        responses={200: _HANDOVER, 403: _NOT_YOURS, 404: _NOT_FOUND, 409: _LOST},
    )
    def post(self, request: Request, handover_id: UUID) -> Response:
        self.read_nothing(request)
        return self.answered(handover_id)


class Recuse(DeskView):
    """Stepping aside. No reason is asked."""

    @extend_schema(
        summary="I should not have this one: it is not there for me any more; undone for ten seconds",
        request=None,
        responses={200: _ASIDE, 403: _NOT_YOURS, 404: _NOT_FOUND},
    )
    def post(self, request: Request, request_id: UUID) -> Response:
        self.read_nothing(request)
        recusal = operations.recuse(by=self.actor, request_id=request_id)
        return Response({"undo_until": iso(recusal.at + UNDO_WITHIN)})


class UndoRecusal(DeskView):
    """It was a slip."""

    @extend_schema(
        summary="Undo it within ten seconds; `mine` says whether it is yours again",
        request=None,
        responses={200: _UNDONE, 403: _NOT_YOURS, 404: _NOT_FOUND, 409: _LOST},
    )
    def post(self, request: Request, request_id: UUID) -> Response:
        self.read_nothing(request)
        return Response({"mine": operations.undo_recusal(by=self.actor, request_id=request_id)})
