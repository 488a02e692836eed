"""Schools, roles, languages, guarantees, files, look."""

import base64
import binascii
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from kernel.errors import Conflict, Invalid
from tenants.setup import operations
from tenants.setup.api import bodies
from tenants.setup.api.base import SetupView, text_or_none, the_one
from tenants.setup.models import AttachmentRule, HelperRole, Language, ResponseGuarantee, School
from tenants.setup.queries import portal


def schools() -> Iterator[dict[str, Any]]:
    for row in School.objects.order_by("name", "pk"):
        yield {
            "id": str(row.pk),
            "name": row.name,
            "form": row.form,
            "simple_door": row.simple_door,
            "shows_faces": row.shows_faces,
            "register_code": row.register_code,
            "open": row.closed_on is None,
        }


class Schools(SetupView):
    @extend_schema(operation_id="setup_schools_list", responses=bodies.SchoolGiven(many=True))
    def get(self, request: Request) -> Response:
        """Every school, closed ones too."""
        return self.listed(request, schools())

    @extend_schema(request=bodies.NewSchool, responses={201: bodies.SchoolGiven})
    def post(self, request: Request) -> Response:
        """Open a door at a school."""
        made = operations.add_school(**self.read_body(bodies.NewSchool, request), by=self.actor)
        return Response(the_one(schools(), made), status=201)


class OneSchool(SetupView):
    @extend_schema(request=bodies.SchoolBody, responses=bodies.SchoolGiven)
    def patch(self, request: Request, school_id: UUID) -> Response:
        """Rename a school."""
        before = the_one(schools(), school_id)
        body = {key: before[key] for key in ("name", "form")} | self.some(bodies.SchoolBody, request)
        operations.rename_school(school_id=school_id, **body, by=self.actor)
        return Response(the_one(schools(), school_id))


class CloseSchool(SetupView):
    @extend_schema(request=None, responses=bodies.SchoolGiven)
    def post(self, request: Request, school_id: UUID) -> Response:
        """Take a school's door away. Requests under way stay."""
        self.read_nothing(request)
        operations.close_school(school_id=school_id, by=self.actor)
        return Response(the_one(schools(), school_id))


def roles() -> Iterator[dict[str, Any]]:
    for row in HelperRole.objects.order_by("order", "key"):
        yield {
            "id": str(row.pk),
            "key": row.key,
            "profession": row.profession,
            "names": row.names,
            "describes": row.describes,
            "keeps": row.keeps,
            "employer": text_or_none(row.employer_id),
            "order": row.order,
            "open": row.closed_on is None,
        }


class Roles(SetupView):
    @extend_schema(operation_id="setup_roles_list", responses=bodies.RoleGiven(many=True))
    def get(self, request: Request) -> Response:
        """Every role, in the order students meet them."""
        return self.listed(request, roles())

    @extend_schema(request=bodies.NewRole, responses={201: bodies.RoleGiven})
    def post(self, request: Request) -> Response:
        """A role of the municipality's own."""
        body = self.read_body(bodies.NewRole, request)
        body["employer_id"] = body.pop("employer", None)
        made = operations.add_role(**body, by=self.actor)
        return Response(the_one(roles(), made), status=201)


class OneRole(SetupView):
    @extend_schema(request=bodies.RoleBody, responses=bodies.RoleGiven)
    def patch(self, request: Request, role_id: UUID) -> Response:
        """Change what is sent; texts are sent whole, all languages at once."""
        body = self.some(bodies.RoleBody, request)
        kept = the_one(roles(), role_id)["employer"]
        body["employer_id"] = body.pop("employer", UUID(kept) if kept else None)
        operations.change_role(role_id=role_id, **body, by=self.actor)
        return Response(the_one(roles(), role_id))


