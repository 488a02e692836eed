"""Who works here, with posts and leads."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from kernel.people.models import Account
from tenants.setup import operations
from tenants.setup.actors import today
from tenants.setup.api import bodies
from tenants.setup.api.base import SetupView, text_or_none, the_one
from tenants.setup.models import Lead, Post


def people() -> Iterator[dict[str, Any]]:
    """Accounts by name, with posts held today or to come."""
    posts: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for post in Post.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today())).order_by("starts_on"):
        posts[post.account_id].append(
            {
                "id": str(post.pk),
                "role": str(post.role_id),
                "school": str(post.school_id),
                "employer": text_or_none(post.employer_id),
                "starts_on": post.starts_on.isoformat(),
                "ends_on": post.ends_on.isoformat() if post.ends_on else None,
                "agreement": post.agreement,
            }
        )
    leads: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for lead in Lead.objects.all():
        leads[lead.account_id].append({"id": str(lead.pk), "school": text_or_none(lead.school_id)})
    for account in Account.objects.order_by("name", "pk"):
        yield {
            "id": str(account.pk),
            "name": account.name,
            "email": account.email,
            "is_administrator": account.is_administrator,
            "languages": account.speaks,
            "open": account.is_active,
            "posts": posts[account.pk],
            "leads": leads[account.pk],
        }


class PeopleView(SetupView):
    def give_posts(self, account_id: UUID, posts: list[dict[str, Any]]) -> None:
        for post in posts:
            operations.give_post(
                account_id=account_id,
                role_id=post["role"],
                school_id=post["school"],
                employer_id=post.get("employer"),
                starts_on=post.get("starts_on"),
                ends_on=post.get("ends_on"),
                agreement=post.get("agreement", ""),
                by=self.actor,
            )


class People(PeopleView):
    @extend_schema(operation_id="setup_people_list", responses=bodies.PersonGiven(many=True))
    def get(self, request: Request) -> Response:
        """Everybody, closed accounts too."""
        return self.listed(request, people())

    @extend_schema(request=bodies.NewPerson, responses={201: bodies.PersonGiven})
    def post(self, request: Request) -> Response:
        """Invite somebody by e-mail, with posts at once. The same address again is the same person."""
        body = self.read_body(bodies.NewPerson, request)
        posts = body.pop("posts", [])
        with transaction.atomic():
            made = operations.invite_person(**body, by=self.actor)
            self.give_posts(made, posts)
        return Response(the_one(people(), made), status=201)


class OnePerson(PeopleView):
    @extend_schema(request=bodies.PersonBody, responses=bodies.PersonGiven)
    def patch(self, request: Request, account_id: UUID) -> Response:
        """Give and end posts, set leads, appoint or dismiss as administrator. All or nothing."""
        before = the_one(people(), account_id)
        body = self.some(bodies.PersonBody, request)
        with transaction.atomic():
            for post_id in body.get("end_posts", []):
                the_one(before["posts"], post_id)
                operations.end_post(post_id=post_id, by=self.actor)
            self.give_posts(account_id, body.get("posts", []))
            if "leads" in body:
                self._set_leads(account_id, before, [one.get("school") for one in body["leads"]])
            if "languages" in body:
                spoken = body["languages"]
                operations.change_languages_spoken(account_id=account_id, languages=spoken, by=self.actor)
            if body.get("is_administrator") is True:
                operations.appoint_administrator(account_id=account_id, by=self.actor)
            elif body.get("is_administrator") is False:
                operations.dismiss_administrator(account_id=account_id, by=self.actor)
        return Response(the_one(people(), account_id))

    def _set_leads(self, account_id: UUID, before: dict[str, Any], wanted: list[UUID | None]) -> None:
        for lead in before["leads"]:
            if lead["school"] not in [text_or_none(one) for one in wanted]:
                operations.dismiss_lead(lead_id=UUID(lead["id"]), by=self.actor)
        for school_id in wanted:
            operations.appoint_lead(account_id=account_id, school_id=school_id, by=self.actor)


class ClosePerson(PeopleView):
    @extend_schema(request=None, responses=bodies.PersonGiven)
    def post(self, request: Request, account_id: UUID) -> Response:
        """End posts, leads and account at once. The last administrator stays (409)."""
        self.read_nothing(request)
        operations.close_person(account_id=account_id, by=self.actor)
        return Response(the_one(people(), account_id))
