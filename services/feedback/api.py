"""Feedback as JSON, by receipt: whether it is asked, what was said, an answer, and to share it."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kernel.api.fields import Choice, Words
from services.contact import rules as words
from services.contact.api import ReceiptBody
from services.contact.api_receipts import ReceiptView
from services.contact.models import ContactRequest
from services.feedback import operations
from services.feedback.models import Feedback
from services.feedback.queries import about


class FeedbackAnswerBody(ReceiptBody):
    answer = Choice(choices=Feedback.Answer.choices)


class FeedbackShareBody(ReceiptBody):
    text = Words(limit=words.MESSAGE_LIMIT, tidy=words.tidy, too_long=words.too_long, required=False)


_GIVEN = inline_serializer(
    "ReceiptFeedbackGiven",
    {
        "is_asked": serializers.BooleanField(help_text="it is closed, and nothing was said of it yet"),
        "answer": serializers.ChoiceField(choices=Feedback.Answer.choices, allow_null=True),
        "is_shared": serializers.BooleanField(help_text="the adult who has the conversation can see it"),
    },
)
_NO_CODE = OpenApiResponse(description="Wrong, expired or another municipality's code: always the same.")
_OPEN = OpenApiResponse(description="The conversation is open, or nothing was answered that could be shared.")


def _given(case_id: UUID) -> dict[str, Any]:
    request = ContactRequest.objects.get(pk=case_id)
    known = about(request)
    return {
        "is_asked": request.state == ContactRequest.State.CLOSED and known is None,
        "answer": known.answer if known else None,
        "is_shared": known is not None and known.is_shared,
    }


class Standing(ReceiptView):
    """Whether it is asked, and what was said."""

    refuses = {"POST": (404,)}

    @extend_schema(
        summary="The feedback on a closed conversation, by its receipt",
        request=ReceiptBody,
        responses={200: _GIVEN, 404: _NO_CODE},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        _by, case_id = self.student(self.read_body(ReceiptBody, request))
        return Response(_given(case_id))


class Answer(ReceiptView):
    """Opens nothing: who still needs help says so with `receipts/messages`."""

    @extend_schema(
        summary="Say whether it helped, or skip",
        request=FeedbackAnswerBody,
        responses={200: _GIVEN, 404: _NO_CODE, 409: _OPEN},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        body = self.read_body(FeedbackAnswerBody, request)
        by, case_id = self.student(body)
        operations.answer(by=by, request_id=case_id, said=body["answer"])
        return Response(_given(case_id))


class Share(ReceiptView):
    """With words for the adult, or without."""

    @extend_schema(
        summary="Let the adult see the feedback",
        request=FeedbackShareBody,
        responses={200: _GIVEN, 404: _NO_CODE, 409: _OPEN},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        body = self.read_body(FeedbackShareBody, request)
        by, case_id = self.student(body)
        operations.share(by=by, request_id=case_id, text=body.get("text", ""))
        return Response(_given(case_id))