class CloseRole(SetupView):
    @extend_schema(request=None, responses=bodies.RoleGiven)
    def post(self, request: Request, role_id: UUID) -> Response:
        """Students can no longer choose it."""
        self.read_nothing(request)
        operations.close_role(role_id=role_id, by=self.actor)
        return Response(the_one(roles(), role_id))


def languages() -> Iterator[dict[str, Any]]:
    reviewers = dict(Language.objects.values_list("code", "reviewed_by"))
    for one in portal().languages:
        yield {
            "id": one.code,
            "is_default": one.is_default,
            "reviewed": one.reviewed,
            "reviewed_by": reviewers.get(one.code, ""),
        }


class Languages(SetupView):
    @extend_schema(operation_id="setup_languages_list", responses=bodies.LanguageGiven(many=True))
    def get(self, request: Request) -> Response:
        """The languages students are offered."""
        return self.listed(request, languages())

    @extend_schema(request=bodies.NewLanguage, responses={201: bodies.LanguageGiven})
    def post(self, request: Request) -> Response:
        """Offer one more language."""
        code = self.read_body(bodies.NewLanguage, request)["code"]
        shown = portal()
        operations.change_languages(
            languages=[*shown.language_codes, code], default_language=shown.default_language, by=self.actor
        )
        return Response(the_one(languages(), code), status=201)


class OneLanguage(SetupView):
    @extend_schema(request=bodies.LanguageBody, responses=bodies.LanguageGiven)
    def patch(self, request: Request, code: str) -> Response:
        """Make it the default, or note who has reviewed it."""
        the_one(languages(), code)
        body = self.some(bodies.LanguageBody, request)
        if body.get("is_default"):
            codes = portal().language_codes
            operations.change_languages(languages=codes, default_language=code, by=self.actor)
        if "reviewed_by" in body:
            operations.review_language(code=code, reviewed_by=body["reviewed_by"], by=self.actor)
        return Response(the_one(languages(), code))


class CloseLanguage(SetupView):
    @extend_schema(request=None, responses=bodies.LanguageGiven(many=True))
    def post(self, request: Request, code: str) -> Response:
        """Offer it no longer. The default cannot go: choose another default first."""
        self.read_nothing(request)
        the_one(languages(), code)
        shown = portal()
        left = [one for one in shown.language_codes if one != code]
        if code == shown.default_language:
            raise Conflict(_("This is the default language. Choose another default first."))
        operations.change_languages(languages=left, default_language=shown.default_language, by=self.actor)
        return self.listed(request, languages())


def guarantees() -> Iterator[dict[str, Any]]:
    for row in ResponseGuarantee.objects.order_by("school_id", "role_id"):
        yield {
            "id": str(row.pk),
            "school": text_or_none(row.school_id),
            "role": text_or_none(row.role_id),
            "kind": row.kind,
            "amount": row.amount,
            "received_when_closed": row.received_when_closed,
        }


class Guarantees(SetupView):
    @extend_schema(operation_id="setup_guarantees_list", responses=bodies.GuaranteeGiven(many=True))
    def get(self, request: Request) -> Response:
        """Every promise; school and role null = for everybody. The narrowest wins."""
        return self.listed(request, guarantees())

    @extend_schema(request=bodies.NewGuarantee, responses={201: bodies.GuaranteeGiven})
    def post(self, request: Request) -> Response:
        """Promise this there (the same place again replaces what was promised)."""
        body = self.read_body(bodies.NewGuarantee, request)
        body["school_id"], body["role_id"] = body.pop("school", None), body.pop("role", None)
        made = operations.set_guarantee(**body, by=self.actor)
        return Response(the_one(guarantees(), made), status=201)


class OneGuarantee(SetupView):
    @extend_schema(request=bodies.GuaranteeBody, responses=bodies.GuaranteeGiven)
    def patch(self, request: Request, guarantee_id: UUID) -> Response:
        """Change a promise. Those already given stay."""
        before = the_one(guarantees(), guarantee_id)
        body: dict[str, Any] = {key: before[key] for key in ("kind", "amount", "received_when_closed")}
        body |= {key: UUID(before[name]) if before[name] else None for key, name in _PLACE}
        body |= self.some(bodies.GuaranteeBody, request)
        operations.set_guarantee(**body, by=self.actor)
        return Response(the_one(guarantees(), guarantee_id))


