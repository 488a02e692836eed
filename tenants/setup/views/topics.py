"""/setup/topics/: what a student may say it is about, which role each proposes, and who answers students of another
school. Beside it what a student sees."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kernel.actor import Actor, actor_of
from tenants.setup import operations
from tenants.setup.forms import attempt
from tenants.setup.models import HelperRole
from tenants.setup.operations.topics import rules_now
from tenants.setup.portal import Portal
from tenants.setup.queries import portal
from tenants.setup.topic_forms import OutsideForm, TopicForm
from tenants.setup.topics import TOPICS, TopicRule, word_key
from tenants.setup.views.common import administrators, done, open_roles, open_schools, page, role_name


@administrators
def topics(request: HttpRequest) -> HttpResponse:
    """Every topic in its order with the roles it proposes; and the doors that are open to other schools."""
    form = _outside_form(request)
    if request.method == "POST" and form.is_valid():
        by = actor_of(request)
        if attempt(form, lambda: operations.set_outside_doors(doors=form.pairs(), by=by)):
            return done(request, _("Saved."), "topics")
    shown, roles = portal(), open_roles()
    rows = [_row(shown, rule, roles) for rule in rules_now()]
    return page(
        request, "topics", "topics", form=form, rows=rows, seen=[row for row in rows if row["is_shown"]]
    )


def _row(shown: Portal, rule: TopicRule, roles: list[HelperRole]) -> dict[str, Any]:
    names = {role.pk: role_name(role) for role in roles}
    proposed = [names[pk] for pk in rule.roles_at(None) if pk in names]
    return {
        "key": rule.key,
        "text": topic_text(shown, rule.key),
        "roles": " · ".join(proposed) or _("Whoever answers first"),
        "is_shown": rule.is_shown,
        "schools": len([school for school in rule.roles if school is not None]),
    }


def topic_text(shown: Portal, key: str) -> str:
    return shown.sentence(word_key(key), get_language() or "en") or str(TOPICS[key])


def _outside_form(request: HttpRequest) -> OutsideForm:
    places = [
        (f"{role.id}@{school.id}", f"{school.name}: {role.name(get_language() or 'en')}")
        for school in portal().schools
        for role in (*school.roles, *school.unstaffed)
        if school.has_people
    ]
    opened = [f"{role_id}@{school_id}" for school_id, role_id in portal().outside]
    posted = request.POST if request.method == "POST" else None
    return OutsideForm(posted, initial={"doors": opened}, places=places)


@administrators
def topic(request: HttpRequest, key: str) -> HttpResponse:
    """One topic: its words, and the roles it proposes. `?school=` chooses a school that proposes others."""
    if key not in TOPICS:
        raise Http404
    schools = {school.pk: school.name for school in open_schools()}
    school_id = _school(request.GET.get("school"), schools)
    rule, shown = next(one for one in rules_now() if one.key == key), portal()
    form = TopicForm(
        request.POST if request.method == "POST" else None,
        roles=[(str(role.pk), role_name(role)) for role in open_roles()],
        languages=shown.language_codes if school_id is None else (),
        topic=key,
        initial=_initial(shown, rule, school_id),
    )
    if request.method == "POST" and form.is_valid():
        by = actor_of(request)
        if attempt(form, lambda: _save(by, form, key, school_id)):
            return done(request, _("Saved."), "topics")
    return page(
        request,
        "topics",
        "topic",
        form=form,
        key=key,
        text=topic_text(shown, key),
        school_id=school_id or "",
        school_name=schools.get(school_id, "") if school_id else "",
        is_own=school_id in rule.roles if school_id else rule.is_own,
        exceptions=[(pk, name) for pk, name in schools.items() if pk in rule.roles],
        choose_schools=[("", _("All schools")), *((str(pk), name) for pk, name in schools.items())],
    )


def _school(text: str | None, known: dict[UUID, str]) -> UUID | None:
    if not text:
        return None
    found = next((pk for pk in known if str(pk) == text), None)
    if found is None:
        raise Http404
    return found


def _initial(shown: Portal, rule: TopicRule, school_id: UUID | None) -> dict[str, str]:
    roles = {f"role_{n}": str(pk) for n, pk in enumerate(rule.roles_at(school_id))}
    words = {f"text_{code}": shown.sentence(word_key(rule.key), code) for code in shown.language_codes}
    return roles | words


@transaction.atomic
def _save(by: Actor, form: TopicForm, key: str, school_id: UUID | None) -> None:
    if form.roles_changed():
        operations.set_topic_roles(key=key, roles=form.chosen(), school_id=school_id, by=by)
    if form.languages:
        operations.change_wordings(texts=form.words(), by=by)


@administrators
@require_POST
def move(request: HttpRequest, key: str) -> HttpResponse:
    """One place up or down."""
    operations.move_topic(key=key, up=request.POST.get("to") == "up", by=actor_of(request))
    return done(request, _("Moved."), "topics")


@administrators
@require_POST
def show(request: HttpRequest, key: str) -> HttpResponse:
    """Offer it to students, or no longer."""
    shown = request.POST.get("shown") == "yes"
    operations.show_topic(key=key, shown=shown, by=actor_of(request))
    return done(request, _("Students see it.") if shown else _("Students no longer see it."), "topics")


@administrators
@require_POST
def reset(request: HttpRequest, key: str) -> HttpResponse:
    """Propose there what is proposed around it again."""
    schools = {school.pk: school.name for school in open_schools()}
    school_id = _school(request.GET.get("school"), schools)
    operations.reset_topic_roles(key=key, school_id=school_id, by=actor_of(request))
    return done(request, _("Here the general order holds again."), "topics")
