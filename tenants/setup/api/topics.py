"""Topics, and the doors that are open to students of the other schools."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kernel.api.fields import Flag, Id, Many, Map, Text, Whole
from kernel.api.serializers import Strict
from kernel.errors import FieldError, Invalid
from tenants.setup import operations
from tenants.setup.api.base import SetupView, the_one
from tenants.setup.models import OutsideDoor
from tenants.setup.operations.topics import rules_now
from tenants.setup.queries import portal
from tenants.setup.topics import word_key


class TopicBody(Strict):
    roles = Many(child=Id(), required=False, help_text="the first one first; [] = whoever answers first")
    school = Id(required=False, help_text="these roles at this school alone")
    shown = Flag(required=False)
    order = Whole(required=False, min_value=0, max_value=99)
    texts = Map(child=Text(allow_blank=True), required=False, help_text="{language: own words}; empty = ours")


class TopicGiven(serializers.Serializer[Any]):
    id = serializers.CharField(help_text="the topic's key")
    roles = serializers.ListField(child=serializers.UUIDField())
    schools = serializers.DictField(help_text="{school: roles} where a school has an order of its own")
    shown = serializers.BooleanField()
    order = serializers.IntegerField()
    texts = serializers.DictField(child=serializers.CharField())


class DoorsBody(Strict):
    doors = Many(child=Map(child=Id()), help_text="[{school, role}], all of them")


class DoorGiven(serializers.Serializer[Any]):
    id = serializers.CharField()
    school = serializers.UUIDField()
    role = serializers.UUIDField()


def topics() -> Iterator[dict[str, Any]]:
    shown = portal()
    for number, rule in enumerate(rules_now()):
        own = {code: shown.sentence(word_key(rule.key), code) for code, _name in settings.LANGUAGES}
        yield {
            "id": rule.key,
            "roles": [str(one) for one in rule.roles_at(None)],
            "schools": {
                str(school): [str(one) for one in roles] for school, roles in rule.roles.items() if school
            },
            "shown": rule.is_shown,
            "order": number,
            "texts": {code: text for code, text in own.items() if text},
        }


class Topics(SetupView):
    @extend_schema(operation_id="setup_topics_list", responses=TopicGiven(many=True))
    def get(self, request: Request) -> Response:
        """What a student may say it is about, in the order they meet it, hidden ones too."""
        return self.listed(request, topics())


class OneTopic(SetupView):
    @extend_schema(request=TopicBody, responses=TopicGiven)
    def patch(self, request: Request, key: str) -> Response:
        """Change what is sent: roles (for everybody or one school), words, place, shown."""
        the_one(topics(), key)
        body = self.some(TopicBody, request)
        if "school" in body and "roles" not in body:
            raise Invalid([FieldError("roles", _("Say which roles it proposes at this school."))])
        if "roles" in body:
            school = body.get("school")
            operations.set_topic_roles(key=key, roles=body["roles"], school_id=school, by=self.actor)
        if "texts" in body:
            said = {(word_key(key), code): text for code, text in body["texts"].items()}
            operations.change_wordings(texts=said, by=self.actor)
        if "order" in body:
            others = [row["id"] for row in topics() if row["id"] != key]
            others.insert(body["order"], key)
            operations.order_topics(keys=others, by=self.actor)
        if "shown" in body:
            operations.show_topic(key=key, shown=body["shown"], by=self.actor)
        return Response(the_one(topics(), key))


class CloseTopic(SetupView):
    @extend_schema(request=None, responses=TopicGiven)
    def post(self, request: Request, key: str) -> Response:
        """Students no longer see it."""
        self.read_nothing(request)
        operations.show_topic(key=key, shown=False, by=self.actor)
        return Response(the_one(topics(), key))


def doors() -> Iterator[dict[str, Any]]:
    for row in OutsideDoor.objects.order_by("school__name", "role__order", "pk"):
        yield {"id": str(row.pk), "school": str(row.school_id), "role": str(row.role_id)}


class OutsideDoors(SetupView):
    @extend_schema(operation_id="setup_outside_doors_list", responses=DoorGiven(many=True))
    def get(self, request: Request) -> Response:
        """Who answers students of the other schools."""
        return self.listed(request, doors())

    @extend_schema(request=DoorsBody, responses=DoorGiven(many=True))
    def post(self, request: Request) -> Response:
        """Exactly these from now on."""
        wanted = self.read_body(DoorsBody, request)["doors"]
        if any(set(one) != {"school", "role"} for one in wanted):
            raise Invalid([FieldError("doors", _("Give each door as school and role."))])
        pairs: list[tuple[UUID, UUID]] = [(one["school"], one["role"]) for one in wanted]
        operations.set_outside_doors(doors=pairs, by=self.actor)
        return self.listed(request, doors())