_PLACE = (("school_id", "school"), ("role_id", "role"))


class CloseGuarantee(SetupView):
    @extend_schema(request=None, responses=bodies.GuaranteeGiven(many=True))
    def post(self, request: Request, guarantee_id: UUID) -> Response:
        """Promise there what is promised around it again."""
        self.read_nothing(request)
        before = the_one(guarantees(), guarantee_id)
        place = {key: UUID(before[name]) if before[name] else None for key, name in _PLACE}
        operations.reset_guarantee(**place, by=self.actor)
        return self.listed(request, guarantees())


def files() -> Iterator[dict[str, Any]]:
    for row in AttachmentRule.objects.order_by(F("school_id").asc(nulls_first=True)):
        yield {"id": str(row.pk), "school": text_or_none(row.school_id), "who": row.who}


class Files(SetupView):
    @extend_schema(operation_id="setup_files_list", responses=bodies.FilesGiven(many=True))
    def get(self, request: Request) -> Response:
        """Who may send files; school null = everywhere. Nothing listed: nobody, until somebody chooses."""
        return self.listed(request, files())

    @extend_schema(request=bodies.NewFiles, responses={201: bodies.FilesGiven})
    def post(self, request: Request) -> Response:
        """Let these send files there (the same place again replaces it). What was sent before stays."""
        body = self.read_body(bodies.NewFiles, request)
        made = operations.set_attachments(who=body["who"], school_id=body.get("school"), by=self.actor)
        return Response(the_one(files(), made), status=201)


class OneFiles(SetupView):
    @extend_schema(request=bodies.FilesBody, responses=bodies.FilesGiven)
    def patch(self, request: Request, files_id: UUID) -> Response:
        """Let others send files there. What was sent before stays."""
        before = the_one(files(), files_id)
        who = self.some(bodies.FilesBody, request).get("who", before["who"])
        school_id = UUID(before["school"]) if before["school"] else None
        operations.set_attachments(who=who, school_id=school_id, by=self.actor)
        return Response(the_one(files(), files_id))


class CloseFiles(SetupView):
    @extend_schema(request=None, responses=bodies.FilesGiven(many=True))
    def post(self, request: Request, files_id: UUID) -> Response:
        """Let what holds everywhere hold at this school again."""
        self.read_nothing(request)
        before = the_one(files(), files_id)
        if before["school"] is None:
            raise Conflict(_("What holds everywhere can be changed, never removed."))
        operations.reset_attachments(school_id=UUID(before["school"]), by=self.actor)
        return self.listed(request, files())


def looks() -> Iterator[dict[str, Any]]:
    look = portal().look
    yield {
        "id": "look",
        "brand": look.brand,
        "logo_url": look.logo_url,
        "theme_url": look.theme_url,
        "show_names": look.show_names,
        "exit_url": look.exit_url,
    }


class Look(SetupView):
    @extend_schema(operation_id="setup_look_list", responses=bodies.LookGiven(many=True))
    def get(self, request: Request) -> Response:
        """The look: one."""
        return self.listed(request, looks())

    @extend_schema(request=bodies.LookBody, responses=bodies.LookGiven)
    def patch(self, request: Request) -> Response:
        """Change what is sent."""
        body = self.some(bodies.LookBody, request)
        if "logo" in body and body["logo"] is None:
            del body["logo"]
            operations.remove_logo(by=self.actor)
        elif "logo" in body:
            body["logo"] = _decoded(body["logo"])
        operations.change_look(**body, by=self.actor)
        return Response(next(looks()))


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Invalid(logo=_("Send the file in base64.")) from None
